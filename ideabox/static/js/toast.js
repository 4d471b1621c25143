/* One line at the bottom left, for eight seconds; it stays while it is read or focused. A live region repeats it. */
import { once, token } from "./once.js";

const LIFE_MS = 8000;
const region = () => document.querySelector("[data-toasts]");

export function announce(text) {
  const live = document.getElementById("live");
  if (!live || !text) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 60);
}

export function toast(text, { undo = null, kind = "message" } = {}) {
  const box = region();
  if (!box || !text) return;
  const line = document.createElement("div");
  line.className = "toast";
  line.dataset.toast = kind;
  const words = document.createElement("span");
  words.textContent = text;
  line.append(words);
  if (undo) line.append(undoForm(undo, box.dataset.undo));
  box.append(line);
  enhance(box.parentNode);
}

function undoForm(address, label) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  const key = document.createElement("input");
  key.type = "hidden";
  key.name = "csrf_token";
  key.value = token();
  const button = document.createElement("button");
  button.textContent = label;
  form.append(key, button);
  return form;
}

export function enhance(root) {
  once(root, "[data-toasts] [data-toast]", "toast", (line) => {
    announce(line.querySelector("span")?.textContent);
    if (line.dataset.toast === "error") addClose(line);
    else startClock(line);
  });
}

function addClose(line) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = region().dataset.close;
  button.addEventListener("click", () => line.remove());
  line.append(button);
}

function startClock(line) {
  let clock;
  const start = () => { clock = setTimeout(() => leave(line), LIFE_MS); };
  const stop = () => clearTimeout(clock);
  for (const name of ["mouseenter", "focusin"]) line.addEventListener(name, stop);
  for (const name of ["mouseleave", "focusout"]) line.addEventListener(name, () => { stop(); start(); });
  start();
}

function leave(line) {
  line.dataset.leaving = "";
  setTimeout(() => line.remove(), 240);
}

document.addEventListener("toast", (event) => {
  const { text, value, undo, kind } = event.detail ?? {};
  toast(text ?? value, { undo, kind });
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => toast(region()?.dataset.failed, { kind: "error" }));
}
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (!detail.xhr?.getResponseHeader("HX-Trigger")) toast(region()?.dataset.refused, { kind: "error" });
});

/* One line at the edge of the page, for eight seconds, an error for twenty; it stays while the mouse or the focus is on
   it. The same words are shown once. A live region repeats them. */
import { once, token } from "./once.js";

const LIFE_MS = { error: 20000 };
const USUAL_MS = 8000;
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
  forget(box, text);
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

function forget(box, text) {
  for (const line of box.querySelectorAll("[data-toast]")) if (line.querySelector("span")?.textContent === text) line.remove();
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
    startClock(line, LIFE_MS[line.dataset.toast] ?? USUAL_MS);
  });
}

function addClose(line) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = region().dataset.close;
  button.addEventListener("click", () => line.remove());
  line.append(button);
}

function startClock(line, life) {
  let clock;
  const isRead = () => line.matches(":hover, :focus-within");
  const start = () => {
    clearTimeout(clock);
    clock = setTimeout(() => (isRead() ? start() : leave(line)), life);
  };
  for (const name of ["mouseleave", "focusout"]) line.addEventListener(name, start);
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

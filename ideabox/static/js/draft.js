/* What is typed is kept on this device at once and on the server within two seconds; it outlives being signed out. */
import { fill, once, token } from "./once.js";
import { announce } from "./toast.js";

const EVERY_MS = 2000;
const KEEP_DAYS = 30;
const SENT = "draft-sent";
const person = document.body.dataset.person ?? "";
const nameOf = (form) => `draft:${person}:${form.dataset.draft}`;

export function enhance(root) {
  once(root, "form[data-draft]", "draft", (form) => {
    restore(form);
    watch(form);
  });
}

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !field.closest("[data-no-draft]"),
  );
}

const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
const keyOf = (field) => (["checkbox", "radio"].includes(field.type) ? `${field.name}=${field.value}` : field.name);
const snapshot = (form, read = valueOf) => Object.fromEntries(fields(form).map((field) => [keyOf(field), read(field)]));

/* What the page came with: one may have typed before this module was here. */
function asSent(field) {
  if (["checkbox", "radio"].includes(field.type)) return field.defaultChecked;
  if (!field.options) return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
}

function watch(form) {
  let last = JSON.stringify(snapshot(form, asSent));
  let onServer = last;
  let busy = false;
  const keep = () => {
    const now = JSON.stringify(snapshot(form));
    if (now === last) return;
    last = now;
    store(form, now);
  };
  const send = async (leaving = false) => {
    keep();
    if (!form.isConnected || busy || last === onServer || form.dataset.sent !== undefined) return;
    busy = true;
    const sent = last;
    const saved = await post(form, leaving);
    busy = false;
    if (saved) onServer = sent;
    say(form, saved);
  };
  // One may have typed, and even sent, before this module was here.
  if (form.querySelector("[aria-busy]")) remember(form);
  else keep();
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => remember(form));
  const clock = setInterval(() => (form.isConnected ? send() : clearInterval(clock)), EVERY_MS);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send(true));
}

function store(form, json) {
  try {
    localStorage.setItem(nameOf(form), JSON.stringify({ at: Date.now(), fields: JSON.parse(json) }));
  } catch {
    // A full or forbidden store leaves the server's copy, which the sentence then names alone.
  }
}

async function post(form, leaving) {
  if (!form.dataset.draftUrl) return true;
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  try {
    const answer = await fetch(form.dataset.draftUrl, {
      method: "POST", body: data, keepalive: leaving, redirect: "manual", headers: { "X-CSRFToken": token(), Accept: "application/json" },
    });
    if (answer.status === 409) form.dispatchEvent(new CustomEvent("draft:conflict"));
    return answer.ok;
  } catch {
    return false;
  }
}

function say(form, saved) {
  const place = document.querySelector("[data-draft-state]");
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  write(place, fill(saved ? form.dataset.draftSaved : form.dataset.draftLocal, { time }));
}

/* Only a sentence that changed is written: a live region is not repeated every two seconds. */
function write(place, sentence) {
  const words = place?.querySelector("span") ?? place;
  if (words && words.textContent !== sentence) words.textContent = sentence;
}

function stored(form) {
  try {
    const found = JSON.parse(localStorage.getItem(nameOf(form)) ?? "null");
    return found && Date.now() - found.at < KEEP_DAYS * 864e5 ? found : null;
  } catch {
    return null;
  }
}

/* The device's copy wins only over an older server copy; where the server gives no date, it fills empty fields alone. */
function restore(form) {
  // The server's text was chosen: the copy on this device must not come back over it.
  if (form.dataset.draftFresh !== undefined) return forget(form);
  const copy = stored(form);
  if (!copy) return;
  const dated = form.dataset.draftAt;
  if (dated && Date.parse(dated) >= copy.at) return;
  let changed = false;
  for (const field of fields(form)) {
    const value = copy.fields[keyOf(field)];
    if (value === undefined || valueOf(field) !== asSent(field) || value === valueOf(field) || (!dated && (typeof value === "boolean" || field.value))) continue;
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    changed = true;
  }
  const place = document.querySelector("[data-draft-state]");
  if (changed) write(place, form.dataset.draftRestored);
  if (changed) announce(form.dataset.draftRestored);
}

/* Once only: what is typed from here on outlives a reload again. */
function forget(form) {
  localStorage.removeItem(nameOf(form));
  history.replaceState(history.state, "", location.href.replace(/[?&]text=other/, ""));
}

/* A sent form is forgotten on the next signed-in page that does not show it again with errors. */
function remember(form) {
  form.dataset.sent = "";
  setTimeout(() => delete form.dataset.sent, 10000);
  store(form, JSON.stringify(snapshot(form)));
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
  sessionStorage.setItem(SENT, JSON.stringify([...new Set([...sent, nameOf(form)])]));
}

function forgetSent() {
  if (!person) return;
  const shown = [...document.querySelectorAll("form[data-draft]")].map(nameOf);
  for (const name of JSON.parse(sessionStorage.getItem(SENT) ?? "[]")) if (!shown.includes(name)) localStorage.removeItem(name);
  sessionStorage.removeItem(SENT);
}

forgetSent();

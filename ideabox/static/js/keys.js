/* Single keys. Off when the person says so (data-keys="off" on the root), while writing, and under a dialog. */
import { openCommands } from "./command.js";

const CHAIN_MS = 1200;
let chain = "";
let clock;

const isOff = () => document.documentElement.dataset.keys === "off";
const isWriting = (target) => target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable='true']");
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isOff() || isWriting(event.target) || document.querySelector("dialog[open]") || event.key.length !== 1) return;
  if (press(chain ? `${chain} ${event.key}` : event.key)) event.preventDefault();
});

function press(key) {
  clearTimeout(clock);
  chain = "";
  const own = { "/": search, "?": showHelp, j: () => moveRow(1), k: () => moveRow(-1), o: openRow }[key];
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(isSeen);
  if (target) return use(target);
  if (own) return own();
  if (!document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) return false;
  chain = key;
  clock = setTimeout(() => { chain = ""; }, CHAIN_MS);
  return true;
}

function use(target) {
  if (target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) target.focus();
  else target.click();
  return true;
}

function search() {
  openCommands();
  return true;
}

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter(isSeen);
}

function moveRow(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const row = all[Math.max(0, Math.min(all.length - 1, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))];
  const target = row.querySelector("[data-row-link]") ?? row.querySelector("a[href], button") ?? row;
  if (target === row) row.tabIndex = -1;
  target.focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function openRow() {
  const link = document.activeElement?.closest("[data-row]")?.querySelector("[data-row-link], a[href]");
  link?.click();
  return Boolean(link);
}

function showHelp() {
  const help = document.getElementById("key-help");
  if (!help) return false;
  const list = help.querySelector("[data-page-keys]");
  list.replaceChildren(...pageKeys().map(([key, label]) => line(key, label)));
  help.showModal();
  return true;
}

function pageKeys() {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    const label = element.getAttribute("aria-label") ?? (element.querySelector("b") ?? element.querySelector("span"))?.textContent ?? element.textContent;
    if (isSeen(element) && !found.has(element.dataset.key)) found.set(element.dataset.key, label.trim());
  }
  return found.entries().toArray?.() ?? [...found];
}

function line(key, label) {
  const row = document.createElement("div");
  const word = document.createElement("dt");
  const keys = document.createElement("dd");
  word.textContent = label;
  for (const part of key.split(" ")) keys.append(Object.assign(document.createElement("kbd"), { textContent: part }), " ");
  row.append(word, keys);
  return row;
}

/* Find or do: Ctrl K. A combobox over the person's commands; what is typed can always be looked for among the ideas. */
import { announce } from "./toast.js";

const menu = document.querySelector("[data-command]");
const input = menu?.querySelector("input");
const list = menu?.querySelector("[role=listbox]");
let commands = null;
let at = 0;

export function openCommands() {
  if (!menu) return;
  if (!menu.open) menu.showModal();
  input.value = "";
  input.focus();
  load().then(draw);
}

async function load() {
  if (commands) return;
  try {
    const answer = await fetch(document.body.dataset.commandsUrl, { headers: { Accept: "application/json" } });
    commands = answer.ok ? await answer.json() : [];
  } catch {
    commands = [];
  }
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function found(words) {
  const parts = plain(words).split(/\s+/).filter(Boolean);
  const fits = (commands ?? []).filter((command) => parts.every((part) => plain(command.label).includes(part)));
  if (!words) return fits;
  const address = `${menu.dataset.searchUrl}?q=${encodeURIComponent(words)}`;
  return [...fits, { group: menu.dataset.searchLabel, label: words, icon: "lightbulb", url: address }];
}

function draw() {
  const groups = Map.groupBy ? Map.groupBy(found(input.value.trim()), (command) => command.group) : grouped(found(input.value.trim()));
  list.replaceChildren(...[...groups].map(([name, inside], number) => group(name, inside, number)));
  at = 0;
  mark();
}

function grouped(all) {
  const groups = new Map();
  for (const command of all) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return groups;
}

function group(name, inside, number) {
  const box = document.createElement("div");
  const head = document.createElement("p");
  box.setAttribute("role", "group");
  box.setAttribute("aria-labelledby", `command-group-${number}`);
  head.id = `command-group-${number}`;
  head.textContent = name;
  box.append(head, ...inside.map(option));
  return box;
}

function option(command) {
  const link = document.createElement("a");
  link.setAttribute("role", "option");
  link.href = command.url;
  link.tabIndex = -1;
  if (command.voice) link.dataset.voice = command.voice;
  if (command.icon) link.append(icon(command.icon));
  link.append(Object.assign(document.createElement("span"), { textContent: command.label }));
  if (command.key) link.append(Object.assign(document.createElement("kbd"), { textContent: command.key }));
  return link;
}

function icon(name) {
  const sprite = menu.querySelector("use").getAttribute("href").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon icon-17");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

function mark() {
  const options = [...list.querySelectorAll("[role=option]")];
  options.forEach((each, number) => {
    each.id = `command-${number}`;
    each.setAttribute("aria-selected", String(number === at));
  });
  if (options[at]) {
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
    announce(menu.dataset.empty);
  }
}

function step(by) {
  const count = list.querySelectorAll("[role=option]").length;
  at = count ? (at + by + count) % count : 0;
  mark();
}

function onKey(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) step(by);
  else if (event.key === "Enter" && !event.isComposing) list.querySelector("[aria-selected=true]")?.click();
  else return;
  event.preventDefault();
}

if (menu) {
  input.addEventListener("input", draw);
  input.addEventListener("keydown", onKey);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    openCommands();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-command-open]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openCommands();
  });
}

/* <details> menus: one open at a time, arrows move, Escape closes and gives focus back. */
const items = (menu) => [...menu.querySelectorAll(".menu-list :is(a[href], button)")].filter((item) => item.checkVisibility());
const openMenu = () => document.querySelector("details[data-menu][open]");

function close(menu, giveBack = false) {
  menu.open = false;
  if (giveBack) menu.querySelector("summary").focus();
}

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details[data-menu][open]")) return;
  for (const other of document.querySelectorAll("details[data-menu][open]")) if (other !== event.target) close(other);
  stayInView(event.target);
}, true);

function stayInView(menu) {
  const list = menu.querySelector(".menu-list");
  if (getComputedStyle(list).position !== "absolute") return;
  menu.classList.toggle("menu-end", menu.classList.contains("menu-end") || list.getBoundingClientRect().right > innerWidth - 8);
}

document.addEventListener("click", (event) => {
  const menu = openMenu();
  if (menu && !menu.contains(event.target)) close(menu);
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]");
  if (!menu) return;
  if (event.key === "Escape" && menu.open) {
    close(menu, true);
    event.stopPropagation();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step && !["Home", "End"].includes(event.key)) return;
  if (!menu.open) menu.open = true;
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const next = step ? (at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length) : event.key === "Home" ? 0 : all.length - 1;
  all[next]?.focus();
  event.preventDefault();
});

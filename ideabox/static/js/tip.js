/* Label and key of a control that shows only its icon, on hover and focus; Escape puts it away. */
const WAIT_MS = 400;
let tip = null;
let clock;

function labelOf(control) {
  const hidden = control.matches(".btn-icon") || control.querySelector("span:not(.icon)")?.offsetWidth === 1;
  return control.dataset.tip ?? (hidden ? control.getAttribute("aria-label") ?? control.textContent.trim() : null);
}

function show(control) {
  const label = labelOf(control);
  if (!label || !control.isConnected) return;
  hide();
  tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("aria-hidden", "true");
  tip.append(label);
  if (control.dataset.key) tip.append(Object.assign(document.createElement("kbd"), { textContent: control.dataset.key }));
  document.body.append(tip);
  const box = control.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const below = box.bottom + 6 + own.height < innerHeight;
  tip.style.left = `${Math.max(8, Math.min(innerWidth - own.width - 8, box.left + box.width / 2 - own.width / 2))}px`;
  tip.style.top = `${below ? box.bottom + 6 : box.top - own.height - 6}px`;
}

function hide() {
  clearTimeout(clock);
  tip?.remove();
  tip = null;
}

const CONTROLS = "[data-tip], .btn-icon, .rail-box";
document.addEventListener("mouseover", (event) => {
  const control = event.target.closest?.(CONTROLS);
  clearTimeout(clock);
  if (control) clock = setTimeout(() => show(control), WAIT_MS);
  else hide();
});
document.addEventListener("focusin", (event) => {
  const control = event.target.closest?.(CONTROLS);
  if (control?.matches(":focus-visible")) show(control);
  else hide();
});
for (const name of ["focusout", "scroll", "click"]) document.addEventListener(name, hide, true);
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

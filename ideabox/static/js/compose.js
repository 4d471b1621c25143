/* The composer: Ctrl Enter sends, a draft changed in another window is told of at once. */
import { once } from "./once.js";

export function enhance(root) {
  once(root, "form[data-send-key]", "compose", (form) => {
    form.addEventListener("keydown", sendOnCtrlEnter);
    form.addEventListener("draft:conflict", () => tell(form));
  });
}

function sendOnCtrlEnter(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  const send = event.currentTarget.querySelector("button.btn-primary[type=submit]:not([aria-disabled])");
  send?.click();
}

/* Said once; what is typed stays on this device until one of the texts is chosen. */
function tell(form) {
  const place = document.querySelector(form.dataset.draftConflict);
  if (place) place.hidden = false;
}

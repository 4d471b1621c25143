/* What must be read first takes focus: an error summary, a heading that was swapped in. */
import { once } from "./once.js";
import { announce } from "./toast.js";

export function enhance(root) {
  once(root, "[data-focus]", "focus", (element) => element.focus());
  once(root, "[data-announce]", "announce", (element) => announce(element.dataset.announce));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  const target = field.matches("input, select, textarea, button") ? field : field.querySelector("input, select, textarea");
  (target ?? field).focus();
});

document.addEventListener("change", (event) => event.target.closest("form[data-submit-on-change]")?.requestSubmit());

/* What is left of a text's length, beside it; said aloud only when it is passed. */
import { fill, once } from "./once.js";
import { announce } from "./toast.js";

export function enhance(root) {
  once(root, "[data-limit]", "limit", (field) => {
    const place = document.querySelector(`[data-limit-for="${CSS.escape(field.id)}"]`);
    if (!place) return;
    let wasOver = false;
    const write = () => {
      const left = Number(field.dataset.limit) - [...field.value].length;
      const over = left < 0;
      place.textContent = fill(over ? place.dataset.overText : place.dataset.left, { n: Math.abs(left) });
      place.toggleAttribute("data-over", over);
      if (over && !wasOver) announce(place.textContent);
      wasOver = over;
    };
    field.addEventListener("input", write);
    if (field.value) write();
  });
}

/* Shows the replays one by one; with reduced motion they appear at once. */
import { calm, once } from "./once.js";

const STEP_MS = 90;

export function enhance(root) {
  once(root, "[data-replay-start]", "replay", (button) => {
    button.addEventListener("click", () => {
      const cells = document.querySelectorAll(`#${CSS.escape(button.dataset.replayStart)} span`);
      cells.forEach((cell, at) => {
        cell.hidden = false;
        cell.style.visibility = calm() ? "" : "hidden";
        if (!calm()) setTimeout(() => { cell.style.visibility = ""; }, STEP_MS * (at + 1));
      });
    });
  });
}

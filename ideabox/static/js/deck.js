/* The voting deck: focus goes to the new card, a swipe presses the answer that it stands for. */
import { calm, once } from "./once.js";

const FAR_PX = 90;

let arrived = false;

export function enhance(root) {
  once(root, "[data-deck]", "deck", (card) => {
    if (arrived) enter(card);
    listenSwipe(card);
  });
  arrived = true;
}

function enter(card) {
  if (!calm()) card.dataset.entering = "";
  card.focus({ preventScroll: true });
}

function listenSwipe(card) {
  let start = null;
  card.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !event.target.closest("a, button")) start = event;
  });
  card.addEventListener("pointermove", (event) => {
    if (start && !calm()) card.style.transform = `translateX(${event.clientX - start.clientX}px)`;
  });
  const end = (event) => {
    if (!start) return;
    const [across, up] = [event.clientX - start.clientX, start.clientY - event.clientY];
    start = null;
    card.style.transform = "";
    if (event.type === "pointercancel" || Math.abs(across) < FAR_PX || Math.abs(across) < Math.abs(up)) return;
    answer(across > 0 ? "good" : "no");
  };
  card.addEventListener("pointerup", end);
  card.addEventListener("pointercancel", end);
}

function answer(value) {
  document.querySelector(`.votes button[value="${value}"]:not([aria-disabled="true"])`)?.click();
}

/* Tells the server once that an idea is before somebody's eyes: in view, in a page that is looked at. */
import { once, token } from "./once.js";

export function enhance(root) {
  once(root, "[data-show-url]", "shown", watch);
}

function watch(element) {
  const watcher = new IntersectionObserver((seen) => {
    if (document.visibilityState !== "visible" || !seen.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    tell(element.dataset.showUrl);
  });
  watcher.observe(element);
  document.addEventListener("visibilitychange", () => {
    watcher.unobserve(element);
    if (element.isConnected) watcher.observe(element);
  }, { once: true });
}

/* Once told, the answer need not bring the place along, which it does for browsers without scripts. */
async function tell(address) {
  const headers = { "X-CSRFToken": token() };
  const answer = await fetch(address, { method: "POST", keepalive: true, headers }).catch(() => null);
  const path = new URL(address, location).pathname.replace("/shown", "/vote");
  if (answer?.ok) document.querySelector(`.votes[action="${path}"] input[name="slot"]`)?.remove();
}

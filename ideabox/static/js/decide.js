/* Another idea is explained beside the list without leaving one's place in it. On narrow screens the link leads there. */
import { once } from "./once.js";

const WIDE = "(min-width: 1024px)";

export function enhance(root) {
  once(root, "a[data-why]", "why", (link) => link.addEventListener("click", (event) => choose(event, link)));
}

async function choose(event, link) {
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || !matchMedia(WIDE).matches) return;
  event.preventDefault();
  const found = await fetched(link.href);
  if (found) show(found, link.href);
  else location.assign(link.href);
}

async function fetched(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.ok && page.getElementById("ranking");
  } catch {
    return null;
  }
}

function show(found, address) {
  document.getElementById("ranking").replaceWith(document.importNode(found, true));
  history.replaceState(null, "", address.split("#")[0]);
  const same = [...document.querySelectorAll("a[data-why]")].find((link) => link.href === address);
  same?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("htmx:afterSettle"));
}

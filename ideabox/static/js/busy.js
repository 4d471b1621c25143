/* A form is sent once: the button says what is going on, and a second press does nothing. */
const sending = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.method === "get") return;
  if (sending.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sending.add(form);
  const button = event.submitter;
  setTimeout(() => (event.defaultPrevented && !isHtmx(form) ? free(form) : say(button)), 0);
}, true);

const isHtmx = (form) => form.matches("[hx-post], [hx-put], [hx-delete], [hx-patch], [data-hx-post]");

function say(button) {
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  if (!button.dataset.busy) return;
  button.style.minWidth = `${button.offsetWidth}px`;
  const words = button.querySelector("span") ?? button;
  button.dataset.rest = words.textContent;
  words.textContent = button.dataset.busy;
}

function free(form) {
  sending.delete(form);
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    if (button.dataset.rest) (button.querySelector("span") ?? button).textContent = button.dataset.rest;
  }
}

const freeSender = (event) => {
  const form = event.target.closest?.("form");
  if (form) free(form);
};
document.addEventListener("htmx:afterRequest", freeSender);
document.addEventListener("htmx:after:request", freeSender);
addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form").forEach(free));

document.addEventListener("click", (event) => {
  if (event.target.closest("[aria-disabled='true']")) event.preventDefault();
}, true);

/* A question that unfolds in the page becomes a modal where scripts run. */
function modalOf(fold) {
  if (fold.modal) return fold.modal;
  const body = fold.querySelector("[data-dialog-body]");
  const modal = document.createElement("dialog");
  modal.className = body.className;
  modal.setAttribute("aria-labelledby", body.getAttribute("aria-labelledby"));
  modal.append(...body.childNodes);
  body.remove();
  fold.after(modal);
  fold.modal = modal;
  return modal;
}

export function show(modal) {
  if (!modal.open) modal.showModal();
}

document.addEventListener("click", (event) => {
  const summary = event.target.closest("details[data-dialog] > summary");
  if (summary) {
    event.preventDefault();
    show(modalOf(summary.parentElement));
    return;
  }
  const opener = event.target.closest("[data-dialog-open]");
  const named = opener && document.getElementById(opener.dataset.dialogOpen);
  if (named) show(named);
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
  if (event.target.matches("dialog[open]") && outside(event)) event.target.close();
});

function outside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

for (const fold of document.querySelectorAll("details[data-dialog][open]")) {
  fold.open = false;
  show(modalOf(fold));
}

/* A theme or density is seen while it is chosen; the form keeps the choice. */
document.addEventListener("change", (event) => {
  const { name, value } = event.target;
  const root = document.documentElement;
  if (!event.target.closest("[data-look]")) return;
  if (name === "theme") root.dataset.theme = value === "system" ? "" : value;
  if (name === "density") root.dataset.density = value;
});

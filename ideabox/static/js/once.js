/* Elements are enhanced once, however often a page is swapped in part. */
const done = new WeakMap();

export function once(root, selector, name, enhance) {
  for (const element of root.querySelectorAll(selector)) {
    const names = done.get(element) ?? new Set();
    if (names.has(name)) continue;
    done.set(element, names.add(name));
    enhance(element);
  }
}

export const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function fill(sentence, values) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

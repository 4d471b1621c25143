/* Brings the small modules together. Pages work without any of this. */
import "./csrf.js";
import "./menu.js";
import "./dialog.js";
import "./busy.js";
import "./command.js";
import "./keys.js";
import "./tip.js";
import "./theme.js";
import { enhance as toasts } from "./toast.js";
import { enhance as focus } from "./focus.js";

/* Fetched only where a page holds what they act on. */
const rare = {
  "[data-limit]": () => import("./limit.js"),
  "form[data-draft]": () => import("./draft.js"),
  "form[data-send-key]": () => import("./compose.js"),
  "[data-deck]": () => import("./deck.js"),
  "[data-show-url]": () => import("./shown.js"),
  "[data-replay-start]": () => import("./replay.js"),
  "[data-why]": () => import("./decide.js"),
};

function enhanceAll() {
  toasts(document);
  focus(document);
  for (const [selector, fetchModule] of Object.entries(rare)) {
    if (document.querySelector(selector)) fetchModule().then(({ enhance }) => enhance(document));
  }
}

enhanceAll();
if (sessionStorage.getItem("draft-sent")) import("./draft.js");
document.addEventListener("htmx:afterSettle", enhanceAll);
document.addEventListener("htmx:after:settle", enhanceAll);

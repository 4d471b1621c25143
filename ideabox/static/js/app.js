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
import { enhance as limits } from "./limit.js";
import { enhance as drafts } from "./draft.js";
import { enhance as decks } from "./deck.js";
import { enhance as focus } from "./focus.js";
import { enhance as replays } from "./replay.js";

const enhancers = [toasts, limits, drafts, replays, decks, focus];
const enhanceAll = () => enhancers.forEach((enhance) => enhance(document));

enhanceAll();
document.documentElement.dataset.ready = "";
document.addEventListener("htmx:afterSettle", enhanceAll);
document.addEventListener("htmx:after:settle", enhanceAll);

// A titled box on an order's page.

import { h } from "./dom.js";
import { t } from "./words.js";

/** A box whose title is the words for `title`. */
export function card(title, ...children) {
  return h("section", { class: "card" }, h("h2", {}, t(title)), children);
}

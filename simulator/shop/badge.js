// An order's state in one word.

import { h } from "./dom.js";
import { t } from "./words.js";

/** The state as a coloured word, with a second one when the parcel is late. */
export function stateBadge(order) {
  return h(
    "span",
    { class: "badges" },
    h("span", { class: `badge ${order.state}` }, t(`state.${order.state}`)),
    order.is_late ? h("span", { class: "badge late" }, t("order.late")) : null,
  );
}

// An order's state in one word.

import { h } from "./dom.js";
import { t } from "./words.js";

/** The state as a coloured word, with others when it is late or something goes back. */
export function stateBadge(order) {
  return h(
    "span",
    { class: "badges" },
    h("span", { class: `badge ${order.state}` }, t(`state.${order.state}`)),
    order.return_state && order.state !== "returned"
      ? h("span", { class: "badge returned" }, t("order.return", { state: t(`return.state.${order.return_state}`) }))
      : null,
    order.is_late ? h("span", { class: "badge late" }, t("order.late")) : null,
  );
}

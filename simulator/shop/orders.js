// The list of orders, with its search and filters.

import { h, notice } from "./dom.js";
import { drawOrder } from "./order.js";
import { stateBadge } from "./badge.js";
import { findOrders } from "./client.js";
import { currentLanguage, money, shortInstant, t } from "./words.js";

export const STATES = [
  "awaiting_payment",
  "paid",
  "preparing",
  "shipped",
  "in_transit",
  "out_for_delivery",
  "delivered",
  "returned",
  "cancelled",
];
const PAGE = 50;
const TYPING_MS = 150;

const asked = { search: "", state: "" };
let found = { orders: [], total: 0, counts: {} };
let round = 0;
let chosen = "";
let drawnIn = "";
let filters;
let list;
let detail;

/** Fills the page with the list, and the order `number` beside it. */
export function showOrders(page, number) {
  chosen = number;
  page.classList.toggle("open", Boolean(number));
  // Another order in the same list: the list stays where it was scrolled to.
  if (page.contains(list) && drawnIn === currentLanguage()) markChosen();
  else drawSide(page);
  detail.replaceChildren();
  detail.dataset.wanted = "";
  detail.scrollTop = 0;
  if (number) drawOrder(detail, number, refresh);
  else detail.append(h("p", { class: "empty" }, t("orders.choose")));
}

function drawSide(page) {
  drawnIn = currentLanguage();
  filters = h("div", { class: "filters", role: "group", "aria-label": t("filter") });
  list = h("div", { class: "list" });
  detail = h("section", { class: "detail" });
  page.replaceChildren(
    h("section", { class: "side" }, h("div", { class: "asking" }, searchBox(), filters), list),
    detail,
  );
  load();
}

function markChosen() {
  for (const line of list.querySelectorAll(".row")) {
    if (line.dataset.number === chosen) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
}

function searchBox() {
  let typing;
  return h("input", {
    type: "search",
    value: asked.search,
    placeholder: t("search"),
    "aria-label": t("search.label"),
    "data-testid": "search",
    oninput: (event) => {
      asked.search = event.target.value;
      clearTimeout(typing);
      typing = setTimeout(() => load(), TYPING_MS);
    },
  });
}

/** Asks again for as much as is shown, after an order has moved. */
async function refresh() {
  const scrolled = list.scrollTop;
  await load(Math.max(PAGE, found.orders.length));
  list.scrollTop = scrolled;
}

async function load(limit = PAGE) {
  round += 1;
  const mine = round;
  try {
    const answer = await findOrders(asked.search, asked.state, 0, limit);
    if (mine !== round) return;
    found = answer;
    drawFilters();
    drawList();
  } catch {
    notice(t("error"), true);
  }
}

async function loadMore() {
  const mine = round;
  const answer = await findOrders(asked.search, asked.state, found.orders.length, PAGE);
  if (mine !== round) return;
  const scrolled = list.scrollTop;
  found = { ...answer, orders: [...found.orders, ...answer.orders] };
  drawList();
  list.scrollTop = scrolled;
}

function drawFilters() {
  const names = ["", "late", ...STATES];
  filters.replaceChildren(
    ...names.map((name) => {
      const label = name === "" ? t("filter.all") : name === "late" ? t("filter.late") : t(`state.${name}`);
      return h(
        "button",
        {
          type: "button",
          class: "chip",
          "aria-pressed": String(asked.state === name),
          "data-testid": `filter-${name || "all"}`,
          onclick: () => {
            asked.state = name;
            load();
          },
        },
        label,
        h("span", {}, String(found.counts[name] ?? 0)),
      );
    }),
  );
}

function drawList() {
  const count = found.total === 1 ? t("orders.one") : t("orders.count", { n: found.total });
  list.replaceChildren(
    h("p", { class: "count", "data-testid": "count" }, found.total ? count : t("orders.none")),
    ...found.orders.map(row),
  );
  if (found.orders.length < found.total) {
    list.append(
      h("button", { type: "button", class: "more", onclick: loadMore, "data-testid": "more" }, t("orders.more")),
    );
  }
}

function row(order) {
  return h(
    "a",
    {
      class: "row",
      href: `#/orders/${order.number}`,
      "aria-current": order.number === chosen ? "true" : null,
      "data-testid": "order-row",
      "data-number": order.number,
    },
    h("span", { class: "number" }, order.number),
    h("span", { class: "name" }, order.name),
    h("time", { datetime: order.placed_at }, shortInstant(order.placed_at)),
    stateBadge(order),
    h("span", { class: "amount" }, money(order.total)),
  );
}

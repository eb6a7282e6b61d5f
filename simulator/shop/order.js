// One order: what is in it, where it is, and the buttons that move it along.

import { address, changes, payments, returns } from "./afterwards.js";
import { card } from "./card.js";
import { h, notice, picture } from "./dom.js";
import { stateBadge } from "./badge.js";
import { delayOrder, moveOrder, readOrder } from "./client.js";
import { day, instant, money, t } from "./words.js";

const STEPS = ["awaiting_payment", "paid", "preparing", "shipped", "in_transit", "out_for_delivery", "delivered"];
const DAYS_LATE = 2;

/** Draws the order into `box`; `changed` is called after each move. */
export async function drawOrder(box, number, changed) {
  box.dataset.wanted = number;
  try {
    const page = await readOrder(number);
    // Somebody quick has gone on to another order in the meantime.
    if (box.dataset.wanted === number) fill(box, page, changed);
  } catch (error) {
    if (error.status === 404) box.replaceChildren(backLink(), h("p", { class: "empty" }, t("order.missing")));
    else notice(t("error"), true);
  }
}

function fill(box, page, changed) {
  const move = (act, said) => async () => {
    try {
      const moved = await act();
      if (box.dataset.wanted === page.number) fill(box, moved, changed);
      notice(said());
    } catch (error) {
      notice(t(error.status === 409 ? "error.moved" : "error"), true);
      if (box.dataset.wanted === page.number) drawOrder(box, page.number, changed);
    }
    changed();
  };
  const hadFocus = box.contains(document.activeElement) && document.activeElement.closest(".moves");
  box.replaceChildren(
    backLink(),
    h(
      "article",
      { class: "order", "data-testid": "order-page", "data-number": page.number, "data-state": page.state },
      heading(page),
      steps(page),
      moves(page, move),
      returns(page, move),
      h("div", { class: "columns" },
        h("div", {}, items(page), payments(page), history(page)),
        h("div", {}, parcel(page), address(page), contact(page), changes(page))),
    ),
  );
  // Who moves an order with the keyboard can go on with the next step.
  if (hadFocus) (box.querySelector(".moves button") ?? box.querySelector("h1")).focus();
}

function backLink() {
  return h("a", { class: "back", href: "#/orders" }, `‹ ${t("order.back")}`);
}

function heading(page) {
  return h(
    "header",
    {},
    h("h1", { tabindex: "-1" }, t("order", { n: page.number })),
    h("span", { "data-testid": "order-state" }, stateBadge(page)),
    h("p", {}, t("order.placed", { when: instant(page.placed_at) })),
  );
}

function steps(page) {
  const reached = new Set(page.history.map((step) => step.state));
  return h(
    "ol",
    { class: `steps ${page.state}` },
    STEPS.map((state) =>
      h(
        "li",
        { class: reached.has(state) ? "done" : null, "aria-current": state === page.state ? "step" : null },
        t(`state.${state}`),
      ),
    ),
  );
}

function moves(page, move) {
  const buttons = page.moves.map((state, position) => {
    const act = () => moveOrder(page.number, state);
    const said = () => t("move.done", { n: page.number, state: t(`state.${state}`) });
    const look = position === 0 && state !== "returned" ? "primary" : state === "cancelled" ? "danger" : null;
    return h(
      "button",
      { type: "button", class: look, onclick: move(act, said), "data-testid": `move-${state}` },
      t(`move.${state}`),
    );
  });
  if (page.can_be_late && !page.is_late) {
    const act = () => delayOrder(page.number, DAYS_LATE);
    const said = () => t("move.late.done", { n: page.number });
    buttons.push(
      h("button", { type: "button", onclick: move(act, said), "data-testid": "make-late" }, t("move.late")),
    );
  }
  if (!buttons.length) return h("p", { class: "settled" }, t("order.settled"));
  return h("div", { class: "moves", role: "group", "aria-label": t("order.moves") }, buttons);
}

function items(page) {
  const lines = page.order.items.map((item, position) => {
    const [name, tint] = page.pictures[position];
    const size = /^\d|^[PMG]/.test(item.size) ? t("order.size", { size: item.size }) : item.size;
    const details = [item.color, size, `× ${item.quantity}`];
    return h(
      "li",
      {},
      h("span", { class: "tile" }, picture(name, tint)),
      h("span", { class: "what" }, h("b", {}, item.name), h("small", {}, details.join(" · "))),
      h("span", { class: "amount" }, money(item.unit_price)),
    );
  });
  const fee = Number(page.delivery_fee.amount) ? money(page.delivery_fee) : t("order.free");
  return card(
    "order.items",
    h("ul", { class: "items" }, lines),
    h("dl", { class: "sums" },
      h("dt", {}, t("order.delivery")), h("dd", {}, fee),
      h("dt", {}, t("order.total")), h("dd", { class: "total" }, money(page.order.total))),
  );
}

function parcel(page) {
  const [shipment] = page.order.shipments;
  if (!shipment) {
    return page.moves.length ? card("order.parcel", h("p", {}, t("order.noparcel", { carrier: page.carrier }))) : null;
  }
  const promise = shipment.delivered_at
    ? t("order.arrived", { when: instant(shipment.delivered_at) })
    : t("order.eta", { day: day(shipment.eta) });
  return card(
    "order.parcel",
    h("p", { class: page.is_late ? "promise late" : "promise" }, promise),
    h("p", {}, shipment.last_event, h("small", {}, instant(shipment.last_event_at))),
    h("p", { class: "tracking" },
      h("span", {}, `${shipment.carrier} `, h("code", {}, shipment.number)),
      h("a", { href: shipment.url, target: "_blank", rel: "noreferrer" }, t("order.track"))),
    page.order.returnable_items.length ? h("p", { class: "hint" }, t("order.returnable")) : null,
  );
}

function contact(page) {
  return card(
    "order.contact",
    h("p", {}, h("b", {}, page.name), h("small", {}, `${page.city} · ${t(`order.speaks.${page.language}`)}`)),
    h("p", {}, page.phone ?? h("em", {}, t("order.nophone"))),
    h("p", {}, page.email),
  );
}

function history(page) {
  const rows = [...page.history].reverse().map((step) =>
    h("li", {}, h("span", {}, t(`state.${step.state}`)), h("time", { datetime: step.at }, instant(step.at))),
  );
  return card("order.history", h("ol", { class: "history" }, rows));
}

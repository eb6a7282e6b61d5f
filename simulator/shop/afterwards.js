// What comes after an order was placed: its money, its returns, and who changed what.

import { h } from "./dom.js";
import { moveReturn } from "./client.js";
import { card } from "./card.js";
import { day, instant, money, t } from "./words.js";

/** The returns of an order, each with the buttons that move it along. */
export function returns(page, move) {
  return page.returns.map((one) =>
    card(
      "return.title",
      h("p", { class: "promise", "data-testid": "return-state", "data-state": one.state },
        `${one.number} · ${t(`return.state.${one.state}`)}`),
      h("p", {}, one.names.join(", "), h("small", {}, why(one))),
      one.rejected_because.pt ? h("p", {}, one.rejected_because[page.language]) : null,
      h("p", {}, outcome(one)),
      one.post_by && one.state === "label_sent" ? h("p", { class: "hint" }, t("return.post_by", { day: day(one.post_by) })) : null,
      buttons(one, move),
    ),
  );
}

function why(one) {
  const said = [t(`return.kind.${one.kind}`), t(`return.basis.${one.basis}`)];
  if (one.reason !== "none") said.push(t(`return.reason.${one.reason}`));
  if (one.photos) said.push(t("return.photos", { n: one.photos }));
  return said.join(" · ");
}

function outcome(one) {
  if (one.replacement_order) return h("a", { href: `#/orders/${one.replacement_order}` }, t("return.replaced", { n: one.replacement_order }));
  if (one.kind === "exchange") return one.items.map((item) => t("return.instead", { size: item.new_size, color: item.new_color })).join(", ");
  return t("return.worth", { amount: money(one.refund) });
}

function buttons(one, move) {
  if (!one.moves.length) return null;
  const all = one.moves.map((state, position) => {
    const act = () => moveReturn(one.number, state);
    const said = () => `${one.number}: ${t(`return.state.${state}`)}.`;
    const look = ["rejected", "cancelled"].includes(state) ? "danger" : position === 0 ? "primary" : null;
    return h("button", { type: "button", class: look, onclick: move(act, said), "data-testid": `return-${state}` }, t(`return.move.${state}`));
  });
  return h("div", { class: "moves", role: "group", "aria-label": t("return.title") }, all);
}

/** What was paid and what goes back. */
export function payments({ money: till }) {
  const paid = till.payments.map((one) =>
    h("li", {},
      h("span", {}, `${t(`money.method.${one.method}`)} · ${t(`money.state.${one.state}`)}`,
        one.refusal ? h("small", {}, t(`money.refusal.${one.refusal}`)) : null),
      h("span", { class: "amount" }, money(one.amount))),
  );
  const back = till.refunds.map((one) =>
    h("li", { class: one.state === "failed" ? "late" : null },
      h("span", {}, t("money.refund", { state: t(`money.refund.${one.state}`) }),
        h("small", {}, one.done_at ? instant(one.done_at) : t("money.expected", { day: day(one.expected_by) }))),
      h("span", { class: "amount" }, `− ${money(one.amount)}`)),
  );
  if (!paid.length) return null;
  return card("money.title", h("ul", { class: "history", "data-testid": "money" }, [...paid, ...back]));
}

/** Where it goes. */
export function address({ order }) {
  const at = order.address;
  const street = `${at.street}, ${at.number}${at.complement ? ` · ${at.complement}` : ""}`;
  const place = [at.district, at.city, at.state].filter(Boolean).join(", ");
  return card("address.title",
    h("p", { "data-testid": "address" }, h("b", {}, at.recipient), h("small", {}, street), h("small", {}, place), h("small", {}, `${at.postcode} · ${at.country}`)),
    order.may_change_address.allowed ? h("p", { class: "hint" }, t("address.open")) : null);
}

/** Who changed what, and what the desk was told. */
export function changes({ changes: made, events }) {
  if (!made.length && !events.length) return null;
  const lines = [
    ...made.map((one) => ({ at: one.at, text: `${t(`change.who.${one.who}`)}: ${t(`change.${one.act}`)}`, more: one.outcome === "done" ? "" : t("change.refused", { why: one.outcome }) })),
    ...events.map((one) => ({ at: one.at, text: t("change.told", { what: t(`event.${one.kind}`) }), more: t(`event.state.${one.state}`, { n: one.attempts }) })),
  ].sort((one, other) => (one.at < other.at ? 1 : -1));
  return card("change.title",
    h("ol", { class: "history", "data-testid": "changes" },
      lines.map((line) => h("li", {},
        h("span", {}, line.text, line.more ? h("small", {}, line.more) : null,
          h("small", {}, instant(line.at)))))));
}

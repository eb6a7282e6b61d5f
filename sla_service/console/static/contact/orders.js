// What the contact bought, as the shop knows it right now.

import { useEffect } from "preact/hooks";

import { rows } from "../api.js";
import { filledWith, ORDER } from "../composer/ready.js";
import { html } from "../html.js";
import { Skeleton } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { current } from "../store/conversations.js";
import { draft } from "../store/drafts.js";
import { beside, chooseOrder, showOrders } from "../store/orders.js";
import { date, moment, money } from "../times.js";
import { named, t } from "../words.js";
import { useAsked } from "./asked.js";

const SHOWN = 3;
const TONES = { delivered: "good", cancelled: "bad", returned: "", unknown: "" };

/** @param {{id: number}} props */
export function Orders({ id }) {
  const { answer } = useAsked(`/api/conversations/${id}/orders`, [current.value?.last_message_at]); // the shop is asked, not the desk: less often
  useEffect(() => {
    if (answer.value) showOrders(id, rows(answer.value));
  }, [id, answer.value]);
  if (answer.value === null) return null;
  if (answer.value?.state === "not_set_up") return null;
  const orders = answer.value && rows(answer.value);
  const isUnsure = ["partial", "unavailable", "refused"].includes(answer.value?.state);
  return html`<details class="part" open>
    <summary><h3>${t("order.title")}</h3></summary>
    ${!orders && html`<${Skeleton} lines=${3} />`} ${isUnsure && html`<p class="unsure"><${Icon} name="alert" />${t(`order.${answer.value.state}`)}</p>`}
    ${orders?.length === 0 && !isUnsure && html`<p class="quiet-words">${t("order.none")}</p>`}
    ${orders?.slice(0, SHOWN).map((order) => html`<${Order} key=${order.number} id=${id} order=${order} isOneOfMany=${orders.length > 1} />`)}
    ${orders?.length > SHOWN &&
    html`<details class="more">
      <summary>${t("order.more", { count: orders.length - SHOWN })}</summary>
      ${orders.slice(SHOWN).map((order) => html`<${Order} key=${order.number} id=${id} order=${order} isOneOfMany />`)}
    </details>`}
  </details>`;
}

/** Ready replies are about the order that is chosen; one that waits for its number gets it. @param {number} id @param {string} number */
function choose(id, number) {
  const isChosen = beside.peek().chosen === number;
  chooseOrder(isChosen ? null : number);
  const { text } = draft(id);
  if (!isChosen) text.value = filledWith(text.peek(), ORDER, number);
}

/** @param {{id: number, order: any, isOneOfMany: boolean}} props */
function Order({ id, order, isOneOfMany }) {
  const { state, raw_state: raw, items, shipments, placed_at: placed, total, theirs, buyer } = order;
  const isChosen = beside.value.id === id && beside.value.chosen === order.number;
  return html`<article class=${isChosen ? "order chosen" : "order"}>
    <p class="order-top">${isOneOfMany ? html`<button type="button" class="link" aria-pressed=${isChosen} title=${t("order.choose")} onClick=${() => choose(id, order.number)}>#${order.number}</button>` : html`<b>#${order.number}</b>`}<span class=${`badge ${TONES[state] ?? "going"}`}>${state === "unknown" ? raw : named("order.state", state)}</span></p>
    <p dir="auto">${items.map(itemWords).join(", ")}</p>
    ${!theirs && html`<p class="unsure"><${Icon} name="alert" />${t("order.notTheirs", { name: buyer ?? "?" })}</p>`}
    <p class="order-foot"><span>${date(placed)}</span>${total && html`<span>${money(Number(total.amount), total.currency)}</span>`}</p>
    ${shipments.map((parcel) => html`<${Parcel} key=${parcel.number} parcel=${parcel} />`)}
  </article>`;
}

const itemWords = ({ name, size, color, quantity }) => [quantity > 1 && `${quantity}×`, name, color, size].filter(Boolean).join(" ");

function Parcel({ parcel }) {
  const { carrier, number, url, last_event: last, delivered_at: delivered, eta } = parcel;
  const name = [carrier, number].filter(Boolean).join(" ");
  const when = delivered ? t("order.deliveredOn", { at: moment(delivered) }) : eta ? t("order.eta", { at: date(`${eta}T12:00:00`) }) : "";
  return html`<p class="parcel">
    <${Icon} name="box" />
    ${/^https?:/.test(url ?? "") ? html`<a href=${url} target="_blank" rel="noopener noreferrer">${name}</a>` : html`<span>${name}</span>`}
    ${(last || when) && html`<span class="parcel-words" dir="auto">${[last, when].filter(Boolean).join(" · ")}</span>`}
  </p>`;
}

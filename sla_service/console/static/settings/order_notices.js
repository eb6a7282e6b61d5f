// What shoppers were told of their orders, what waits, and what was not told and why; and events nobody can read.

import { useSignal } from "@preact/signals";

import { get, post } from "../api.js";
import { html } from "../html.js";
import { may, openConversation } from "../store/page.js";
import { moment } from "../times.js";
import { named, t } from "../words.js";
import { asking, doing, Listed, Table, useRows } from "./listed.js";

const STATES = ["sent", "owed", "wanted", "dropped", "failed"];
const TONES = { sent: "good", owed: "going", wanted: "going", dropped: "", failed: "bad" };

export function OrderNotices() {
  const state = useSignal("");
  return html`<div class="ranges" role="group" aria-label=${t("orderNotice.which")}>
      <button type="button" aria-pressed=${!state.value} onClick=${() => (state.value = "")}>${t("orderNotice.all")}</button>
      ${STATES.map((one) => html`<button type="button" key=${one} aria-pressed=${state.value === one} onClick=${() => (state.value = one)}>${named("orderNotice.state", one)}</button>`)}
    </div>
    <${Notices} key=${state.value} state=${state.value} />
    ${may("admin") && html`<${Parked} />`}`;
}

function Notices({ state }) {
  const of = useRows("/api/order-notices", state ? { state } : {});
  const next = useSignal(/** @type {number|null|undefined} */ (undefined));
  const older = useSignal(/** @type {any[]} */ ([]));
  const more = () =>
    asking(async () => {
      const shown = [...(of.found.value ?? []), ...older.value];
      const page = await get("/api/order-notices", { ...(state ? { state } : {}), before: shown[shown.length - 1].id });
      older.value = [...older.value, ...page.items];
      next.value = page.next;
    });
  const head = [t("orderNotice.order"), t("orderNotice.what"), t("orderNotice.state"), t("orderNotice.when"), ""];
  return html`<${Listed} of=${of} icon="box" empty=${t("orderNotice.none")}
    >${(first) =>
      html`<${Table} label=${t("settings.order_notices")} head=${head}
          >${[...first, ...older.value].map((one) => html`<${Notice} key=${one.id} one=${one} />`)}<//
        >
        ${first.length >= 50 && next.value !== null && html`<button type="button" onClick=${more}>${t("audit.more")}</button>`}`}<//
  >`;
}

function Notice({ one }) {
  const why = one.reason ? named("orderNotice.why", one.reason) : one.template;
  return html`<tr data-testid="order-notice">
    <td><b>#${one.order}</b><small dir="auto">${one.contact_name ?? ""}</small></td>
    <td>${named("orderNotice.kind", one.kind)}${one.score ? html`<small>${t("report.stars", { score: one.score })}</small>` : ""}</td>
    <td><span class=${`badge ${TONES[one.state]}`}>${named("orderNotice.state", one.state)}</span>${why && html`<small>${why}</small>`}</td>
    <td>${moment(one.told_at ?? one.due_at ?? one.happened_at)}</td>
    <td class="acts">${one.conversation && html`<button type="button" class="quiet" onClick=${() => openConversation(one.conversation)}>${t("orderNotice.open")}</button>`}</td>
  </tr>`;
}

/** Events of orders that can't be read: they wait until somebody tries them again. */
function Parked() {
  const of = useRows("/api/order-events/parked");
  if (!of.found.value?.length) return null;
  const again = (one) => doing(() => post(`/api/order-events/${one.id}/replay`), of.again);
  return html`<h3>${t("orderNotice.parked")}</h3>
    <${Table} label=${t("orderNotice.parked")} head=${[t("orderNotice.event"), t("orderNotice.error"), t("orderNotice.when"), ""]}
      >${of.found.value.map(
        (one) =>
          html`<tr key=${one.id}>
            <td><code>${one.webhook_id}</code></td>
            <td>${one.error}</td>
            <td>${moment(one.received_at)}</td>
            <td class="acts"><button type="button" class="quiet" onClick=${() => again(one)}>${t("orderNotice.again")}</button></td>
          </tr>`,
      )}<//
    >`;
}

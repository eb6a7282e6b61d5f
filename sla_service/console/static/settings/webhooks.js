// Which programs hear of what happens, and whether they heard.

import { useSignal } from "@preact/signals";

import { post, remove } from "../api.js";
import { html } from "../html.js";
import { TextField } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { moment } from "../times.js";
import { named, t } from "../words.js";
import { asList, doing, FormDialog, Listed, Secret, Sure, Table, useRows } from "./listed.js";

export function Webhooks() {
  const of = useRows("/api/webhooks/endpoints");
  const isAdding = useSignal(false);
  const secret = useSignal("");
  const renew = async (one) => {
    const made = await doing(() => post(`/api/webhooks/endpoints/${one.id}/secrets`), of.again);
    if (made?.secret) secret.value = made.secret;
  };
  return html`<button type="button" class="primary" onClick=${() => (isAdding.value = true)}><${Icon} name="plus" />${t("webhook.add")}</button>
    <${Listed} of=${of} icon="webhook" empty=${t("webhook.none")}
      >${(endpoints) =>
        html`<ul class="cards">
          ${endpoints.map((one) => html`<${Endpoint} key=${one.id} one=${one} onRenew=${() => renew(one)} again=${of.again} />`)}
        </ul>`}<//
    >
    <${Deliveries} />
    ${isAdding.value && html`<${Form} onClose=${() => (isAdding.value = false)} onSecret=${(made) => (secret.value = made)} again=${of.again} />`}
    ${secret.value && html`<${Secret} title=${t("webhook.secret")} text=${t("webhook.secretText")} secret=${secret.value} onClose=${() => (secret.value = "")} />`}`;
}

function Endpoint({ one, onRenew, again }) {
  const path = `/api/webhooks/endpoints/${one.id}`;
  return html`<li class=${one.is_active ? "card" : "card off"}>
    <header>
      <b class="address">${one.url}</b><span class=${one.is_active ? "badge good" : "badge bad"}>${t(one.is_active ? "webhook.on" : "webhook.off")}</span>
    </header>
    <p class="quiet-words">${one.events.length ? one.events.join(", ") : t("webhook.everything")}${one.disabled_reason && ` · ${one.disabled_reason}`}</p>
    <footer>
      ${!one.is_active && html`<button type="button" class="quiet" onClick=${() => doing(() => post(`${path}/activation`), again)}>${t("webhook.activate")}</button>`}
      <button type="button" class="quiet" onClick=${onRenew}>${t("webhook.renew")}</button>
      <${Sure} label=${t("app.delete")} onSure=${() => doing(() => remove(path), again)} />
    </footer>
  </li>`;
}

function Form({ onClose, onSecret, again }) {
  const url = useSignal("");
  const events = useSignal("");
  const save = () =>
    doing(async () => {
      const made = await post("/api/webhooks/endpoints", { url: url.value.trim(), events: asList(events.value) });
      if (made?.secret) onSecret(made.secret);
      return made;
    }, again);
  return html`<${FormDialog} title=${t("webhook.add")} onSave=${save} onClose=${onClose} isReady=${/^https?:\/\/./.test(url.value)}>
    <${TextField} label=${t("webhook.url")} type="url" value=${url.value} onInput=${(value) => (url.value = value)} required />
    <${TextField} label=${t("webhook.events")} hint=${t("webhook.eventsHint")} value=${events.value} onInput=${(value) => (events.value = value)} />
  <//>`;
}

function Deliveries() {
  const of = useRows("/api/webhooks/deliveries");
  return html`<h3>${t("webhook.log")}</h3>
    <${Listed} of=${of} icon="webhook" empty=${t("webhook.noLog")}
      >${(all) =>
        html`<${Table} label=${t("webhook.log")} head=${[t("webhook.what"), t("webhook.state"), t("webhook.tries"), t("webhook.at"), ""]}
          >${all.map(
            (one) =>
              html`<tr key=${one.id}>
                <td><b>${one.what}</b><small>${one.to}</small></td>
                <td>${named("delivery", one.state)}${one.last_status ? ` · ${one.last_status}` : ""}</td>
                <td class="number">${one.attempts}</td>
                <td>${moment(one.created_at)}</td>
                <td class="acts"><button type="button" class="quiet" onClick=${() => doing(() => post(`/api/webhooks/deliveries/${one.id}/replay`), of.again)}>${t("webhook.replay")}</button></td>
              </tr>`,
          )}<//
        >`}<//
    >`;
}

// Keys with which programs use the desk.

import { useSignal } from "@preact/signals";

import { post, remove } from "../api.js";
import { html } from "../html.js";
import { TextField } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { moment } from "../times.js";
import { t } from "../words.js";
import { doing, FormDialog, Listed, Secret, Sure, Table, useRows } from "./listed.js";

const SCOPES = [
  "conversations:read", "conversations:write", "tickets:read", "tickets:write", "reports:read", "sla:read", "sla:write",
  "notices:read", "notices:write", "agents:read", "agents:write", "routing:read", "routing:write", "webhooks:write", "privacy:write",
]; // prettier-ignore

export function ApiKeys() {
  const of = useRows("/api/keys");
  const isAdding = useSignal(false);
  const secret = useSignal("");
  return html`<button type="button" class="primary" onClick=${() => (isAdding.value = true)}><${Icon} name="plus" />${t("key.add")}</button>
    <${Listed} of=${of} icon="key" empty=${t("key.none")}
      >${(keys) =>
        html`<${Table} label=${t("settings.keys")} head=${[t("key.name"), t("key.scopes"), t("key.used"), t("key.expires"), ""]}
          >${keys.map(
            (one) =>
              html`<tr key=${one.id}>
                <td><b>${one.name}</b></td>
                <td>${one.scopes.map((scope) => html`<code key=${scope}>${scope}</code> `)}</td>
                <td>${one.last_used_at ? moment(one.last_used_at) : "–"}</td>
                <td>${one.expires_at ? moment(one.expires_at) : "–"}</td>
                <td class="acts"><${Sure} label=${t("key.revoke")} onSure=${() => doing(() => remove(`/api/keys/${one.id}`), of.again)} /></td>
              </tr>`,
          )}<//
        >`}<//
    >
    ${isAdding.value && html`<${Form} onClose=${() => (isAdding.value = false)} onSecret=${(made) => (secret.value = made)} again=${of.again} />`}
    ${secret.value && html`<${Secret} title=${t("key.secret")} text=${t("key.secretText")} secret=${secret.value} onClose=${() => (secret.value = "")} />`}`;
}

function Form({ onClose, onSecret, again }) {
  const name = useSignal("");
  const expires = useSignal("");
  const scopes = useSignal(/** @type {string[]} */ ([]));
  const toggle = (scope) => (scopes.value = scopes.value.includes(scope) ? scopes.value.filter((one) => one !== scope) : [...scopes.value, scope]);
  const save = () =>
    doing(async () => {
      const expires_at = expires.value ? new Date(`${expires.value}T23:59:59`).toISOString() : null;
      const made = await post("/api/keys", { name: name.value.trim(), scopes: scopes.value, expires_at });
      if (made?.text) onSecret(made.text);
      return made;
    }, again);
  return html`<${FormDialog} title=${t("key.add")} onSave=${save} onClose=${onClose} isReady=${Boolean(name.value.trim() && scopes.value.length)}>
    <div class="columns">
      <${TextField} label=${t("key.name")} value=${name.value} maxlength="80" onInput=${(value) => (name.value = value)} required />
      <${TextField} label=${t("key.expires")} type="date" value=${expires.value} onInput=${(value) => (expires.value = value)} />
    </div>
    <fieldset class="scopes">
      <legend>${t("key.scopes")}</legend>
      ${SCOPES.map((scope) => html`<label class="check" key=${scope}><input type="checkbox" checked=${scopes.value.includes(scope)} onChange=${() => toggle(scope)} /><code>${scope}</code></label>`)}
    </fieldset>
  <//>`;
}

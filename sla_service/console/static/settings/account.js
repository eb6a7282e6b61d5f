// One's own account: name, password, and the browsers that are signed in.

import { useSignal } from "@preact/signals";

import { patch, put, remove } from "../api.js";
import { html } from "../html.js";
import { TextField } from "../parts/controls.js";
import { me } from "../store/page.js";
import { moment } from "../times.js";
import { t } from "../words.js";
import { doing, Listed, Sure, Table, useRows } from "./listed.js";

export function Account() {
  const name = useSignal(me.value?.name ?? "");
  const save = (event) => {
    event.preventDefault();
    doing(async () => (me.value = { ...me.value, ...(await patch("/api/me", { name: name.value.trim() })) }));
  };
  return html`<form class="card form" onSubmit=${save}>
      <${TextField} label=${t("agent.name")} value=${name.value} maxlength="80" autocomplete="name" onInput=${(value) => (name.value = value)} />
      <footer><button class="primary" disabled=${!name.value.trim()}>${t("app.save")}</button></footer>
    </form>
    <${Password} /><${Sessions} />`;
}

function Password() {
  const old = useSignal("");
  const fresh = useSignal("");
  const save = async (event) => {
    event.preventDefault();
    const done = await doing(() => put("/api/me/password", { old: old.value, new: fresh.value }));
    if (done) old.value = fresh.value = "";
  };
  return html`<form class="card form" onSubmit=${save}>
    <h3>${t("account.password")}</h3>
    <input hidden type="email" autocomplete="username" readonly value=${me.value?.email ?? ""} />
    <div class="columns">
      <${TextField} label=${t("account.old")} type="password" autocomplete="current-password" value=${old.value} onInput=${(value) => (old.value = value)} />
      <${TextField} label=${t("account.new")} type="password" autocomplete="new-password" value=${fresh.value} onInput=${(value) => (fresh.value = value)} />
    </div>
    <footer><button class="primary" disabled=${!old.value || fresh.value.length < 10}>${t("account.change")}</button></footer>
  </form>`;
}

function Sessions() {
  const of = useRows("/api/me/sessions");
  return html`<h3>${t("account.sessions")}</h3>
    <${Listed} of=${of} icon="key" empty=${t("account.noSessions")}
      >${(sessions) =>
        html`<${Table} label=${t("account.sessions")} head=${[t("account.browser"), t("account.seen"), t("account.since"), ""]}
          >${sessions.map(
            (one) =>
              html`<tr key=${one.id}>
                <td>${one.user_agent}</td>
                <td>${moment(one.last_seen_at)}</td>
                <td>${moment(one.created_at)}</td>
                <td class="acts">
                  ${one.is_current ? html`<span class="badge good">${t("account.here")}</span>` : html`<${Sure} label=${t("account.end")} onSure=${() => doing(() => remove(`/api/me/sessions/${one.id}`), of.again)} />`}
                </td>
              </tr>`,
          )}<//
        >`}<//
    >`;
}

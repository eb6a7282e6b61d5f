// Who is told when a promise is about to break: teams, their channels, and their quiet hours.

import { useSignal } from "@preact/signals";

import { put, remove } from "../api.js";
import { html } from "../html.js";
import { Field, SelectField, TextField } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { t } from "../words.js";
import { doing, FormDialog, Listed, Sure, useRows } from "./listed.js";

const BLANK = { name: "", channels: {}, language: "pt", time_zone: "America/Sao_Paulo", quiet: null, digest_after: 3 };

export function Teams() {
  const of = useRows("/api/notify/teams");
  const edited = useSignal(/** @type {any} */ (null));
  return html`<button type="button" class="primary" onClick=${() => (edited.value = BLANK)}><${Icon} name="plus" />${t("team.add")}</button>
    <${Listed} of=${of} icon="bell" empty=${t("team.none")}
      >${(teams) =>
        html`<ul class="cards">
          ${teams.map(
            (one) =>
              html`<li class="card" key=${one.name}>
                <header><b>${one.name}</b><span>${t(`language.${one.language}`)} · ${one.time_zone}</span></header>
                ${Object.entries(one.channels).map(([name, channel]) => html`<p key=${name}><code>${channel}</code></p>`)}
                ${one.quiet && html`<p class="quiet-words">${t("team.quietFrom", one.quiet)}</p>`}
                <footer>
                  <button type="button" class="quiet" onClick=${() => (edited.value = one)}>${t("app.edit")}</button>
                  <${Sure} label=${t("app.delete")} onSure=${() => doing(() => remove(`/api/notify/teams/${one.name}`), of.again)} />
                </footer>
              </li>`,
          )}
        </ul>`}<//
    >
    ${edited.value && html`<${Form} one=${edited.value} onClose=${() => (edited.value = null)} again=${of.again} />`}`;
}

function Form({ one, onClose, again }) {
  const kept = Object.keys(one.channels);
  const draft = useSignal({ ...one, channels: "", begins: one.quiet?.begins ?? "", ends: one.quiet?.ends ?? "" });
  const set = (name) => (value) => (draft.value = { ...draft.value, [name]: value });
  const { name, channels, language, time_zone, begins, ends, digest_after } = draft.value;
  const fresh = channels.split("\n").map((line) => line.trim()).filter(Boolean);
  const save = () => {
    const quiet = begins && ends ? { begins, ends } : null;
    const body = { channels: fresh.length ? [...kept, ...fresh] : null, language, time_zone, quiet, digest_after: Number(digest_after) };
    return doing(() => put(`/api/notify/teams/${encodeURIComponent(name.trim())}`, body), again);
  };
  return html`<${FormDialog} title=${one.name || t("team.add")} onSave=${save} onClose=${onClose} isReady=${/^[\w.-]+$/.test(name.trim())}>
    ${!one.name && html`<${TextField} label=${t("team.name")} hint=${t("team.nameHint")} value=${name} onInput=${set("name")} required />`}
    <${Field} label=${t("team.channels")} hint=${t("team.channelsHint")}
      >${(id) => html`<textarea id=${id} rows="3" spellcheck=${false} value=${channels} placeholder="mailto://… · slack://… · tgram://…" onInput=${(event) => set("channels")(event.currentTarget.value)}></textarea>`}<//
    >
    <div class="columns">
      <${SelectField} label=${t("team.language")} value=${language} options=${[["pt", t("language.pt")], ["en", t("language.en")]]} onChange=${set("language")} />
      <${TextField} label=${t("hours.zone")} value=${time_zone} onInput=${set("time_zone")} />
      <${TextField} label=${t("team.quietBegins")} type="time" value=${begins} onInput=${set("begins")} />
      <${TextField} label=${t("team.quietEnds")} type="time" value=${ends} onInput=${set("ends")} />
      <${TextField} label=${t("team.digest")} type="number" min="1" value=${digest_after} onInput=${set("digest_after")} />
    </div>
  <//>`;
}

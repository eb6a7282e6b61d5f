// Ready replies in both languages.

import { useSignal } from "@preact/signals";

import { patch, post, remove } from "../api.js";
import { html } from "../html.js";
import { Field, TextField } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { loadWordsAtHand } from "../store/desk.js";
import { t } from "../words.js";
import { doing, FormDialog, Listed, Sure, useRows } from "./listed.js";

const BLANK = { shortcut: "", title: "", text_pt: "", text_en: "" };

export function Canned() {
  const of = useRows("/api/canned-replies");
  const edited = useSignal(/** @type {any} */ (null));
  const again = async () => (await of.again(), loadWordsAtHand());
  return html`<button type="button" class="primary" onClick=${() => (edited.value = BLANK)}><${Icon} name="plus" />${t("canned.add")}</button>
    <${Listed} of=${of} icon="reply" empty=${t("canned.none")}
      >${(replies) =>
        html`<ul class="cards">
          ${replies.map(
            (one) =>
              html`<li class="card" key=${one.id}>
                <header><b>/${one.shortcut}</b><span>${one.title}</span></header>
                <p lang="pt">${one.text_pt}</p>
                <p lang="en">${one.text_en}</p>
                <footer>
                  <button type="button" class="quiet" onClick=${() => (edited.value = one)}>${t("app.edit")}</button>
                  <${Sure} label=${t("app.delete")} onSure=${() => doing(() => remove(`/api/canned-replies/${one.id}`), again)} />
                </footer>
              </li>`,
          )}
        </ul>`}<//
    >
    ${edited.value && html`<${Form} one=${edited.value} onClose=${() => (edited.value = null)} again=${again} />`}`;
}

function Form({ one, onClose, again }) {
  const draft = useSignal(one);
  const set = (name) => (value) => (draft.value = { ...draft.value, [name]: value });
  const { shortcut, title, text_pt, text_en } = draft.value;
  const facts = { shortcut: shortcut.trim(), title: title.trim(), text_pt, text_en };
  const save = () => doing(() => (one.id ? patch(`/api/canned-replies/${one.id}`, facts) : post("/api/canned-replies", facts)), again);
  return html`<${FormDialog} title=${one.id ? `/${one.shortcut}` : t("canned.add")} onSave=${save} onClose=${onClose} isReady=${Boolean(facts.shortcut && facts.title && text_pt.trim() && text_en.trim())}>
    <div class="columns">
      <${TextField} label=${t("canned.shortcut")} value=${shortcut} onInput=${set("shortcut")} maxlength="40" required />
      <${TextField} label=${t("canned.title")} value=${title} onInput=${set("title")} maxlength="120" required />
    </div>
    ${["text_pt", "text_en"].map(
      (name) =>
        html`<${Field} key=${name} label=${t(`canned.${name}`)}
          >${(id) => html`<textarea id=${id} rows="4" maxlength="4096" value=${draft.value[name]} onInput=${(event) => set(name)(event.currentTarget.value)}></textarea>`}<//
        >`,
    )}
    <p class="field-hint">${t("canned.variables")} <code>${"{{contact.first_name}} {{ticket.number}} {{agent.first_name}} {{order.number}}"}</code></p>
  <//>`;
}

// What most screens of the settings share: rows that are asked for, changed, and asked for again.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { get, Refused, rows } from "../api.js";
import { html } from "../html.js";
import { Blank, Dialog, Skeleton } from "../parts/controls.js";
import { complain, reasonOf, say } from "../store/toasts.js";
import { t } from "../words.js";

export { Sure } from "../parts/sure.js";

/** The rows of a path, and how to ask for them again. @param {string} path @param {Record<string, any>} [query] */
export function useRows(path, query = {}) {
  const found = useSignal(/** @type {any[]|null} */ (null));
  const failed = useSignal("");
  const again = async () => {
    try {
      found.value = rows(await get(path, query));
      failed.value = "";
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      failed.value = reasonOf(error);
    }
  };
  useEffect(() => void again(), [path, JSON.stringify(query)]);
  return { found, failed, again };
}

/** Asks for something that changes nothing, or says why that can't be told. @param {() => Promise<any>} act */
export async function asking(act) {
  try {
    return (await act()) ?? true;
  } catch (error) {
    complain(error);
    return null;
  }
}

/** Does something, says that it was done or why not, and looks again. @param {() => Promise<any>} act @param {() => any} [again] */
export const doing = (act, again) =>
  asking(async () => {
    const answer = await act();
    say(t("app.saved"));
    await again?.();
    return answer;
  });

/** @param {{of: {found: any, failed: any, again: () => any}, empty: string, icon: string, children: (rows: any[]) => any}} props */
export function Listed({ of, empty, icon, children }) {
  if (of.failed.value) {
    return html`<${Blank} icon="alert" title=${of.failed.value}><button type="button" onClick=${of.again}>${t("app.retry")}</button><//>`;
  }
  if (!of.found.value) return html`<${Skeleton} lines=${4} />`;
  if (!of.found.value.length) return html`<${Blank} icon=${icon} title=${empty} />`;
  return children(of.found.value);
}

/** A table that becomes cards where there is little room. @param {{head: string[], label: string, children: any}} props */
export const Table = ({ head, label, children }) =>
  html`<div class="table-frame" tabindex="0" role="group" aria-label=${label}>
    <table>
      <thead><tr>${head.map((word) => html`<th key=${word} scope="col">${word || html`<span class="spoken">${t("app.acts")}</span>`}</th>`)}</tr></thead>
      <tbody>${children}</tbody>
    </table>
  </div>`;

/** A form in a dialog. @param {{title: string, onSave: () => Promise<any>, onClose: () => void, children: any, isReady?: boolean}} props */
export function FormDialog({ title, onSave, onClose, children, isReady = true }) {
  const save = async (event) => {
    event.preventDefault();
    if (await onSave()) onClose();
  };
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <form class="form" onSubmit=${save}>
      ${children}
      <footer>
        <button type="button" onClick=${onClose}>${t("app.cancel")}</button>
        <button class="primary" disabled=${!isReady}>${t("app.save")}</button>
      </footer>
    </form>
  <//>`;
}

/** Any number of a few values; none of them means all. @param {{label: string, values: string[], chosen: string[], word: (value: string) => string, onChange: (chosen: string[]) => void}} props */
export const Choices = ({ label, values, chosen, word, onChange }) =>
  html`<fieldset class="scopes">
    <legend>${label}</legend>
    ${values.map(
      (value) =>
        html`<label class="check" key=${value}
          ><input type="checkbox" checked=${chosen.includes(value)} onChange=${() => onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value])} />${word(value)}</label
        >`,
    )}
  </fieldset>`;

/** A secret that is shown once. @param {{title: string, secret: string, text: string, onClose: () => void}} props */
export function Secret({ title, secret, text, onClose }) {
  const copy = async () => {
    await navigator.clipboard?.writeText(secret);
    say(t("app.copied"));
  };
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <p class="quiet-words">${text}</p>
    <p class="secret"><code>${secret}</code><button type="button" onClick=${copy}>${t("app.copy")}</button></p>
  <//>`;
}

/** Words in a line, as a list. @param {string} words */
export const asList = (words) => words.split(",").map((word) => word.trim()).filter(Boolean);

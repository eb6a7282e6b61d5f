// What most screens of the settings share: rows that are asked for, changed, and asked for again.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { get, Refused, rows } from "../api.js";
import { html } from "../html.js";
import { Blank, Dialog, Skeleton } from "../parts/controls.js";
import { complain, reasonOf, say } from "../store/toasts.js";
import { t } from "../words.js";

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

/** Does something, says that it was done or why not, and looks again. @param {() => Promise<any>} act @param {() => any} [again] */
export async function doing(act, again) {
  try {
    const answer = await act();
    say(t("app.saved"));
    await again?.();
    return answer ?? true;
  } catch (error) {
    complain(error);
    return null;
  }
}

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

/** A button that asks before it does what can't be taken back. @param {{label: string, onSure: () => any}} props */
export function Sure({ label, onSure }) {
  const isAsked = useSignal(false);
  if (!isAsked.value) return html`<button type="button" class="quiet" onClick=${() => (isAsked.value = true)}>${label}</button>`;
  return html`<button type="button" class="danger" onBlur=${() => (isAsked.value = false)} onClick=${() => ((isAsked.value = false), onSure())} autofocus>${t("app.sure")}</button>`;
}

/** Words in a line, as a list. @param {string} words */
export const asList = (words) => words.split(",").map((word) => word.trim()).filter(Boolean);

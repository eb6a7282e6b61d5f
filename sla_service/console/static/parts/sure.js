// A button for what can't be taken back.

import { useSignal } from "@preact/signals";

import { html } from "../html.js";
import { t } from "../words.js";

/** A button that asks before it does what can't be taken back. @param {{label: string, onSure: () => any}} props */
export function Sure({ label, onSure }) {
  const isAsked = useSignal(false);
  if (!isAsked.value) return html`<button type="button" class="quiet" onClick=${() => (isAsked.value = true)}>${label}</button>`;
  return html`<button type="button" class="danger" onBlur=${() => (isAsked.value = false)} onClick=${() => ((isAsked.value = false), onSure())} autofocus>${t("app.sure")}</button>`;
}

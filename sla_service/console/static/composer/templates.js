// Templates: what may be sent when the 24 hours are over, with their places filled in.

import { useSignal } from "@preact/signals";

import { html } from "../html.js";
import { Blank, Dialog, TextField } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { templates } from "../store/desk.js";
import { reply } from "../acts.js";
import { t } from "../words.js";

/** @param {{one: any, onClose: () => void}} props */
export function Templates({ one, onClose }) {
  const chosen = useSignal(/** @type {any} */ (null));
  const values = useSignal(/** @type {Record<string, string>} */ ({}));
  const fits = templates.value.filter((template) => !one.language || template.language?.startsWith(one.language.slice(0, 2)));
  const all = fits.length ? fits : templates.value;
  const pick = (template) => {
    chosen.value = template;
    values.value = Object.fromEntries(template.holes.map((hole, at) => [hole.key, at === 0 ? (one.contact.name?.split(" ")[0] ?? "") : ""]));
  };
  const say = (event) => {
    event.preventDefault();
    event.stopPropagation();
    const { name, language } = chosen.value;
    const text = filledIn(chosen.value, values.value);
    reply(one, { text, more: { text: "", template: { name, language, values: values.value } } });
    onClose();
  };
  const isReady = chosen.value?.holes.every((hole) => values.value[hole.key]?.trim());
  return html`<${Dialog} title=${t("template.title")} onClose=${onClose}>
    ${all.length === 0 && html`<${Blank} icon="template" title=${t("template.none")} />`}
    <ul class="picks">
      ${all.map(
        (template) =>
          html`<li key=${`${template.name} ${template.language}`}>
            <button type="button" aria-pressed=${chosen.value === template} onClick=${() => pick(template)}>
              <b>${template.name}</b><span dir="auto">${template.body}</span>
            </button>
          </li>`,
      )}
    </ul>
    ${chosen.value &&
    html`<div class="form" role="group" aria-label=${t("template.title")}>
      ${chosen.value.holes.map(
        ({ key, example }) =>
          html`<${TextField} key=${key} label=${t("template.place", { place: key })} hint=${example ? t("template.example", { example }) : undefined} value=${values.value[key]} onInput=${(value) => (values.value = { ...values.value, [key]: value })} />`,
      )}
      <p class="preview" dir="auto">${filledIn(chosen.value, values.value)}</p>
      <footer>
        <button type="button" class="primary" disabled=${!isReady} onClick=${say}><${Icon} name="send" />${t("template.send")}</button>
      </footer>
    </div>`}
  <//>`;
}

/** The template's text as the contact will read it. */
const filledIn = ({ header, body, footer }, values) =>
  [header.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name) => values[`header.${name}`] || whole), body.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name) => values[name] || whole), footer]
    .filter(Boolean)
    .join("\n\n");

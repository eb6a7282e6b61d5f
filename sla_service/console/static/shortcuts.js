// The list of keys.

import { html } from "./html.js";
import { GROUPS } from "./keys.js";
import { Dialog } from "./parts/controls.js";
import { dialog, hasSingleKeys } from "./store/page.js";
import { t } from "./words.js";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const spelled = (keys) =>
  keys
    .replace("$mod", isMac ? "⌘" : "Ctrl")
    .replace("Escape", "Esc")
    .split(/[ +]/)
    .map((key) => (key.length === 1 ? key.toUpperCase() : key));

export function Shortcuts() {
  return html`<${Dialog} title=${t("keys.title")} onClose=${() => (dialog.value = null)} wide kind="shortcuts">
    <div class="shortcut-groups">
      ${GROUPS.map(
        ({ group, keys }) =>
          html`<section key=${group}>
            <h3>${t(group)}</h3>
            <dl>
              ${keys.map((one) => html`<div key=${one.keys}><dt>${t(one.word)}</dt><dd>${spelled(one.keys).map((key) => html`<kbd>${key}</kbd>`)}</dd></div>`)}
            </dl>
          </section>`,
      )}
    </div>
    <label class="check"><input type="checkbox" checked=${hasSingleKeys.value} onChange=${(event) => (hasSingleKeys.value = event.currentTarget.checked)} />${t("keys.single")}</label>
  <//>`;
}

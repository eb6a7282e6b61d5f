// What narrows a view down, and the filters somebody saved.

import { useId, useRef } from "preact/hooks";

import { classes, html } from "../html.js";
import { SelectField, TextField } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { colleagues } from "../store/desk.js";
import { filter, query, view } from "../store/conversations.js";
import { remembered } from "../store/page.js";
import { t } from "../words.js";

/** @type {import("@preact/signals").Signal<{name: string, view: string, query: string, filter: any}[]>} */
export const saved = remembered("filters", []);

const PRIORITIES = ["urgent", "high", "normal", "low"];

/** @param {Record<string, any>} changes */
function narrow(changes) {
  const next = { ...filter.value, ...changes };
  filter.value = Object.fromEntries(Object.entries(next).filter(([, value]) => value));
}

export function use(one) {
  view.value = one.view;
  query.value = one.query;
  filter.value = one.filter;
  const field = /** @type {HTMLInputElement|null} */ (document.getElementById("search"));
  if (field) field.value = one.query;
}

export function Filters() {
  const id = useId();
  const place = useRef(/** @type {HTMLElement|null} */ (null));
  const isOn = Object.keys(filter.value).length > 0;
  return html`<button
      type="button"
      class=${classes("quiet square", isOn && "on")}
      popovertarget=${id}
      aria-label=${t(isOn ? "filter.on" : "filter.title")}
      title=${t("filter.title")}
    >
      <${Icon} name="filter" />
    </button>
    <div id=${id} ref=${place} popover="auto" class="menu filters" role="dialog" aria-label=${t("filter.title")}>
      <${Form} onDone=${() => place.current?.hidePopover()} />
    </div>`;
}

function Form({ onDone }) {
  const { priority = "", language = "", agent = "", tag = "", unread = false } = filter.value;
  const any = /** @type {[string, string]} */ (["", t("filter.any")]);
  return html`<div class="filter-form">
    <${SelectField}
      label=${t("filter.priority")}
      value=${priority}
      options=${[any, ...PRIORITIES.map((one) => [one, t(`priority.short.${one}`)])]}
      onChange=${(value) => narrow({ priority: value })}
    />
    <${SelectField}
      label=${t("filter.language")}
      value=${language}
      options=${[any, ["pt", t("language.pt")], ["en", t("language.en")]]}
      onChange=${(value) => narrow({ language: value })}
    />
    <${SelectField}
      label=${t("filter.agent")}
      value=${String(agent)}
      options=${[any, ...colleagues.value.map((one) => [String(one.id), one.name])]}
      onChange=${(value) => narrow({ agent: Number(value) })}
    />
    <${TextField} label=${t("filter.tag")} value=${tag} maxlength="60" onInput=${(value) => narrow({ tag: value.trim() })} />
    <label class="check"
      ><input type="checkbox" checked=${unread} onChange=${(event) => narrow({ unread: event.currentTarget.checked })} />${t("filter.unread")}</label
    >
    <div class="filter-acts">
      <button type="button" class="quiet" onClick=${() => (filter.value = {})}>${t("filter.clear")}</button>
      <${Save} />
    </div>
    <${Saved} onDone=${onDone} />
  </div>`;
}

function Save() {
  const save = () => {
    const name = [query.value, ...Object.values(filter.value).map(String)].filter(Boolean).join(" · ") || t(`view.${view.value}`);
    const one = { name, view: view.value, query: query.value, filter: filter.value };
    saved.value = [...saved.value.filter((other) => other.name !== name), one];
  };
  return html`<button type="button" onClick=${save}><${Icon} name="bookmark" />${t("filter.save")}</button>`;
}

function Saved({ onDone }) {
  if (!saved.value.length) return null;
  return html`<ul class="saved" aria-label=${t("filter.saved")}>
    ${saved.value.map(
      (one) =>
        html`<li key=${one.name}>
          <button type="button" class="quiet" onClick=${() => (use(one), onDone())}><${Icon} name="bookmark" />${one.name}</button>
          <button
            type="button"
            class="quiet square"
            aria-label=${t("filter.forget", { name: one.name })}
            onClick=${() => (saved.value = saved.value.filter((other) => other !== one))}
          >
            <${Icon} name="close" />
          </button>
        </li>`,
    )}
  </ul>`;
}

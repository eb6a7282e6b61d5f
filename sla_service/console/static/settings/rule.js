// The form of one rule: when it fits, what becomes of a conversation then, and what that would have changed.

import { useSignal } from "@preact/signals";

import { html } from "../html.js";
import { SelectField, TextField } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { colleagues } from "../store/desk.js";
import { named, t } from "../words.js";
import { asList, Choices, FormDialog } from "./listed.js";

const WRITTEN = ["keywords", "tag", "contact"];
const PRIORITIES = ["urgent", "high", "normal", "low"];
const CHOSEN = {
  intent: [
    "track_order", "order_status", "delivery_late", "cancel_order", "change_address", "exchange_item", "return_item",
    "refund_status", "payment_issue", "invoice", "promo_code", "product_availability", "sizing_help", "size_chart",
    "store_hours", "talk_to_human", "complaint", "fraud_report", "data_request", "opt_out", "rate", "send_media",
    "out_of_scope", "nlu_fallback",
  ],
  reason: [
    "wish", "urgent", "failed_attempts", "low_confidence", "order_system_down", "order_proof", "media",
    "complaint", "fraud", "legal", "needs_people", "bot_down", "escalation",
  ],
  language: ["pt", "en"],
  priority: PRIORITIES,
}; // prettier-ignore

const some = (value) => [value ?? []].flat();
/** What there is to choose, and what a rule asks for that isn't among it. @param {string[]} values @param {string[]} chosen */
const withOthers = (values, chosen) => [...new Set([...values, ...chosen])];
const shortPriority = (key) => t(`priority.short.${key}`);
const chosenWord = (part) => (part === "priority" ? shortPriority : (value) => named(part, value));

/** What a trial found. @param {any[]} rows */
export const triedWords = (rows) => t("route.tried", { count: rows.length, changed: rows.filter((row) => row.is_changed).length });

/** @param {{rule: any, onClose: () => void, onSave: (rule: any) => Promise<any>, onTry: (rule: any) => Promise<any[]|null>, onDelete: () => Promise<any>}} props */
export function Form({ rule, onClose, onSave, onTry, onDelete }) {
  const draft = useSignal({
    ...rule,
    when: { ...rule.when, ...Object.fromEntries(WRITTEN.map((key) => [key, some(rule.when[key]).join(", ")])) },
    then: { ...rule.then, tags: some(rule.then.tags).join(", ") },
  });
  const tried = useSignal(/** @type {any[]|null} */ (null));
  const set = (name) => (value) => {
    tried.value = null;
    draft.value = { ...draft.value, [name]: value };
  };
  const setIn = (part) => (name) => (value) => set(part)({ ...draft.value[part], [name]: value });
  const { name, when, then, is_active } = draft.value;
  const written = () => ({
    name: name.trim(),
    is_active,
    when: { ...when, ...Object.fromEntries(WRITTEN.map((key) => [key, asList(when[key])])) },
    then: { ...then, agent: then.agent ? Number(then.agent) : null, tags: asList(then.tags) },
  });
  const isReady = Boolean(name.trim());
  return html`<${FormDialog} title=${rule.name || t("route.add")} onSave=${() => onSave(written())} onClose=${onClose} isReady=${isReady}>
    <${TextField} label=${t("route.name")} value=${name} onInput=${set("name")} required maxlength="120" />
    <h3>${t("route.when")}</h3>
    <${Condition} when=${when} set=${setIn("when")} />
    <h3>${t("route.then")}</h3>
    <${Consequence} then=${then} set=${setIn("then")} />
    <label class="check"><input type="checkbox" checked=${is_active} onChange=${(event) => set("is_active")(event.currentTarget.checked)} />${t("route.active")}</label>
    <div class="screen-acts">
      <button type="button" disabled=${!isReady} onClick=${async () => (tried.value = await onTry(written()))}><${Icon} name="play" />${t("route.try")}</button>
      ${rule.name && html`<button type="button" class="danger" onClick=${async () => (await onDelete()) && onClose()}>${t("app.delete")}</button>`}
    </div>
    <p role="status">${tried.value && triedWords(tried.value)}</p>
  <//>`;
}

function Condition({ when, set }) {
  const hours = [["", t("filter.any")], ["open", t("route.business_hours.open")], ["closed", t("route.business_hours.closed")]]; // prettier-ignore
  return html`<div class="columns">
      ${WRITTEN.map((key) => html`<${TextField} key=${key} label=${t(`route.${key}`)} value=${when[key]} onInput=${set(key)} />`)}
      <${SelectField} label=${t("route.business_hours")} value=${when.business_hours ?? ""} options=${hours} onChange=${set("business_hours")} />
    </div>
    ${Object.entries(CHOSEN).map(
      ([key, values]) =>
        html`<${Choices} key=${key} label=${t(`route.${key}`)} values=${withOthers(values, some(when[key]))} chosen=${some(when[key])} word=${chosenWord(key)} onChange=${set(key)} />`,
    )}`;
}

function Consequence({ then, set }) {
  const people = [["", t("route.anybody")], ...colleagues.value.map((one) => [String(one.id), one.name])];
  const priorities = [["", t("route.same")], ...PRIORITIES.map((key) => [key, shortPriority(key)])];
  const queues = ["offered", "picked"].map((key) => [key, t(`route.queue.${key}`)]);
  return html`<div class="columns">
    <${SelectField} label=${t("route.agent")} value=${String(then.agent ?? "")} options=${people} onChange=${set("agent")} />
    <${TextField} label=${t("route.skill")} value=${then.skill ?? ""} onInput=${set("skill")} />
    <${TextField} label=${t("route.team")} value=${then.team ?? ""} onInput=${set("team")} />
    <${SelectField} label=${t("route.priority")} value=${then.priority ?? ""} options=${priorities} onChange=${set("priority")} />
    <${TextField} label=${t("route.tags")} value=${then.tags} onInput=${set("tags")} />
    <${SelectField} label=${t("route.queue")} value=${then.queue ?? "offered"} options=${queues} onChange=${set("queue")} />
  </div>`;
}

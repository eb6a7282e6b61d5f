// Whom a handoff goes to: rules in their order, tried on past handoffs before they count.

import { useSignal } from "@preact/signals";

import { post, put } from "../api.js";
import { html } from "../html.js";
import { SelectField, TextField } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { colleagues } from "../store/desk.js";
import { may } from "../store/page.js";
import { moment } from "../times.js";
import { has, named, t } from "../words.js";
import { asList, doing, FormDialog, Listed, Table, useRows } from "./listed.js";

const LISTS = ["keywords", "reason", "intent", "language", "priority", "tag", "contact"];
const BLANK = { name: "", when: {}, then: {}, is_active: true };

const bare = ({ name, when, then, is_active }) => ({ name, when: full(when), then: full(then), is_active });
const full = (facts) => Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== "" && String(value) !== ""));

export function Routing() {
  const of = useRows("/api/routing-rules");
  const edited = useSignal(/** @type {{at: number, rule: any}|null} */ (null));
  const tried = useSignal(/** @type {any[]|null} */ (null));
  const rules = () => of.found.value ?? [];
  const keep = (next) => doing(() => put("/api/routing-rules", { rules: next.map(bare) }), of.again);
  const attempt = async () => {
    const answer = await doing(() => post("/api/routing-rules/dry-run", { rules: rules().map(bare) }));
    if (answer) tried.value = answer.handoffs ?? [];
  };
  const move = (at, by) => {
    const next = [...rules()];
    next.splice(at + by, 0, ...next.splice(at, 1));
    keep(next);
  };
  return html`<div class="screen-acts">
      ${may("supervisor") && html`<button type="button" class="primary" onClick=${() => (edited.value = { at: rules().length, rule: BLANK })}><${Icon} name="plus" />${t("route.add")}</button>`}
      <button type="button" onClick=${attempt}><${Icon} name="play" />${t("route.try")}</button>
    </div>
    <${Listed} of=${of} icon="route" empty=${t("route.none")}
      >${(all) =>
        html`<ol class="cards">
          ${all.map((rule, at) => html`<${Rule} key=${rule.id ?? rule.name} rule=${rule} at=${at} count=${all.length} onMove=${(by) => move(at, by)} onEdit=${() => (edited.value = { at, rule })} />`)}
        </ol>`}<//
    >
    ${tried.value && html`<${Tried} rows=${tried.value} />`}
    ${edited.value &&
    html`<${Form}
      rule=${edited.value.rule}
      onClose=${() => (edited.value = null)}
      onDelete=${() => keep(rules().filter((_, at) => at !== edited.value?.at))}
      onSave=${(rule) => keep(rules().toSpliced(edited.value?.at ?? 0, 1, rule))}
    />`}`;
}

function Rule({ rule, at, count, onMove, onEdit }) {
  return html`<li class=${rule.is_active ? "card" : "card off"}>
    <header>
      <b>${at + 1}. ${rule.name}</b>
      ${!rule.is_active && html`<span class="badge">${t("route.off")}</span>`}
    </header>
    <p><span class="quiet-words">${t("route.when")}</span> ${facts(rule.when) || t("route.always")}</p>
    <p><span class="quiet-words">${t("route.then")}</span> ${facts(rule.then)}</p>
    ${may("supervisor") &&
    html`<footer>
      <button type="button" class="quiet" onClick=${onEdit}>${t("app.edit")}</button>
      <button type="button" class="quiet" disabled=${at === 0} onClick=${() => onMove(-1)}>${t("route.up")}</button>
      <button type="button" class="quiet" disabled=${at === count - 1} onClick=${() => onMove(1)}>${t("route.down")}</button>
    </footer>`}
  </li>`;
}

/** "Intenção: troca, devolução · Idioma: inglês" */
function facts(part) {
  return Object.entries(full(part))
    .map(([name, value]) => `${t(`route.${name}`)}: ${[value].flat().map((one) => word(name, one)).join(", ")}`)
    .join(" · ");
}

function word(name, value) {
  if (name === "agent") return colleagues.value.find((one) => one.id === value)?.name ?? String(value);
  if (name === "priority") return t(`priority.short.${value}`);
  if (["reason", "intent", "language"].includes(name)) return named(name, String(value));
  return has(`route.${name}.${value}`) ? t(`route.${name}.${value}`) : String(value);
}

function Tried({ rows }) {
  const changed = rows.filter((row) => row.is_changed).length;
  return html`<h3>${t("route.tried", { count: rows.length, changed })}</h3>
    <${Table} label=${t("route.try")} head=${["Ticket", t("route.at"), t("route.reason"), t("route.was"), t("route.would")]}
      >${rows.map(
        (row) =>
          html`<tr key=${row.handoff} class=${row.is_changed ? "changed" : ""}>
            <td>#${row.ticket}</td><td>${row.at && moment(row.at)}</td><td>${row.reason && named("reason", row.reason)}</td>
            <td>${row.was ?? "–"}</td><td>${row.would?.name ?? "–"}</td>
          </tr>`,
      )}<//
    >`;
}

function Form({ rule, onClose, onSave, onDelete }) {
  const draft = useSignal({
    ...rule,
    when: Object.fromEntries(LISTS.map((name) => [name, [rule.when[name] ?? []].flat().join(", ")])),
    hours: rule.when.business_hours ?? "",
    then: { ...rule.then, tags: [rule.then.tags ?? []].flat().join(", ") },
  });
  const set = (name) => (value) => (draft.value = { ...draft.value, [name]: value });
  const setIn = (part, name) => (value) => set(part)({ ...draft.value[part], [name]: value });
  const { name, when, then, hours, is_active } = draft.value;
  const save = () =>
    onSave({
      name: name.trim(),
      is_active,
      when: { ...Object.fromEntries(LISTS.map((key) => [key, asList(when[key])])), business_hours: hours || null },
      then: { ...then, agent: then.agent ? Number(then.agent) : null, tags: asList(then.tags) },
    });
  const nobody = /** @type {[string, string]} */ (["", t("route.anybody")]);
  return html`<${FormDialog} title=${rule.name || t("route.add")} onSave=${save} onClose=${onClose} isReady=${Boolean(name.trim())}>
    <${TextField} label=${t("route.name")} value=${name} onInput=${set("name")} required maxlength="120" />
    <h3>${t("route.when")}</h3>
    <div class="columns">
      ${LISTS.map((key) => html`<${TextField} key=${key} label=${t(`route.${key}`)} value=${when[key]} onInput=${setIn("when", key)} />`)}
      <${SelectField} label=${t("route.business_hours")} value=${hours} options=${[["", t("filter.any")], ["open", t("route.business_hours.open")], ["closed", t("route.business_hours.closed")]]} onChange=${set("hours")} />
    </div>
    <h3>${t("route.then")}</h3>
    <div class="columns">
      <${SelectField} label=${t("route.agent")} value=${String(then.agent ?? "")} options=${[nobody, ...colleagues.value.map((one) => [String(one.id), one.name])]} onChange=${setIn("then", "agent")} />
      <${TextField} label=${t("route.skill")} value=${then.skill ?? ""} onInput=${setIn("then", "skill")} />
      <${TextField} label=${t("route.team")} value=${then.team ?? ""} onInput=${setIn("then", "team")} />
      <${SelectField} label=${t("route.priority")} value=${then.priority ?? ""} options=${[["", t("route.same")], ...["urgent", "high", "normal", "low"].map((key) => [key, t(`priority.short.${key}`)])]} onChange=${setIn("then", "priority")} />
      <${TextField} label=${t("route.tags")} value=${then.tags} onInput=${setIn("then", "tags")} />
    </div>
    <label class="check"><input type="checkbox" checked=${is_active} onChange=${(event) => set("is_active")(event.currentTarget.checked)} />${t("route.active")}</label>
    ${rule.name && html`<button type="button" class="danger" onClick=${async () => (await onDelete()) && onClose()}>${t("app.delete")}</button>`}
  <//>`;
}

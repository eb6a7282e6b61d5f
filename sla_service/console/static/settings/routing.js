// Whom a handoff goes to: rules in their order, tried on past handoffs before they count.

import { useSignal } from "@preact/signals";

import { post, put } from "../api.js";
import { html } from "../html.js";
import { Icon } from "../parts/icon.js";
import { colleagues } from "../store/desk.js";
import { may } from "../store/page.js";
import { moment } from "../times.js";
import { has, named, t } from "../words.js";
import { asking, doing, Listed, Table, useRows } from "./listed.js";
import { Form, triedWords } from "./rule.js";

const BLANK = { name: "", when: {}, then: {}, is_active: true };

const bare = ({ name, when, then, is_active }) => ({ name, when: full(when), then: full(then), is_active });
const full = (facts) => Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== "" && String(value) !== ""));

export function Routing() {
  const of = useRows("/api/routing-rules");
  const edited = useSignal(/** @type {{at: number, rule: any}|null} */ (null));
  const tried = useSignal(/** @type {any[]|null} */ (null));
  const rules = () => of.found.value ?? [];
  const keep = (next) => doing(() => put("/api/routing-rules", { rules: next.map(bare) }), of.again);
  const attempt = async (next) => (await asking(() => post("/api/routing-rules/dry-run", { rules: next.map(bare) })))?.handoffs ?? null;
  const replaced = (rule) => rules().toSpliced(edited.value?.at ?? 0, 1, rule);
  const move = (at, by) => {
    const next = [...rules()];
    next.splice(at + by, 0, ...next.splice(at, 1));
    keep(next);
  };
  return html`<div class="screen-acts">
      ${may("supervisor") && html`<button type="button" class="primary" onClick=${() => (edited.value = { at: rules().length, rule: BLANK })}><${Icon} name="plus" />${t("route.add")}</button>`}
      <button type="button" onClick=${async () => (tried.value = await attempt(rules()))}><${Icon} name="play" />${t("route.try")}</button>
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
      onSave=${(rule) => keep(replaced(rule))}
      onTry=${(rule) => attempt(replaced(rule))}
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
  return html`<h3>${triedWords(rows)}</h3>
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

// When the shop is open: a form for each calendar of the policies.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { get, postText } from "../api.js";
import { html } from "../html.js";
import { Skeleton, TextField } from "../parts/controls.js";
import { may } from "../store/page.js";
import { complain } from "../store/toasts.js";
import { date } from "../times.js";
import { t, tongue } from "../words.js";
import { byDay, WEEK, withHours } from "./calendar_text.js";
import { doing } from "./listed.js";

export function Hours() {
  const stored = useSignal(/** @type {any} */ (null));
  const load = () => get("/api/sla/rulebooks/active").then((found) => (stored.value = found));
  useEffect(() => void load().catch(complain), []);
  if (!stored.value) return html`<${Skeleton} lines=${8} />`;
  const { calendars } = stored.value.document;
  return html`${Object.entries(calendars ?? {}).map(
    ([name, calendar]) => html`<${Calendar} key=${`${name} ${stored.value.id}`} name=${name} calendar=${calendar} source=${stored.value.source} again=${load} />`,
  )}`;
}

function Calendar({ name, calendar, source, again }) {
  const draft = useSignal({
    zone: calendar.time_zone,
    alwaysOpen: Boolean(calendar.always_open),
    days: byDay(calendar.hours),
    closedOn: "",
    reason: "",
  });
  const problems = useSignal(/** @type {any[]} */ ([]));
  const set = (key) => (value) => (draft.value = { ...draft.value, [key]: value });
  const { zone, alwaysOpen, days, closedOn, reason } = draft.value;
  const save = async (event) => {
    event.preventDefault();
    const closed = closedOn ? { date: closedOn, reason: reason || t("hours.closed") } : undefined;
    const text = withHours(source, name, { zone, alwaysOpen, days, closed });
    const found = await doing(() => postText(`/api/sla/rulebooks/check?language=${tongue()}`, text));
    if (!found) return;
    problems.value = (found.problems ?? []).filter((one) => !one.is_warning);
    const query = new URLSearchParams({ comment: t("hours.comment", { name }), activate: "true", language: tongue() });
    if (!problems.value.length) await doing(() => postText(`/api/sla/rulebooks?${query}`, text), again);
  };
  return html`<form class="card form" onSubmit=${save}>
    <h3>${name}</h3>
    <div class="columns">
      <${TextField} label=${t("hours.zone")} value=${zone} onInput=${set("zone")} required />
      <label class="check"><input type="checkbox" checked=${alwaysOpen} onChange=${(event) => set("alwaysOpen")(event.currentTarget.checked)} />${t("hours.always")}</label>
    </div>
    ${!alwaysOpen &&
    html`<div class="week">
      ${WEEK.map((day) => html`<${TextField} key=${day} label=${t(`day.${day}`)} value=${days[day]} placeholder=${t("hours.closed")} onInput=${(value) => set("days")({ ...days, [day]: value })} />`)}
    </div>
    <p class="field-hint">${t("hours.hint")}</p>`}
    <${Closed} calendar=${calendar} />
    <div class="columns">
      <${TextField} label=${t("hours.addClosed")} type="date" value=${closedOn} onInput=${set("closedOn")} />
      <${TextField} label=${t("hours.reason")} value=${reason} maxlength="80" onInput=${set("reason")} />
    </div>
    ${problems.value.map((one) => html`<p class="problem" role="alert" key=${one.message}>${one.message}</p>`)}
    ${may("admin") && html`<footer><button class="primary">${t("hours.save")}</button></footer>`}
  </form>`;
}

/** The next days on which the shop is closed. */
function Closed({ calendar }) {
  const today = new Date().toISOString().slice(0, 10);
  const days = Array.isArray(calendar.closed) ? calendar.closed.map((one) => [one, ""]) : Object.entries(calendar.closed ?? {});
  const next = days.filter(([one]) => one >= today).sort().slice(0, 8);
  if (!next.length) return null;
  return html`<div><h4>${t("hours.next")}</h4><ul class="closed-days">
    ${next.map(([one, why]) => html`<li key=${one}><b>${date(`${one}T12:00:00`)}</b> ${why}</li>`)}
  </ul></div>`;
}

// The ticket's clocks, and why each stands where it stands: every start, pause and stop, with its cause.

import { html } from "../html.js";
import { Countdown } from "../parts/countdown.js";
import { Skeleton } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { momentWords } from "../told.js";
import { clockSeconds, exact, moment, number, span } from "../times.js";
import { has, many, named, t } from "../words.js";
import { useAsked } from "./asked.js";

const SIGNS = { fulfilled: "check", breached: "alert", cancelled: "close", paused: "pause", running: "clock" };

/** @param {{number: number, promise: any}} props */
export function Clocks({ number: ticket, promise }) {
  const { answer } = useAsked(`/api/tickets/${ticket}/clocks`);
  const clocks = answer.value === undefined ? null : (answer.value?.clocks ?? []);
  if (clocks?.length === 0 && !promise) return null;
  const over = (clocks ?? []).filter((clock) => !isLive(clock));
  return html`<details class="part" open>
    <summary><h3>${t("clock.title")}</h3></summary>
    ${!clocks && html`<${Skeleton} lines=${2} />`}
    ${clocks?.filter(isLive).map(row)}
    ${over.length > 0 && html`<details class="clocks-over" open=${over.length === clocks?.length}>
      <summary>${many("clock.over", over.length)}</summary>
      ${over.map(row)}
    </details>`}
  </details>`;
}

const isLive = (clock) => clock.state === "running" || clock.state === "paused";
const row = (clock) => html`<${Clock} key=${`${clock.metric} ${clock.cycle}`} clock=${clock} />`;

function Clock({ clock }) {
  const live = { ...clock, paused: clock.state === "paused" };
  const state = clock.breached_at && clock.state !== "running" ? "breached" : clock.state;
  return html`<details class="clock">
    <summary>
      <span class="clock-name">${has(`metric.${clock.metric}`) ? t(`metric.${clock.metric}`) : clock.metric}${clock.cycle > 1 && ` ${clock.cycle}`}</span>
      ${isLive(clock) ? html`<${Countdown} promise=${live} />` : html`<span class=${`countdown ${state === "breached" ? "late" : "done"}`}><${Icon} name=${SIGNS[state] ?? "clock"} />${t(`clock.state.${state}`)}</span>`}
    </summary>
    <p class="clock-about">
      ${t("clock.promise", { target: span((clock.target_s ?? 0) * 1000), calendar: clock.calendar ?? t("clock.always"), policy: clock.policy ?? "" })}
      ${clock.due_at && html` · ${t("clock.due", { at: moment(clock.due_at) })}`}
    </p>
    <ol class="runs" aria-label=${t("clock.why")}>
      ${(clock.moments ?? []).map((one, at) => html`<${Moment} key=${at} one=${one} />`)}
    </ol>
    <p class="clock-sum">${t("clock.sum", { seconds: number(Math.round(clock.consumed_s ?? 0)), span: span((clock.consumed_s ?? 0) * 1000) })}</p>
  </details>`;
}

/** Something that happened to the clock: what, why, and how much it had counted by then. */
function Moment({ one }) {
  return html`<li>
    <time datetime=${one.at} title=${exact(one.at)}>${clockSeconds(one.at)}</time>
    <span>${momentWords(one.what)}${one.cause && `: ${causeWords(one.cause)}`} ${one.used_s !== null && html`<b>${number(Math.round(one.used_s))} s</b>`}</span>
  </li>`;
}

function causeWords(cause) {
  const [name, part] = cause.split(":");
  if (part && name === "status") return named("cause.status", part);
  return named("cause", name);
}

// How long a promise has still to run, or by how much it was missed; never by colour alone.

import { html } from "../html.js";
import { now } from "../store/page.js";
import { moment, span } from "../times.js";
import { has, t } from "../words.js";
import { Icon } from "./icon.js";

const SOON = 5 * 60_000;
const ICONS = { late: "alert", soon: "clock", fine: "clock", paused: "pause" };

const isPaused = (promise) => Boolean(promise && (promise.paused || promise.state === "paused"));

/** @param {any} promise @param {number} at @returns {"late"|"soon"|"fine"|"paused"} */
export function stateOf(promise, at) {
  if (isPaused(promise)) return "paused";
  const left = Date.parse(promise.due_at) - at;
  if (promise.breached_at || left < 0) return "late";
  return left < SOON || promise.state === "warned" ? "soon" : "fine";
}

/** @param {{promise: any, isLong?: boolean}} props */
export function Countdown({ promise, isLong }) {
  if (!promise?.due_at && !isPaused(promise)) return null;
  const state = stateOf(promise, now.value);
  const left = span(Date.parse(promise.due_at) - now.value);
  const words = state === "paused" ? t("promise.paused") : t(`promise.${state === "late" ? "late" : "left"}`, { span: left });
  const metric = has(`metric.${promise.metric}`) ? t(`metric.${promise.metric}`) : promise.metric;
  const title = promise.due_at ? t("promise.title", { metric, at: moment(promise.due_at) }) : metric;
  return html`<span class=${`countdown ${state}`} title=${title}
    ><${Icon} name=${ICONS[state]} />${isLong && html`<span class="metric">${metric}</span>`}<span>${words}</span></span
  >`;
}

/** The rest of the 24 hours in which one may write freely. @param {{closesAt?: string|null}} props */
export function Window({ closesAt }) {
  if (!closesAt) return null;
  const left = Date.parse(closesAt) - now.value;
  if (left <= 0) return html`<span class="window closed"><${Icon} name="lock" />${t("window.closed")}</span>`;
  const state = left < 2 * 3_600_000 ? "soon" : "fine";
  return html`<span class=${`window ${state}`} title=${t("window.title", { at: moment(closesAt) })}
    ><${Icon} name="clock" />${t("window.left", { span: span(left) })}</span
  >`;
}

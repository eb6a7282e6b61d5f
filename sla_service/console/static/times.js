// Instants, spans and numbers as people read them, in the page's language and the browser's zone.

import { language, t } from "./words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const formats = new Map();

function format(name, make) {
  const key = `${language.value} ${name}`;
  let found = formats.get(key);
  if (!found) formats.set(key, (found = make(language.value)));
  return found;
}

const dates = (name, options) => format(name, (tag) => new Intl.DateTimeFormat(tag, options));
const daysApart = (a, b) =>
  Math.round((new Date(a).setHours(0, 0, 0, 0) - new Date(b).setHours(0, 0, 0, 0)) / DAY);

/** "14:32" @param {string|number} at */
export const clock = (at) => dates("clock", { hour: "2-digit", minute: "2-digit" }).format(new Date(at));

/** "14:32:07" @param {string|number} at */
export const clockSeconds = (at) => dates("seconds", { timeStyle: "medium" }).format(new Date(at));

/** The whole instant, for whoever wants to know exactly. @param {string|number} at */
export const exact = (at) => dates("exact", { dateStyle: "long", timeStyle: "medium" }).format(new Date(at));

/** "25 de nov., 14:32" @param {string|number} at */
export const moment = (at) =>
  dates("moment", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(at));

/** "25/11/2026" @param {string|number} at */
export const date = (at) => dates("date", { dateStyle: "short" }).format(new Date(at));

/** The day an instant is in, as a key. @param {string|number} at */
export const dayKey = (at) => new Date(at).toDateString();

/** "Hoje", "Ontem", "sexta-feira, 20 de novembro" @param {string|number} at */
export function day(at) {
  const ago = daysApart(Date.now(), at);
  if (ago === 0) return t("time.today");
  if (ago === 1) return t("time.yesterday");
  const year = new Date(at).getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return dates(`day ${year}`, { weekday: "long", day: "numeric", month: "long", year }).format(new Date(at));
}

/** How long ago, as short as a list wants it: "agora", "5 min", "14:32", "ontem", "20/11" @param {string|number} at @param {number} now */
export function ago(at, now = Date.now()) {
  const minutes = Math.floor((now - Number(new Date(at))) / MINUTE);
  if (minutes < 1) return t("time.now");
  if (minutes < 60) return t("time.minutes", { count: minutes });
  const days = daysApart(now, at);
  if (days === 0) return clock(at);
  if (days === 1) return t("time.yesterday").toLowerCase();
  return dates("date-short", { day: "2-digit", month: "2-digit" }).format(new Date(at));
}

/** A span as short as it can be told: "45 s", "12 min", "1 h 20", "3 d" @param {number} milliseconds */
export function span(milliseconds) {
  const all = Math.abs(milliseconds);
  if (all < 2 * MINUTE) return t("time.seconds", { count: Math.floor(all / 1000) });
  if (all < HOUR) return t("time.minutes", { count: Math.floor(all / MINUTE) });
  if (all < DAY) {
    const minutes = Math.floor((all % HOUR) / MINUTE);
    const hours = t("time.hours", { count: Math.floor(all / HOUR) });
    return minutes ? `${hours} ${String(minutes).padStart(2, "0")}` : hours;
  }
  return t("time.days", { count: Math.floor(all / DAY) });
}

/** "97%" @param {number} share */
export const percent = (share, digits = 0) =>
  format(`percent ${digits}`, (tag) =>
    new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: digits }),
  ).format(share);

/** "1.234" @param {number} value */
export const number = (value) => format("number", (tag) => new Intl.NumberFormat(tag)).format(value);

/** "R$ 289,90" @param {number} amount @param {string} [currency] */
export const money = (amount, currency = "BRL") =>
  format(`money ${currency}`, (tag) => new Intl.NumberFormat(tag, { style: "currency", currency })).format(amount);

// Instants and numbers as people read them, in the page's language and the browser's zone.

import { language, t } from "./i18n.js";

const MINUTE = 60_000;
const formats = new Map();

function format(name, make) {
  const key = `${language()} ${name}`;
  if (!formats.has(key)) formats.set(key, make(language()));
  return formats.get(key);
}

const daysApart = (a, b) =>
  Math.round((new Date(a).setHours(0, 0, 0, 0) - new Date(b).setHours(0, 0, 0, 0)) / 86_400_000);

/** "14:32" @param {string} at */
export const clock = (at) =>
  format("clock", (tag) => new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit" })).format(
    new Date(at),
  );

/** The whole instant, for whoever wants to know exactly. @param {string} at */
export const exact = (at) =>
  format("exact", (tag) => new Intl.DateTimeFormat(tag, { dateStyle: "long", timeStyle: "medium" })).format(
    new Date(at),
  );

/** The day an instant is in, as a key. @param {string} at */
export const dayKey = (at) => new Date(at).toDateString();

/** "Hoje", "Ontem", "sexta-feira, 20 de novembro" @param {string} at */
export function day(at) {
  const ago = daysApart(Date.now(), at);
  if (ago === 0) return t("time.today");
  if (ago === 1) return t("time.yesterday");
  const year = new Date(at).getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return format(`day ${year}`, (tag) =>
    new Intl.DateTimeFormat(tag, { weekday: "long", day: "numeric", month: "long", year }),
  ).format(new Date(at));
}

/** How long ago, as short as a list wants it: "agora", "há 5 min", "14:32", "ontem", "20/11" @param {string} at */
export function ago(at) {
  const minutes = Math.floor((Date.now() - Date.parse(at)) / MINUTE);
  if (minutes < 1) return t("time.now");
  if (minutes < 60) {
    return format("ago", (tag) => new Intl.RelativeTimeFormat(tag, { style: "short" })).format(
      -minutes,
      "minute",
    );
  }
  const days = daysApart(Date.now(), at);
  if (days === 0) return clock(at);
  if (days === 1) return t("time.yesterday").toLowerCase();
  const year = days < 300 ? undefined : "2-digit";
  return format(`date ${year}`, (tag) =>
    new Intl.DateTimeFormat(tag, { day: "2-digit", month: "2-digit", year }),
  ).format(new Date(at));
}

/** "97%" @param {number} share */
export const percent = (share) =>
  format("percent", (tag) => new Intl.NumberFormat(tag, { style: "percent" })).format(share);

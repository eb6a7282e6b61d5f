// Says times and days as people do.

import { locale, say } from "./words.js";

/** @param {number} seconds Unix time */
export function hour(seconds) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(
    seconds * 1000,
  );
}

export function day(seconds) {
  const date = new Date(seconds * 1000);
  const days = Math.round((midnight(new Date()) - midnight(date)) / 86_400_000);
  if (days === 0) return say("today");
  if (days === 1) return say("yesterday");
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", year: "numeric" }).format(
    date,
  );
}

/** The hour today, the day before that. */
export function brief(seconds) {
  const isToday = midnight(new Date()) === midnight(new Date(seconds * 1000));
  if (isToday) return hour(seconds);
  return new Intl.DateTimeFormat(locale(), { day: "2-digit", month: "2-digit" }).format(
    seconds * 1000,
  );
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

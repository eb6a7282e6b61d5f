// The two languages of the screen: words, money, days and hours.

const LANGUAGES = ["pt-BR", "en"];
const KEPT_AS = "passo-firme.language";
const CLOCK = { dateStyle: "medium", timeStyle: "short" };

let language = chosen();
let words = {};

/** Fetches the words of the language in use. */
export async function loadWords() {
  const response = await fetch(`/shop/static/${language}.json`);
  words = await response.json();
  document.documentElement.lang = language;
  document.title = t("title");
}

/** Changes the language, for the next visits too. */
export async function speak(wanted) {
  language = wanted;
  localStorage.setItem(KEPT_AS, wanted);
  await loadWords();
}

export function currentLanguage() {
  return language;
}

/** "pt" or "en", as the shop's data spells it. */
export function dataLanguage() {
  return language.slice(0, 2);
}

/** The words for a key, with `{name}` filled in. */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

export function money({ amount, currency }) {
  const shape = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  return new Intl.NumberFormat(locale(), shape).format(Number(amount));
}

export function instant(iso) {
  return new Intl.DateTimeFormat(locale(), CLOCK).format(new Date(iso));
}

export function shortInstant(iso) {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date().toDateString();
  const shape = isToday
    ? { hour: "2-digit", minute: "2-digit" }
    : { day: "2-digit", month: "short" };
  return new Intl.DateTimeFormat(locale(), shape).format(at);
}

/** A calendar day, which has no zone: read and written as the same day everywhere. */
export function day(iso) {
  const shape = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale(), shape).format(new Date(`${iso}T00:00:00Z`));
}

/** English as this browser prefers it, so that dates don't turn American in London. */
function locale() {
  if (language !== "en") return language;
  return navigator.languages.find((one) => one.startsWith("en")) ?? "en";
}

function chosen() {
  const kept = localStorage.getItem(KEPT_AS);
  if (LANGUAGES.includes(kept)) return kept;
  return navigator.language.startsWith("pt") ? "pt-BR" : "en";
}

// What the page says, in the language that was chosen.

import { signal } from "@preact/signals";

export const LANGUAGES = ["pt-BR", "en"];
const A_YEAR = 365 * 24 * 3600;

/** The page's language; the server wrote it into the page. */
export const language = signal(document.documentElement.lang);
const words = signal(/** @type {Record<string, string>} */ ({}));

/**
 * A sentence by its key; `{name}` in it becomes `values.name`.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 */
export function t(key, values) {
  const sentence = words.value[key] ?? key;
  if (!values) return sentence;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A sentence that depends on a number: `key.one` or `key.other`. @param {string} key @param {number} count */
export function many(key, count, values = {}) {
  const form = new Intl.PluralRules(language.value).select(count) === "one" ? "one" : "other";
  return t(`${key}.${form}`, { count, ...values });
}

/** Names as one would say them: "Ana, Bruno e Carla". @param {string[]} names */
export const together = (names) => new Intl.ListFormat(language.value, { type: "conjunction" }).format(names);

/** The page's language as the desk's API calls it: `pt` or `en`. */
export const tongue = () => language.value.slice(0, 2);

/** Whether there is a sentence with this key. @param {string} key */
export const has = (key) => key in words.value;

/** A word for a value that the desk may show; the value itself where there is none. @param {string} prefix @param {string} value */
export const named = (prefix, value) => (has(`${prefix}.${value}`) ? t(`${prefix}.${value}`) : value.replaceAll("_", " "));

/** Loads the words of the page's language. */
export async function loadWords(tag = language.value) {
  const response = await fetch(new URL(`./${tag}.json`, import.meta.url));
  if (!response.ok) throw new Error(`no words for ${tag}`);
  words.value = await response.json();
  language.value = tag;
  document.documentElement.lang = tag;
}

/** Says the page in another language, and remembers it in this browser. @param {string} tag */
export async function speak(tag) {
  document.cookie = `balcao_language=${tag}; path=/; max-age=${A_YEAR}; samesite=lax`;
  await loadWords(tag);
}

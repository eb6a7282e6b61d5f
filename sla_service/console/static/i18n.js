// What the page says, in the language that was chosen in this browser.

const LANGUAGES = ["pt-BR", "en"];
const A_YEAR = 365 * 24 * 3600;
let words = {};

/** The language of the page: the server wrote it there. */
export const language = () => document.documentElement.lang;

/**
 * A sentence by its key; `{name}` in it becomes `values.name`.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 */
export function t(key, values = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whether there is a sentence with this key. */
export const has = (key) => key in words;

/** Loads the words of the page's language. */
export async function load() {
  const response = await fetch(new URL(`./${language()}.json`, import.meta.url));
  if (!response.ok) throw new Error(`no words for ${language()}`);
  words = await response.json();
}

/** Changes to the other language, remembers it, and says the page again. */
export async function switchLanguage() {
  const other = LANGUAGES.find((tag) => tag !== language());
  document.documentElement.lang = other;
  document.cookie = `balcao_language=${other}; path=/; max-age=${A_YEAR}; samesite=lax`;
  await load();
  sayAgain(document);
}

/** Says in the page's language what the server wrote into it. @param {ParentNode} root */
export function sayAgain(root) {
  for (const node of root.querySelectorAll("[data-word]")) node.textContent = t(node.dataset.word);
  for (const node of root.querySelectorAll("[data-word-label]")) {
    node.setAttribute("aria-label", t(node.dataset.wordLabel));
  }
  for (const node of root.querySelectorAll("[data-word-placeholder]")) {
    node.placeholder = t(node.dataset.wordPlaceholder);
  }
}

// What this browser keeps of one person's unfinished work, so that a page that closes loses nothing.

import { me } from "./page.js";

const PREFIX = "balcao.kept.";
const LONGEST = 14 * 24 * 3600_000; // milliseconds after which nobody will come back for it

const begins = (kind) => `${PREFIX}${me.peek()?.id}.${kind}.`;

/** Keeps a value under a key; nothing instead of a value forgets it. @param {string} kind @param {string|number} key @param {any} [value] */
export function keep(kind, key, value) {
  const name = `${begins(kind)}${key}`;
  try {
    if (value) localStorage.setItem(name, JSON.stringify({ ...value, keptAt: Date.now() }));
    else localStorage.removeItem(name);
  } catch {
    // A browser that keeps nothing works all the same.
  }
}

/** Everything that is kept of a kind, by key. @param {string} kind @returns {[string, any][]} */
export function kept(kind) {
  const start = begins(kind);
  return names()
    .filter((name) => name.startsWith(start))
    .map((name) => /** @type {[string, any]} */ ([name.slice(start.length), read(name)]))
    .filter(([, value]) => value);
}

/** Leaves nothing behind: whoever uses this browser next need not see it. */
export function forgetEverything() {
  names().forEach((name) => localStorage.removeItem(name));
}

function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

/** A value that is worth something still; any other goes. */
function read(name) {
  try {
    const value = JSON.parse(localStorage.getItem(name) ?? "null");
    if (value?.keptAt > Date.now() - LONGEST) return value;
  } catch {
    // What is kept there is not ours to trust.
  }
  localStorage.removeItem(name);
  return null;
}

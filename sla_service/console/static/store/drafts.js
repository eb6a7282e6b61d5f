// What was begun at a conversation and not sent: whether it is a reply or a note, and its words.

import { effect, signal } from "@preact/signals";

import { keep, kept } from "./kept.js";

/** @typedef {"reply"|"note"} Kind */
/** @typedef {{text: import("@preact/signals").Signal<string>, kind: import("@preact/signals").Signal<Kind>, end: () => void}} Draft */

const drafts = new Map(/** @type {[number, Draft][]} */ ([]));

/** The draft at a conversation. @param {number} id @returns {Draft} */
export function draft(id) {
  return drafts.get(id) ?? begin(id);
}

/** Lets go of a draft in which nothing is written: the next one is a reply again. @param {number} id */
export function leaveDraft(id) {
  const found = drafts.get(id);
  if (!found || found.text.peek()) return;
  found.end();
  drafts.delete(id);
}

function begin(id) {
  const before = kept("draft").find(([key]) => key === String(id))?.[1];
  const text = signal(before?.text ?? "");
  const kind = signal(/** @type {Kind} */ (before?.kind ?? "reply"));
  const end = effect(() => keep("draft", id, text.value && { text: text.value, kind: kind.value }));
  const found = { text, kind, end };
  drafts.set(id, found);
  return found;
}

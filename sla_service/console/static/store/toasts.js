// Short words at the edge of the page: what was done, and how to undo it.

import { signal } from "@preact/signals";

import { Refused } from "../api.js";
import { has, t } from "../words.js";

const STAYS = 6000;
let last = 0;

/** @typedef {{id: number, words: string, undo?: () => any, isBad?: boolean}} Toast */
export const toasts = signal(/** @type {Toast[]} */ ([]));

/** @param {string} words @param {{undo?: () => any, isBad?: boolean}} [more] */
export function say(words, more = {}) {
  const id = (last += 1);
  toasts.value = [...toasts.value.slice(-2), { id, words, ...more }];
  setTimeout(() => dismiss(id), STAYS);
}

/** @param {number} id */
export function dismiss(id) {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Takes back the last thing that can be. */
export function undoLast() {
  const toast = toasts.value.findLast((one) => one.undo);
  if (!toast) return;
  dismiss(toast.id);
  toast.undo?.();
}

/** What went wrong, in words; anything that isn't the desk's refusal is our own fault and goes on. @param {any} error */
export function complain(error) {
  if (error?.name === "AbortError") return;
  if (!(error instanceof Refused)) throw error;
  say(reasonOf(error), { isBad: true });
}

/** Who has it, where the desk says so. @param {Record<string, any>} problem */
const holderIn = ({ held_by: holder }) => holder?.name ?? holder ?? t("author.agent");

/** @param {Refused} error */
export function reasonOf(error) {
  const key = `problem.${error.problem.type}`;
  if (has(key)) return t(key, { ...error.problem, holder: holderIn(error.problem) });
  if (error.status === 0) return t("problem.unreachable");
  if (error.status === 403) return t("problem.forbidden");
  if (error.status === 409) return t("problem.conflict");
  return error.problem.detail || t("app.failed");
}

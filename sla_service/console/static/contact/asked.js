// Data that a part of the page asks for by itself, again whenever the conversation changes.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { get, Refused } from "../api.js";
import { current } from "../store/conversations.js";

/** What the desk answers: `undefined` while it hasn't, `null` where it has nothing. @param {string} path @param {any[]} [when] */
export function useAsked(path, when = []) {
  const answer = useSignal(/** @type {any} */ (undefined));
  const again = useSignal(0);
  const moved = current.value?.last_message_at;
  useEffect(() => {
    const stop = new AbortController();
    get(path, {}, stop.signal).then(
      (found) => (answer.value = found),
      (error) => {
        if (error.name === "AbortError") return;
        if (!(error instanceof Refused)) throw error;
        if (answer.peek() === undefined) answer.value = null;
      },
    );
    return () => stop.abort();
  }, [path, moved, again.value, ...when]);
  return { answer, again: () => (again.value += 1) };
}

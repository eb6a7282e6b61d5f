// Data that a part of the page asks for by itself, again whenever the conversation's row is another.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { get, Refused } from "../api.js";
import { current } from "../store/conversations.js";

/** What the desk answers: `undefined` while it hasn't, `null` where it has nothing. @param {string} path @param {any[]} [when] what it depends on, besides the path */
export function useAsked(path, when = [current.value]) {
  const answer = useSignal(/** @type {any} */ (undefined));
  const again = useSignal(0);
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
  }, [path, again.value, ...when]);
  return { answer, again: () => (again.value += 1) };
}

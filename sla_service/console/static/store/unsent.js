// What was said and has not reached the desk yet, as the browser keeps it until it has.

import { keep, kept } from "./kept.js";

const FRESH = 60 * 60_000; // milliseconds within which it goes out by itself when the page is back

/** @param {number} conversation @param {any} item */
export function keepUnsent(conversation, { key, kind, text, at, by, state, body, path, takes, files }) {
  const isWhole = files.length === 0 || Boolean(body.media || body.template);
  keep("unsent", key, { conversation, kind, text, at, by, state, body, path, takes, isWhole });
}

/** @param {string} key */
export const forgetUnsent = (key) => keep("unsent", key);

/** Everything that is left, the oldest first. What was refused does not go out by itself. */
export const unsent = () =>
  kept("unsent")
    .map(([key, { keptAt, ...item }]) => ({ ...item, key, isFresh: item.isWhole && item.state === "sending" && Date.parse(item.at) > Date.now() - FRESH }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

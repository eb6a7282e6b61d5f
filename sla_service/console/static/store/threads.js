// Threads: what was said, what colleagues noted, and what is on its way.

import { signal } from "@preact/signals";

import { get, post, Refused, rows } from "../api.js";
import { draft } from "./drafts.js";
import { me } from "./page.js";
import { forgetUnsent, keepUnsent, unsent } from "./unsent.js";

const PAGE = 50;
const MOST = 200;
const KEPT = 30; // threads that stay in memory

/**
 * @typedef {{messages: any[], handoffs: any[], tickets: any[], before: string|null}} Page
 * @typedef {{key: string, kind: "reply"|"note", text: string, at: string, state: "sending"|"failed", files: any[], why?: any, id?: number, body: any}} Sending
 * @typedef {{id: number, page: import("@preact/signals").Signal<Page|null>, notes: import("@preact/signals").Signal<any[]>, outbox: import("@preact/signals").Signal<Sending[]>, failed: import("@preact/signals").Signal<number|null>}} Thread
 */

const threads = new Map(/** @type {[number, Thread][]} */ ([]));

/** @param {number} id @returns {Thread} */
export function thread(id) {
  let found = threads.get(id);
  if (found) threads.delete(id);
  else found = { id, page: signal(null), notes: signal([]), outbox: signal([]), failed: signal(null) };
  threads.set(id, found);
  if (threads.size > KEPT) forgetOldest();
  return found;
}

function forgetOldest() {
  for (const [id, one] of threads) {
    if (one.outbox.peek().length) continue; // what isn't sent yet must not be lost
    threads.delete(id);
    return;
  }
}

/** Whether a thread has been asked for. @param {number} id */
export const isKnown = (id) => threads.has(id);

/** Asks for the newest stretch, and as much above it as was loaded. @param {number} id @param {AbortSignal} [stop] */
export async function refreshThread(id, stop) {
  const one = thread(id);
  const limit = Math.min(Math.max(one.page.peek()?.messages.length ?? 0, PAGE), MOST);
  try {
    const page = await get(`/api/conversations/${id}/messages`, { limit }, stop);
    one.page.value = withEarlier(one.page.peek(), page);
    one.failed.value = null;
    settle(one);
    await refreshNotes(one, stop);
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Refused)) throw error;
    if (!one.page.peek() || error.status === 404) one.failed.value = error.status;
  }
}

/** @param {Thread} one */
async function refreshNotes(one, stop) {
  const numbers = one.page.peek()?.tickets.map((ticket) => ticket.number) ?? [];
  const found = await Promise.all(numbers.map((number) => notesOf(number, stop)));
  const notes = found.flat();
  if (JSON.stringify(notes) !== JSON.stringify(one.notes.peek())) one.notes.value = notes;
  settle(one);
}

async function notesOf(number, stop) {
  try {
    return rows(await get(`/api/tickets/${number}/notes`, {}, stop)).map((note) => ({ ...note, ticket: number }));
  } catch (error) {
    if (error.name === "AbortError" || error instanceof Refused) return [];
    throw error;
  }
}

/** @param {number} id */
export async function showEarlier(id) {
  const one = thread(id);
  const shown = one.page.peek();
  if (!shown?.before) return;
  const page = await get(`/api/conversations/${id}/messages`, { before: shown.before, limit: PAGE });
  one.page.value = joined(page, one.page.peek());
}

/** The newest stretch; what was loaded above it stays. */
function withEarlier(before, page) {
  const known = before?.messages ?? [];
  const at = known.findIndex((message) => message.id === page.messages[0]?.id);
  if (at < 0 || !page.before) return page;
  return joined({ ...before, messages: known.slice(0, at) }, page);
}

function joined(earlier, later) {
  const both = (name, key) => [
    ...new Map([...earlier[name], ...later[name]].map((item) => [item[key], item])).values(),
  ];
  return {
    messages: both("messages", "id"),
    handoffs: both("handoffs", "id"),
    tickets: both("tickets", "number"),
    before: earlier.before,
  };
}

/** What has arrived need not be shown as on its way. @param {Thread} one */
function settle(one) {
  const there = new Set([
    ...(one.page.peek()?.messages ?? []).flatMap((message) => [`reply ${message.id}`, message.key]),
    ...one.notes.peek().map((note) => `note ${note.id}`),
  ]);
  const isThere = (item) => there.has(item.key) || there.has(`${item.kind} ${item.id}`);
  one.outbox.peek().filter(isThere).forEach((item) => discard(one.id, item.key));
}

/**
 * Says something: it is there at once, and goes out in the order it was said.
 * @param {number} id
 * @param {{kind: "reply"|"note", text: string, ticket?: number, files?: any[], more?: any, takes?: boolean}} what with `takes` the conversation is taken before it goes out
 */
export function send(id, { kind, text, ticket, files = [], more = {}, takes = false }) {
  const one = thread(id);
  const key = crypto.randomUUID();
  const body = kind === "note" ? { text, ...more } : { text, kind, ...more };
  const path = kind === "note" ? `/api/tickets/${ticket}/notes` : `/api/conversations/${id}/messages`;
  const item = /** @type {Sending} */ ({ key, kind, text, at: new Date().toISOString(), by: me.peek()?.name, state: "sending", files, body, path, takes });
  one.outbox.value = [...one.outbox.peek(), item];
  keepUnsent(id, item);
  return deliver(one, key);
}

/** Tries again what did not go out. @param {number} id @param {string} key */
export function sendAgain(id, key) {
  const one = thread(id);
  update(one, key, { state: "sending", why: undefined });
  return deliver(one, key);
}

/** @param {number} id @param {string} key */
export function discard(id, key) {
  const one = thread(id);
  one.outbox.value = one.outbox.peek().filter((item) => item.key !== key);
  forgetUnsent(key);
}

/** What a page that closed had not sent goes out now, as the same message; what is old or was refused waits for a word. */
export function sendWhatWasLeft() {
  for (const { conversation, isWhole, isFresh, ...item } of unsent()) {
    const one = thread(conversation);
    const how = isFresh ? { state: "sending" } : { state: "failed", why: new Refused(0, { type: "left_unsent" }) };
    if (isWhole) one.outbox.value = [...one.outbox.peek(), { ...item, ...how, files: [] }];
    if (isFresh) deliver(one, item.key);
    if (isWhole) continue;
    draft(conversation).text.value ||= item.text; // its file can't be had again
    forgetUnsent(item.key);
  }
}

function update(one, key, changes) {
  one.outbox.value = one.outbox.peek().map((item) => (item.key === key ? { ...item, ...changes } : item));
  const changed = one.outbox.peek().find((item) => item.key === key);
  if (changed && !changed.id) keepUnsent(one.id, changed);
  else forgetUnsent(key);
}

const lines = new Map(/** @type {[number, Promise<any>][]} */ ([])); // one after the other, per thread

function deliver(one, key) {
  const before = lines.get(one.id) ?? Promise.resolve();
  const work = before.then(() => attempt(one, key));
  lines.set(one.id, work);
  return work;
}

async function attempt(one, key) {
  const item = one.outbox.peek().find((other) => other.key === key);
  if (!item) return;
  try {
    const body = { ...item.body };
    const uploads = await Promise.all(item.files.map((file) => file.uploaded));
    if (uploads.length) update(one, key, { body: Object.assign(body, { media: uploads[0].id }) });
    if (item.takes) {
      await post(`/api/conversations/${one.id}/assignment`, { agent: "me" });
      update(one, key, { takes: false });
    }
    const said = await post(item.path, body, { key });
    update(one, key, { id: said?.id ?? said?.message?.id ?? -1 });
    settle(one);
    await refreshThread(one.id);
    if (!said?.id) discard(one.id, key);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    update(one, key, { state: "failed", why: error });
  }
}

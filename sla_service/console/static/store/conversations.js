// Conversations by id, and the list that a view makes of them.

import { batch, computed, effect, signal } from "@preact/signals";

import { get, Refused, rows } from "../api.js";
import { hearOffer } from "./desk.js";
import { me, openId, remembered } from "./page.js";

/** @typedef {{id: number, contact: any, language: string|null, owner: string, waiting: boolean, last_message_at: string, ticket: any, last_message: any, agent?: {id: number, name: string}|null, promise?: any, unread?: number, tags?: string[], intent?: string|null, offer?: any, window_closes_at?: string|null}} Conversation */

const FIRST = 60;
const PAGE = 200;
const MOST = 5000; // rows a browser keeps of one view
const AT_ONCE = 6;
const NEVER = Number.MAX_SAFE_INTEGER;

export const VIEWS = ["mine", "waiting", "open", "bot", "resolved"];
const BELONGS = {
  mine: (one) => one.owner === "agent" && one.agent?.id === me.peek()?.id,
  waiting: (one) => one.owner === "queue",
  open: (one) => one.owner !== "bot" && one.ticket?.status !== "resolved",
  bot: (one) => one.owner === "bot" && one.ticket?.status !== "resolved",
  resolved: (one) => one.ticket?.status === "resolved",
  all: () => true,
};
const URGENT_FIRST = new Set(["mine", "waiting", "open"]);

const known = new Map(/** @type {[number, import("@preact/signals").Signal<Conversation>][]} */ ([]));
const places = new Map(/** @type {[number, number][]} */ ([])); // id -> where it stands; lower is higher up
let members = new Set(/** @type {number[]} */ ([]));

export const view = remembered("view", "open");
export const query = signal("");
/** What narrows a view down: `{priority, language, tag, agent, unread}`. */
export const filter = signal(/** @type {Record<string, any>} */ ({}));
export const ids = signal(/** @type {number[]} */ ([]));
export const list = signal({ isLoading: true, failed: false, next: /** @type {string|null} */ (null) });
export const counts = signal(/** @type {Record<string, number>} */ ({}));

/** The list keeps its order while the pointer is over it; `unseen` is how many rows would be new. */
export const isHeld = signal(false);
export const unseen = signal(0);

/** @param {number} id */
export const conversation = (id) => known.get(id);
export const current = computed(() => (openId.value === null ? null : (slot(openId.value).value ?? null)));

/** How often something happened to the open conversation, also what its row doesn't tell. */
export const happened = signal(0);

/** The signal of a conversation, also of one that isn't there yet. @param {number} id */
export function slot(id) {
  let found = known.get(id);
  if (!found) known.set(id, (found = signal(/** @type {any} */ (undefined))));
  return found;
}

/** @param {Conversation} one */
export function take(one) {
  const place = slot(one.id);
  const before = place.peek();
  if (!before || JSON.stringify(before) !== JSON.stringify(one)) place.value = one;
  places.set(one.id, placeOf(one));
  if (one.offer) hearOffer({ ...one.offer, conversation: one.id });
  const belongs = query.peek() ? members.has(one.id) : isShown(one);
  if (belongs) members.add(one.id);
  else members.delete(one.id);
  arrange();
}

/** Changes what is known at once, and gives back how to undo that. @param {number} id @param {Partial<Conversation>} changes */
export function change(id, changes) {
  const before = slot(id).peek();
  if (!before) return () => {};
  take({ ...before, ...changes });
  return () => take(before);
}

const isShown = (one) => (BELONGS[view.peek()] ?? BELONGS.all)(one) && passes(one, filter.peek());

/** @param {Conversation} one @param {Record<string, any>} wanted */
function passes(one, { priority, language, tag, agent, unread }) {
  if (priority && one.ticket?.priority !== priority) return false;
  if (language && one.language !== language) return false;
  if (tag && !(one.tags ?? []).includes(tag)) return false;
  if (agent && one.agent?.id !== agent) return false;
  return !unread || (one.unread ?? 0) > 0;
}

/** The most urgent promise first; then those whose clock stands; then the newest activity. */
function placeOf(one) {
  const active = -Date.parse(one.last_message_at);
  if (!URGENT_FIRST.has(view.peek()) || query.peek()) return active;
  const { promise } = one;
  if (promise?.due_at && !promise.paused) return Date.parse(promise.due_at);
  return (promise ? NEVER / 4 : NEVER / 2) + active;
}

let frame = 0;
function arrange() {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    const sorted = [...members].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0) || a - b);
    if (isHeld.peek() && ids.peek().length) keepOrder(sorted);
    else settle(sorted);
  });
}

function settle(sorted) {
  const old = ids.peek();
  unseen.value = 0;
  if (old.length !== sorted.length || old.some((id, at) => id !== sorted[at])) ids.value = sorted;
}

function keepOrder(sorted) {
  const shown = new Set(ids.peek());
  unseen.value = sorted.reduce((sum, id) => sum + (shown.has(id) ? 0 : 1), 0);
}

effect(() => {
  if (!isHeld.value) arrange();
});

let asked = new AbortController();

/** Asks for the view anew; what is shown stays until the answer is there unless the view is another. */
export async function load({ anew = false } = {}) {
  asked.abort();
  const mine = (asked = new AbortController());
  if (anew) {
    members = new Set();
    batch(() => {
      ids.value = [];
      list.value = { isLoading: true, failed: false, next: null };
    });
  }
  refreshCounts();
  const fresh = new Set();
  try {
    let cursor = null;
    do {
      const page = await ask(cursor, cursor ? PAGE : FIRST, mine.signal);
      batch(() => page.items.forEach((one) => (fresh.add(one.id), admit(one))));
      cursor = fresh.size < MOST ? page.next : null;
      list.value = { isLoading: false, failed: false, next: cursor };
    } while (cursor);
    for (const id of [...members]) if (!fresh.has(id) && !isNewer(id)) members.delete(id);
    arrange();
    await refresh(stillShown().filter((id) => !fresh.has(id)));
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Refused)) throw error;
    list.value = { ...list.value, isLoading: false, failed: ids.peek().length === 0 };
  }
}

/** What is to be seen whether the view has it or not: rows held under the pointer, and the open one. */
function stillShown() {
  const open = openId.peek();
  return [...new Set([...(isHeld.peek() ? ids.peek() : []), ...(open === null ? [] : [open])])];
}

/** Rows of an answer belong to it, whatever we would think of them, when words were looked for. */
function admit(one) {
  take(one);
  if (query.peek()) members.add(one.id);
}

const came = new Map(/** @type {[number, number][]} */ ([])); // id -> when it last came by an event
const isNewer = (id) => Date.now() - (came.get(id) ?? 0) < 10_000;

async function ask(cursor, limit, signal) {
  const { priority, language, tag, agent, unread } = filter.peek();
  const words = { view: query.peek() ? "all" : view.peek(), q: query.peek(), priority, language, tag, agent, unread };
  const page = await get("/api/conversations", { ...words, cursor, limit }, signal);
  return { items: rows(page), next: page.next ?? null };
}

export async function refreshCounts() {
  try {
    counts.value = (await get("/api/counts")) ?? {};
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

/** Asks again for some conversations. @param {number[]} wanted */
export async function refresh(wanted) {
  const left = [...wanted];
  const worker = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      try {
        const one = await get(`/api/conversations/${id}`);
        came.set(id, Date.now());
        take(one);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error.status === 404) members.delete(id);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, left.length) }, worker));
}

/** The row `by` steps from the open one; the first or last where none is open. @param {number} by */
export function neighbour(by) {
  const rows = ids.peek();
  const at = rows.indexOf(openId.peek() ?? -1);
  if (at < 0) return rows[by > 0 ? 0 : rows.length - 1];
  return rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
}

/** Does something with the first row, once there is one; gives back how to wait no longer. @param {(id: number) => void} act */
export function whenFound(act) {
  const stop = effect(() => {
    const first = list.value.isLoading ? undefined : ids.value[0];
    if (first !== undefined) queueMicrotask(() => (stop(), act(first)));
  });
  return stop;
}

let isFirst = true;
effect(() => {
  void [view.value, query.value, filter.value];
  if (isFirst) isFirst = false;
  else load({ anew: true });
});

// What the desk around a conversation knows: colleagues, ready words, notices, offers, who is looking.

import { computed, signal } from "@preact/signals";

import { get, patch, post, Refused, remove, rows } from "../api.js";
import { me, now } from "./page.js";

export const agents = signal(/** @type {any[]} */ ([]));
export const cannedReplies = signal(/** @type {any[]} */ ([]));
export const templates = signal(/** @type {any[]} */ ([]));
export const notices = signal(/** @type {any[]} */ ([]));
export const stopped = signal(/** @type {any[]} */ ([]));
export const offers = signal(/** @type {any[]} */ ([]));

export const openNotices = computed(() => notices.value.filter((one) => !one.acknowledged_at));
export const liveOffers = computed(() => offers.value.filter((one) => Date.parse(one.expires_at) > now.value));

/** Whoever can be given work, without those that were disabled. */
export const colleagues = computed(() => agents.value.filter((one) => !one.disabled_at));

/** An answer, or nothing where the desk has none or did not answer. */
async function whatever(path, query) {
  try {
    return await get(path, query);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return null;
  }
}

export async function loadMe() {
  me.value = (await whatever("/api/me")) ?? { id: null, name: "", role: "admin", presence: "available" };
}

export async function loadAgents() {
  agents.value = rows(await whatever("/api/agents"));
}

export async function loadNotices() {
  notices.value = rows(await whatever("/api/notices", { limit: 50 }));
}

export async function loadStopped() {
  stopped.value = rows(await whatever("/api/accounts/stopped"));
}

/** Ready words: asked for once the page stands. */
export async function loadWordsAtHand() {
  const [canned, known] = await Promise.all([whatever("/api/canned-replies"), whatever("/api/templates")]);
  cannedReplies.value = rows(canned);
  templates.value = rows(known);
}

/** @param {string} presence */
export async function setPresence(presence) {
  const before = me.peek();
  if (!before) return;
  me.value = { ...before, presence };
  try {
    await patch("/api/me", { presence });
  } catch (error) {
    me.value = before;
    throw error;
  }
}

/** @param {any} notice */
export async function acknowledge(notice) {
  const before = notices.peek();
  const done = { ...notice, acknowledged_at: new Date().toISOString(), acknowledged_by: me.peek()?.name };
  notices.value = before.map((one) => (one.id === notice.id ? done : one));
  try {
    await post(`/api/notices/${notice.id}/acknowledgement`);
  } catch (error) {
    notices.value = before;
    throw error;
  }
}

/** @param {{id: number, conversation: number, expires_at: string}} offer */
export function hearOffer(offer) {
  const known = offers.peek().find((one) => one.id === offer.id);
  if (known?.expires_at === offer.expires_at) return;
  offers.value = [...offers.peek().filter((one) => one.id !== offer.id), offer];
}

/** @param {any} offer */
export async function acceptOffer(offer) {
  offers.value = offers.peek().filter((one) => one.id !== offer.id);
  await post(`/api/offers/${offer.id}/acceptance`);
}

/** @param {any} offer */
export async function declineOffer(offer) {
  offers.value = offers.peek().filter((one) => one.id !== offer.id);
  await remove(`/api/offers/${offer.id}`);
}

const LOOKS_FOR = 45_000; // a look that isn't renewed has ended
const looks = signal(/** @type {Record<string, {agent: any, doing: string, at: number}>} */ ({}));

/** @param {{conversation: number, agent: {id: number, name: string}, doing: string}} look */
export function hearLook({ conversation, agent, doing }) {
  const person = typeof agent === "object" ? agent : (agents.peek().find((one) => one.id === agent) ?? { id: agent, name: "" });
  if (person.id === me.peek()?.id) return;
  const others = { ...looks.peek() };
  if (doing === "left") delete others[`${conversation} ${person.id}`];
  else others[`${conversation} ${person.id}`] = { agent: person, doing, at: Date.now() };
  looks.value = others;
}

/** Colleagues at a conversation: `[{agent, doing}]`. @param {number} id */
export const looksAt = (id) =>
  Object.entries(looks.value)
    .filter(([key, look]) => key.startsWith(`${id} `) && look.at > now.value - LOOKS_FOR)
    .map(([, look]) => look);

let told = "";
/** Tells colleagues what this person does at a conversation; the same thing again after a while only. @param {number} id @param {"viewing"|"replying"|"left"} doing */
export function tellLook(id, doing) {
  const what = `${id} ${doing} ${Math.floor(Date.now() / 20_000)}`;
  if (what === told) return;
  told = what;
  post(`/api/conversations/${id}/viewing`, { doing }).catch(() => null);
}

/** @param {{agent: any, presence: string}} news */
export function hearPresence({ agent, presence }) {
  const id = agent?.id ?? agent;
  if (presence) agents.value = agents.peek().map((one) => (one.id === id ? { ...one, presence } : one));
  else loadAgents();
}

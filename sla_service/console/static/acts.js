// What can be done with a conversation: each act once, for buttons, keys and the palette.

import { patch, post, put, remove } from "./api.js";
import { change, conversation, current, refresh } from "./store/conversations.js";
import { dialog, may, me } from "./store/page.js";
import { refreshThread, send } from "./store/threads.js";
import { complain, say } from "./store/toasts.js";
import { t } from "./words.js";

const isMine = (one) => one.owner === "agent" && one.agent?.id === me.value?.id;
const isToGive = (one) => isMine(one) || may("supervisor"); // whoever has it decides, and supervisors do
const isResolved = (one) => one.ticket?.status === "resolved";
const hasTicket = (one) => Boolean(one.ticket);
const about = (one) => ({ name: one.contact.name || t("contact.unknown"), number: `#${one.ticket?.number}` });
const ask = (kind) => () => (dialog.value = { kind });

/**
 * @typedef {{id: string, keys: string, icon: string, when: (one: any) => boolean, run: (one: any) => any}} Act
 * @type {Act[]}
 */
export const ACTS = [
  { id: "accept", keys: "a", icon: "hand", when: (one) => one.owner !== "agent" && !isResolved(one), run: (one) => assign(one, "me") },
  { id: "takeOver", keys: "a", icon: "hand", when: (one) => one.owner === "agent" && !isMine(one) && may("supervisor") && !isResolved(one), run: (one) => assign(one, "me") },
  { id: "resolve", keys: "e", icon: "check", when: (one) => hasTicket(one) && !isResolved(one) && (one.owner !== "agent" || isToGive(one)), run: resolve },
  { id: "reopen", keys: "e", icon: "reopen", when: isResolved, run: reopen },
  { id: "pend", keys: "p", icon: "pause", when: (one) => one.ticket?.status === "open" && one.owner !== "bot", run: (one) => setStatus(one, "pending") },
  { id: "unpend", keys: "p", icon: "play", when: (one) => ["pending", "on_hold"].includes(one.ticket?.status), run: (one) => setStatus(one, "open") },
  { id: "hold", keys: "h", icon: "hold", when: (one) => ["open", "pending"].includes(one.ticket?.status) && one.owner !== "bot", run: (one) => setStatus(one, "on_hold") },
  { id: "transfer", keys: "t", icon: "transfer", when: (one) => hasTicket(one) && isToGive(one), run: ask("transfer") },
  { id: "toQueue", keys: "q", icon: "queue", when: (one) => one.owner === "agent" && isToGive(one), run: toQueue },
  { id: "toBot", keys: "b", icon: "bot", when: (one) => one.owner === "queue" || (one.owner === "agent" && isToGive(one)), run: ask("toBot") },
  { id: "priority", keys: "y", icon: "flag", when: hasTicket, run: ask("priority") },
  { id: "tag", keys: "l", icon: "tag", when: hasTicket, run: ask("tag") },
  { id: "item", keys: "i", icon: "item", when: hasTicket, run: ask("item") },
  { id: "merge", keys: "m", icon: "merge", when: hasTicket, run: ask("merge") },
];

/** @param {string} id */
export const act = (id) => ACTS.find((one) => one.id === id);

/** The acts that make sense for the open conversation. */
export const possible = () => (current.value ? ACTS.filter((one) => one.when(current.value)) : []);

/** Does what a key stands for with the open conversation. @param {string} keys */
export function press(keys) {
  const one = current.peek();
  const found = one && ACTS.find((other) => other.keys === keys && other.when(one));
  if (found) found.run(one);
}

/** Shows a change at once, asks the desk for it, and takes it back when the desk refuses. */
async function attempt(one, changes, request, done) {
  const back = change(one.id, changes);
  try {
    await request();
    if (done) say(done.words, { undo: done.undo });
  } catch (error) {
    back();
    complain(error);
  }
  refresh([one.id]);
  refreshThread(one.id);
}

/** Gives it to somebody; what another has is taken from them only as long as it is still theirs. @param {any} one @param {number|"me"} agent @param {string} [name] */
export function assign(one, agent, name) {
  const isMe = agent === "me";
  const seen = one.owner === "agent" ? { owner_fence: one.owner_fence } : {};
  const person = isMe ? { id: me.peek()?.id, name: me.peek()?.name } : { id: agent, name };
  return attempt(
    one,
    { owner: "agent", agent: person },
    () => post(`/api/conversations/${one.id}/assignment`, { agent, ...seen }),
    {
      words: isMe ? t("did.accepted", about(one)) : t("did.transferred", { ...about(one), agent: name ?? "" }),
      undo: isMe || may("supervisor") ? () => restore(one) : undefined,
    },
  );
}

/** Answers the contact; a conversation that nobody holds is taken by answering. @param {any} one @param {{text: string, files?: any[], more?: any}} what */
export async function reply(one, what) {
  const takes = one.owner !== "agent";
  if (takes) change(one.id, { owner: "agent", agent: { id: me.peek()?.id ?? 0, name: me.peek()?.name ?? "" } });
  await send(one.id, { kind: "reply", ...what, takes });
  if (takes) refresh([one.id]);
}

/** Gives it back to whoever had it, as it is by now: the fence has moved on since. */
async function restore(one) {
  if (one.owner === "agent" && one.agent) {
    await refresh([one.id]);
    return assign(conversation(one.id)?.peek() ?? one, one.agent.id, one.agent.name);
  }
  if (one.owner === "bot") return toBot(one);
  return toQueue(one);
}

function toQueue(one) {
  return attempt(
    one,
    { owner: "queue", agent: null },
    () => remove(`/api/conversations/${one.id}/assignment`, { to: "queue" }),
    { words: t("did.queued", about(one)), undo: one.agent ? () => restore(one) : undefined },
  );
}

/** @param {any} one @param {string} [instruction] */
export function toBot(one, instruction) {
  return attempt(
    one,
    { owner: "bot", agent: null },
    () => post(`/api/conversations/${one.id}/bot`, instruction ? { instruction } : {}),
    { words: t("did.toBot", about(one)), undo: one.agent ? () => restore(one) : () => assign(one, "me") },
  );
}

function resolve(one) {
  return attempt(
    one,
    { ticket: { ...one.ticket, status: "resolved" } },
    () => post(`/api/tickets/${one.ticket.number}/resolution`),
    { words: t("thread.resolved", { number: `#${one.ticket.number}` }), undo: () => reopenAsItWas(one) },
  );
}

/** Whoever had it when it was resolved has it again. */
async function reopenAsItWas(one) {
  await reopen(one);
  if (isMine(one) || (one.owner === "agent" && may("supervisor"))) await restore(one);
}

function reopen(one) {
  return attempt(
    one,
    { ticket: { ...one.ticket, status: "open" } },
    () => remove(`/api/tickets/${one.ticket.number}/resolution`),
    { words: t("did.reopened", about(one)) },
  );
}

function setStatus(one, status) {
  const path = `/api/tickets/${one.ticket.number}/status`;
  return attempt(one, { ticket: { ...one.ticket, status } }, () => put(path, { status }), {
    words: t(`did.${status}`, about(one)),
    undo: () => setStatus(one, one.ticket.status),
  });
}

/** @param {any} one @param {{priority?: string, subject?: string, tags?: string[]}} facts */
export function amend(one, facts) {
  const before = { priority: one.ticket.priority, subject: one.ticket.subject, tags: one.tags ?? [] };
  const changes = { ticket: { ...one.ticket, ...facts, tags: undefined }, tags: facts.tags ?? one.tags };
  const undo = () => amend(one, Object.fromEntries(Object.keys(facts).map((name) => [name, before[name]])));
  return attempt(one, changes, () => patch(`/api/tickets/${one.ticket.number}`, facts), {
    words: t("did.amended", about(one)),
    undo,
  });
}

/** @param {any} one @param {number} into */
export function merge(one, into) {
  return attempt(one, {}, () => post(`/api/tickets/${one.ticket.number}/merge`, { into }), {
    words: t("did.merged", { ...about(one), into: `#${into}` }),
  });
}

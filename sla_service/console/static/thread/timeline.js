// A thread in the order it happened: days, tickets, changes of owner, messages and notes as one line.

import { dayKey } from "../times.js";

const APART = 5 * 60_000; // messages of one author that are closer than this stand together

/**
 * @typedef {{kind: "day"|"ticket"|"handoff"|"message"|"note"|"sending", key: string, at: string, [more: string]: any}} Moment
 * @param {{messages: any[], handoffs: any[], tickets: any[], before: string|null}} page
 * @param {any[]} notes
 * @param {any[]} outbox
 * @returns {Moment[]}
 */
export function timeline({ messages, handoffs, tickets, before }, notes, outbox) {
  const byNumber = new Map(tickets.map((ticket) => [ticket.number, ticket]));
  const line = new Line(before ? messages[0]?.ticket : null);
  const first = messages[0] ? Date.parse(messages[0].said_at) : 0;
  const aside = [
    ...handoffs.map((handoff) => ({ kind: "handoff", key: `handoff ${handoff.id}`, at: handoff.at, handoff })),
    ...notes
      .filter((note) => !before || Date.parse(note.created_at) >= first)
      .map((note) => ({ kind: "note", key: `note ${note.id}`, at: note.created_at, note })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const asideUntil = (until) => {
    while (aside.length && Date.parse(aside[0].at) <= until) line.add(/** @type {any} */ (aside.shift()));
  };
  for (const message of messages) {
    asideUntil(Date.parse(message.said_at));
    line.enter(message, byNumber);
    line.add({ kind: "message", key: `message ${message.id}`, at: message.said_at, message });
  }
  asideUntil(Infinity);
  for (const sending of outbox) line.add({ kind: "sending", key: `sending ${sending.key}`, at: sending.at, sending });
  showUnderstandingOnce(line.moments);
  return line.moments;
}

class Line {
  /** @type {Moment[]} */
  moments = [];
  #seen = new Set();
  #today = "";
  #latest = 0;
  #ticket;

  /** @param {number|null|undefined} ticket the one that what came before belongs to, where that is not known */
  constructor(ticket) {
    this.#ticket = ticket;
  }

  /** @param {Moment} moment */
  add(moment) {
    const at = Date.parse(moment.at);
    if (at > this.#latest && dayKey(moment.at) !== this.#today) {
      this.#today = dayKey(moment.at);
      this.moments.push({ kind: "day", key: `day ${this.#today}`, at: moment.at });
    }
    this.#latest = Math.max(this.#latest, at);
    moment.isFirst = !isSame(this.moments.at(-1), moment);
    this.moments.push(moment);
  }

  /** Says that a ticket begins, or goes on, where another one was before. */
  enter(message, byNumber) {
    const { ticket } = message;
    if (ticket && ticket !== this.#ticket && byNumber.has(ticket)) {
      const again = this.#seen.has(ticket);
      this.add({ kind: "ticket", key: `ticket ${ticket} ${message.id}`, at: message.said_at, ticket: byNumber.get(ticket), again });
      this.#ticket = ticket;
    }
    if (ticket) this.#seen.add(ticket);
  }
}

const voice = (moment) => moment?.message?.author ?? (moment?.sending?.kind === "reply" ? "agent" : null);

function isSame(before, moment) {
  const author = voice(moment);
  if (!before || author === null || voice(before) !== author) return false;
  if ((before.message?.agent?.id ?? null) !== (moment.message?.agent?.id ?? before.message?.agent?.id ?? null)) return false;
  return Date.parse(moment.at) - Date.parse(before.at) < APART;
}

/** What the bot understood of a burst belongs to its last message. */
function showUnderstandingOnce(moments) {
  const last = new Map();
  for (const moment of moments) {
    const { message } = moment;
    if (message?.turn && message.author === "contact") last.set(message.turn.id, moment);
  }
  for (const moment of last.values()) moment.showsTurn = true;
}

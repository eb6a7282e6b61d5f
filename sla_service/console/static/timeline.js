// A thread in the order it happened: days, tickets, changes of owner and messages as one line.

import { dayKey } from "./times.js";

/**
 * @typedef {{kind: "day"|"ticket"|"handoff"|"message", key: string, at: string, [more: string]: any}} Moment
 * @param {{messages: any[], handoffs: any[], tickets: any[], before: string|null}} thread
 * @returns {Moment[]}
 */
export function timeline({ messages, handoffs, tickets, before }) {
  const byNumber = new Map(tickets.map((ticket) => [ticket.number, ticket]));
  const seen = new Set();
  const moments = [];
  const waiting = [...handoffs];
  let today = null;
  let latest = 0;
  let ticket = before ? messages[0]?.ticket : null; // what came before is not known yet

  const add = (moment) => {
    const at = Date.parse(moment.at);
    if (at > latest && dayKey(moment.at) !== today) {
      today = dayKey(moment.at);
      moments.push({ kind: "day", key: `day ${today}`, at: moment.at });
    }
    latest = Math.max(latest, at);
    moments.push(moment);
  };
  const handOver = (until) => {
    while (waiting.length && (until === null || Date.parse(waiting[0].at) <= until)) {
      const handoff = waiting.shift();
      add({ kind: "handoff", key: `handoff ${handoff.id}`, at: handoff.at, handoff });
    }
  };

  for (const message of messages) {
    handOver(Date.parse(message.said_at));
    if (message.ticket && message.ticket !== ticket) {
      const known = byNumber.get(message.ticket);
      const key = `ticket ${message.ticket} ${message.id}`;
      add({ kind: "ticket", key, at: message.said_at, ticket: known, again: seen.has(message.ticket) });
      ticket = message.ticket;
    }
    if (message.ticket) seen.add(message.ticket);
    add({
      kind: "message",
      key: `message ${message.id}`,
      at: message.said_at,
      message,
      isFirst: moments.at(-1)?.message?.author !== message.author,
    });
  }
  handOver(null);
  showUnderstandingOnce(moments);
  return moments;
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

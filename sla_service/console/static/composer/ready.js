// Ready replies as they go out: filled in by the desk, and what is missing in them still.

import { get, Refused } from "../api.js";
import { draft } from "../store/drafts.js";
import { me } from "../store/page.js";
import { lookUpOrders, orderAt } from "../store/orders.js";

export const ORDER = "order.number";
const PLACE = /\{\{\s*([\w.]+)\s*(?:\|([^{}]*))?\}\}/g;

/** A ready reply in the contact's language, as far as the page knows what belongs in it. @param {any} reply @param {any} one */
export function filled(reply, one) {
  const text = (one.language?.startsWith("en") ? reply.text_en : reply.text_pt) || reply.text_pt || reply.text_en || "";
  const first = (name) => name?.split(" ")[0];
  const known = {
    "contact.first_name": first(one.contact.name),
    "contact.name": one.contact.name,
    "ticket.number": one.ticket && String(one.ticket.number),
    "ticket.subject": one.ticket?.subject,
    "agent.first_name": first(me.value?.name),
    "agent.name": me.value?.name,
    [ORDER]: orderAt(one.id),
  };
  return text.replace(PLACE, (whole, name, instead) => known[name] || instead?.trim() || whole);
}

/** Puts the desk's own filling where the page's stands, unless somebody changed that meanwhile. @param {any} reply @param {any} one @param {string} guess */
export async function settleReady(reply, one, guess) {
  const words = await rendered(reply, one);
  const { text } = draft(one.id);
  if (words && words !== guess && text.peek().includes(guess)) text.value = text.peek().replace(guess, () => words);
}

async function rendered(reply, one) {
  if (missingIn(`${reply.text_pt} ${reply.text_en}`).includes(ORDER)) await lookUpOrders(one.id);
  try {
    const query = { conversation: one.id, order: orderAt(one.id) };
    return (await get(`/api/canned-replies/${reply.id}/rendering`, query)).text;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return null; // what the page itself could fill in has to do
  }
}

/** What stands in a text between braces still, each name once. @param {string} text */
export const missingIn = (text) => [...new Set([...text.matchAll(PLACE)].map((found) => found[1]))];

/** A text with a value in every place of a name. @param {string} text @param {string} name @param {string} value */
export const filledWith = (text, name, value) => text.replace(PLACE, (whole, found) => (found === name ? value : whole));

/** Where the first place stands, of one name or of any. @param {string} text @param {string} [name] @returns {[number, number]|null} */
export function placeIn(text, name) {
  const found = [...text.matchAll(PLACE)].find((one) => !name || one[1] === name);
  return found ? [found.index, found.index + found[0].length] : null;
}

/** A text in pieces: what is missing, and what stands around it. @param {string} text @returns {{words: string, isMissing: boolean}[]} */
export function pieces(text) {
  let end = 0;
  const found = [];
  for (const place of text.matchAll(PLACE)) {
    found.push({ words: text.slice(end, place.index), isMissing: false }, { words: place[0], isMissing: true });
    end = place.index + place[0].length;
  }
  return [...found, { words: text.slice(end), isMissing: false }].filter((piece) => piece.words);
}

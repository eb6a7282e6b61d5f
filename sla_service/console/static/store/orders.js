// The shop's orders beside the open conversation, and the one that is being talked about.

import { signal } from "@preact/signals";

import { get, Refused, rows } from "../api.js";

/** @typedef {{id: number|null, numbers: string[], chosen: string|null}} Beside */

export const beside = signal(/** @type {Beside} */ ({ id: null, numbers: [], chosen: null }));

/** These are the orders beside a conversation now. @param {number} id @param {any[]} orders */
export function showOrders(id, orders) {
  const numbers = orders.map((order) => String(order.number));
  const before = beside.peek();
  const chosen = before.id === id && numbers.includes(before.chosen ?? "") ? before.chosen : null;
  beside.value = { id, numbers, chosen };
}

/** It is this order that is talked about. @param {string|null} number */
export const chooseOrder = (number) => (beside.value = { ...beside.peek(), chosen: number });

/** The order that is talked about: the chosen one, or the only one there is. @param {number} id @returns {string|undefined} */
export function orderAt(id) {
  const { id: shown, numbers, chosen } = beside.peek();
  if (shown !== id) return undefined;
  return chosen ?? (numbers.length === 1 ? numbers[0] : undefined);
}

/** Asks for the orders where the side panel, being closed, did not. @param {number} id */
export async function lookUpOrders(id) {
  if (beside.peek().id === id) return;
  try {
    const found = rows(await get(`/api/conversations/${id}/orders`));
    if (beside.peek().id !== id) showOrders(id, found);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

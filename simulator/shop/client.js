// What the screen asks of the shop.

/** The shop said no; `status` is its HTTP status. */
export class Refusal extends Error {
  constructor(status) {
    super(`status ${status}`);
    this.status = status;
  }
}

export function findOrders(search, state, offset, limit) {
  const query = new URLSearchParams({ q: search, state, offset, limit });
  return ask("GET", `orders?${query}`);
}

export function readOrder(number) {
  return ask("GET", `orders/${encodeURIComponent(number)}`);
}

export function moveOrder(number, state) {
  return ask("PUT", `orders/${encodeURIComponent(number)}/state`, { state });
}

export function delayOrder(number, days) {
  return ask("PUT", `orders/${encodeURIComponent(number)}/delay`, { days });
}

export function moveReturn(number, state) {
  return ask("PUT", `returns/${encodeURIComponent(number)}/state`, { state });
}

export function readProducts() {
  return ask("GET", "products");
}

export function readFault() {
  return ask("GET", "faults");
}

/** Puts the API into trouble of this kind, or out of it with null. */
export function setFault(kind) {
  return kind ? ask("POST", "faults", { kind }) : ask("DELETE", "faults");
}

async function ask(method, path, body) {
  const response = await fetch(`/shop/control/${path}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!response.ok) throw new Refusal(response.status);
  return response.status === 204 ? null : response.json();
}

// The desk's API, as this page asks it.

/** A request that the desk refused, or that never reached it (`status` 0). */
export class Refused extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`the desk answered ${status}`);
    this.status = status;
  }
}

/** @param {string} path @param {Record<string, any>} [query] @param {AbortSignal} [signal] */
export function get(path, query = {}, signal) {
  const known = Object.entries(query).filter(([, value]) => value !== "" && value != null);
  const search = new URLSearchParams(known).toString();
  return ask(search ? `${path}?${search}` : path, { signal });
}

/** @param {string} path */
export const post = (path) => ask(path, { method: "POST" });

/** Closes the console on this browser. */
export async function signOut() {
  await ask("/console/session", { method: "DELETE" });
  location.reload();
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0);
  }
  if (response.status === 401) location.reload(); // the session ended: the server asks for the key
  if (!response.ok) throw new Refused(response.status);
  return response.status === 204 ? null : response.json();
}

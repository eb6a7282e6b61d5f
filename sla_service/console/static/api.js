// The desk's API, as this page asks it.

const TRIES = 4;
const PAUSE = 400; // milliseconds before the second try, doubled each time
const PASSING = new Set([0, 502, 503, 504]); // likely better in a moment

/** A request that the desk refused, or that never reached it (`status` 0). */
export class Refused extends Error {
  /** @param {number} status @param {Record<string, any>} [problem] what the desk said about it */
  constructor(status, problem = {}) {
    super(problem.detail || problem.title || `the desk answered ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

/** @param {string} path @param {Record<string, any>} [query] @param {AbortSignal} [signal] */
export const get = (path, query = {}, signal) => patiently(() => ask("GET", withQuery(path, query), { signal }));

/** @param {string} path @param {any} [body] @param {{key?: string}} [how] with a key it may be tried again */
export function post(path, body, { key } = {}) {
  const send = () => ask("POST", path, { body, headers: key ? { "Idempotency-Key": key } : {}, outlives: Boolean(key) });
  return key ? patiently(send) : send();
}

export const put = (path, body) => ask("PUT", path, { body });
export const patch = (path, body) => ask("PATCH", path, { body });
export const remove = (path, body) => ask("DELETE", path, { body });

/** A text as it is, such as YAML. @param {string} path @param {string} text */
export const postText = (path, text) =>
  ask("POST", path, { raw: text, headers: { "Content-Type": "application/yaml" } });

/** @param {string} path @param {string} accept */
export async function getText(path, accept) {
  const response = await reach("GET", path, { headers: { Accept: accept } });
  return response.text();
}

/** @param {File} file @returns {Promise<{id: string}>} */
export const upload = (file) =>
  ask("POST", withQuery("/api/uploads", { filename: file.name, type: file.type }), {
    raw: file,
    headers: { "Content-Type": "application/octet-stream" },
  });

/** The rows of an answer, whatever they are called in it. */
export function rows(answer) {
  if (Array.isArray(answer)) return answer;
  return answer?.items ?? Object.values(answer ?? {}).find(Array.isArray) ?? [];
}

function withQuery(path, query) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === "" || value === null || value === undefined) continue;
    for (const one of [value].flat()) search.append(name, String(one));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function patiently(send) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof Refused) || !PASSING.has(error.status) || tries === TRIES) throw error;
      await new Promise((resume) => setTimeout(resume, PAUSE * 2 ** (tries - 1)));
    }
  }
}

/**
 * @typedef {{body?: any, raw?: any, headers?: Record<string, string>, signal?: AbortSignal, outlives?: boolean}} Options what `outlives` the page goes out even when it closes now
 * @param {string} method @param {string} path @param {Options} [options]
 */
async function ask(method, path, options = {}) {
  const response = await reach(method, path, options);
  if (response.status === 204) return null;
  return response.headers.get("Content-Type")?.includes("json") ? response.json() : null;
}

/** @param {string} method @param {string} path @param {Options} options */
async function reach(method, path, { body, raw, headers = {}, signal, outlives = false } = {}) {
  const json = /** @type {Record<string, string>} */ (body === undefined ? {} : { "Content-Type": "application/json" });
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      keepalive: outlives,
      credentials: "same-origin",
      headers: { ...json, ...headers },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0);
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.type === "not_signed_in") location.reload(); // the session ended: the server asks who it is
  throw new Refused(response.status, problem);
}

async function problemOf(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}

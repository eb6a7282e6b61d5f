// Talks to the simulator.

async function call(method, path, body) {
  const isForm = body instanceof FormData;
  const response = await fetch(path, {
    method,
    headers: body && !isForm ? { "Content-Type": "application/json" } : {},
    body: isForm || body === undefined ? body : JSON.stringify(body),
  });
  if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
  return response.json();
}

const chat = (key) => `/phone/api/chats/${encodeURIComponent(key)}`;

export const state = () => call("GET", "/phone/api/state");
export const messages = (key) => call("GET", chat(key));
export const markRead = (key) => call("POST", `${chat(key)}/read`);
export const voiceSample = (key) => call("POST", `${chat(key)}/voice-sample`);
export const newShopper = (wanted) => call("POST", "/phone/api/shoppers", wanted);
export const faults = () => call("GET", "/control/faults");
export const addFault = (order) => call("POST", "/control/faults", order);
export const clearFaults = () => call("DELETE", "/control/faults");
export const busy = () => call("GET", "/control/busy");
export const setBusy = (order) => call("POST", "/control/busy", order);
export const deliveries = () => call("GET", "/control/deliveries");
export const mediaUrl = (id) => `/phone/api/media/${encodeURIComponent(id)}`;

/** Sends a message object of the wire: `type` and what belongs under that name. */
export const send = (key, type, content, replyTo = null) =>
  call("POST", `${chat(key)}/messages`, { type, content, reply_to: replyTo });

/** Sends a file; `isVoice` marks a recording. */
export function sendFile(key, file, { caption = "", replyTo = null, isVoice = false } = {}) {
  const form = new FormData();
  form.append("file", file, file.name || "audio");
  form.append("caption", caption);
  form.append("is_voice", String(isVoice));
  if (replyTo) form.append("reply_to", replyTo);
  return call("POST", `${chat(key)}/media`, form);
}

/** Listens for changes; `onReady` runs at each (re)connection, `onLost` when it breaks. */
export function listen({ onEvent, onReady, onLost }) {
  const source = new EventSource("/phone/api/events");
  source.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
  source.addEventListener("open", onReady);
  source.addEventListener("error", onLost);
}

// Live events: one tab holds the stream and tells the others, since a browser opens few at a time.

import { get } from "./api.js";

const NAME = "balcao-live";
const TRY_AGAIN = 3000;
const TOLD = ["conversation", "everything", "notice", "offer", "presence", "viewing", "counts"];

/**
 * @param {(kind: string, data: any) => void} onEvent
 * @param {(isLive: boolean) => void} onState
 */
export function follow(onEvent, onState) {
  const others = new BroadcastChannel(NAME);
  let isLeader = false;
  let isLive = false;

  const hear = (news) => {
    if (news.kind === "live") onState(news.data);
    else onEvent(news.kind, news.data);
  };
  const tell = (kind, data) => {
    hear({ kind, data });
    others.postMessage({ kind, data });
  };
  const state = (now) => {
    isLive = now;
    tell("live", now);
  };

  others.onmessage = ({ data }) => {
    if (data.kind !== "asks") hear(data);
    else if (isLeader) others.postMessage({ kind: "live", data: isLive });
  };
  others.postMessage({ kind: "asks" });

  let last = "";
  const open = () => {
    isLeader = true;
    // A browser that reconnects by itself says where it was; a new stream has to say so in its address.
    const stream = new EventSource(last ? `/api/events?last_event_id=${encodeURIComponent(last)}` : "/api/events");
    stream.onopen = () => state(true);
    for (const kind of TOLD) {
      stream.addEventListener(kind, (event) => {
        last = event.lastEventId || last;
        tell(kind, JSON.parse(event.data || "{}"));
      });
    }
    stream.onerror = () => {
      state(false);
      if (stream.readyState !== EventSource.CLOSED) return; // the browser comes back by itself
      stream.close();
      setTimeout(open, TRY_AGAIN);
      get("/api/conversations", { limit: 1 }).catch(() => null); // a session that ended leads to the sign-in page
    };
  };
  const forEver = () => new Promise(open);
  if (navigator.locks) navigator.locks.request(NAME, forEver);
  else open();
}

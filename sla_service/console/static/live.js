// Live events: one tab holds the stream and tells the others, since a browser opens few at a time.

import { get } from "./api.js";

const NAME = "balcao-live";
const TRY_AGAIN = 3000;

/**
 * @param {(change: {id: number}|{everything: true}) => void} onChange
 * @param {(isLive: boolean) => void} onState
 */
export function follow(onChange, onState) {
  const others = new BroadcastChannel(NAME);
  let isLeader = false;
  let isLive = false;

  const hear = (news) => {
    if ("isLive" in news) onState(news.isLive);
    else onChange(news);
  };
  const tell = (news) => {
    hear(news);
    others.postMessage(news);
  };
  const state = (now) => {
    isLive = now;
    tell({ isLive });
  };

  others.onmessage = ({ data }) => {
    if (data.asks) {
      if (isLeader) others.postMessage({ isLive });
    } else {
      hear(data);
    }
  };
  others.postMessage({ asks: true });

  const open = () => {
    isLeader = true;
    const stream = new EventSource("/api/events");
    stream.onopen = () => state(true);
    stream.addEventListener("conversation", (event) => tell({ id: JSON.parse(event.data).id }));
    stream.addEventListener("everything", () => tell({ everything: true }));
    stream.onerror = () => {
      state(false);
      if (stream.readyState !== EventSource.CLOSED) return; // the browser comes back by itself
      stream.close();
      setTimeout(open, TRY_AGAIN);
      get("/api/accounts/stopped").catch(() => null); // a session that ended leads to the sign-in page
    };
  };
  const forEver = () => new Promise(open);
  if (navigator.locks) navigator.locks.request(NAME, forEver);
  else open();
}

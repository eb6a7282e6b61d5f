// The page's icons: strokes on a grid of 24.

import { html } from "../html.js";

const SHAPES = {
  agent: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c0-4 3-6 7-6s7 2 7 6",
  alert: "M12 4 2.5 20h19zM12 10v4.5M12 17.2v.1",
  attach: "M20 11.5 12 19.4a5 5 0 0 1-7-7L13.2 4a3.4 3.4 0 0 1 4.8 4.8L9.9 17a1.7 1.7 0 0 1-2.4-2.4L14.8 7",
  audio: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5 11a7 7 0 0 0 14 0M12 18v3",
  back: "M15 5l-7 7 7 7",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.6 2H4.4zM10 20.5a2.2 2.2 0 0 0 4 0",
  bookmark: "M6 4h12v16l-6-4.5L6 20z",
  bot: "M12 3v3M6 7h12a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1zM9 11.5v2M15 11.5v2M2.5 11v4M21.5 11v4",
  box: "M12 3l8.5 4.5v9L12 21l-8.5-4.5v-9zM3.5 7.5 12 12l8.5-4.5M12 12v9",
  calendar: "M5 5h14a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM4 10h16M8 3v4M16 3v4",
  chart: "M4 4v16h16M8 16v-5M12.5 16V7M17 16v-7",
  check: "M5 12.5l4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6 6 18",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  copy: "M9 9h10v11H9zM5 15V4h10",
  delivered: "M2 13l4.5 4.5L15 8.5M11 15.5l2 2L22 8.5",
  document: "M7 3h7l5 5v13H7zM14 3v5h5",
  down: "M6 9.5l6 6 6-6",
  edit: "M4 20l1-4.5L16 4.5 19.5 8 8.5 19z",
  external: "M13 4h7v7M20 4l-9 9M18 14v6H4V6h6",
  failed: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v6M12 16.5v.1",
  filter: "M4 6h16M7 12h10M10 18h4",
  flag: "M6 21V4h11l-2 4 2 4H6",
  hand: "M7 12V6.5a1.5 1.5 0 0 1 3 0V11M10 10.5v-6a1.5 1.5 0 0 1 3 0v6M13 10.5v-5a1.5 1.5 0 0 1 3 0V12M16 8.5a1.5 1.5 0 0 1 3 0V14c0 4-2.5 7-6.500 7-3 0-4.500-1.500-6-4l-2.800-4.500c-.8-1.500 1.200-2.700 2.300-1.300L7 13",
  hold: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12h8",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  inbox: "M4 13 6.500 5h11L20 13v6H4zM4 13h4.500l1.500 3h4l1.500-3H20",
  item: "M5 5h14v14H5zM9 12l2 2 4-4.500",
  key: "M14.500 13a4.500 4.500 0 1 0-4.300-3.200L4 16v4h4v-2.500h2.500V15l1.700-1.600M15.500 8.500h.1",
  language: "M3.500 6h10M8.500 4v2M12 6c-.7 4-4 7-8 8.500M5.500 9c1.300 2.500 3.500 4.500 6.500 5.500M12.500 20 16.500 10.500 20.500 20M14 17h5",
  location: "M12 21s7-6 7-11.500A7 7 0 0 0 5 9.500C5 15 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  merge: "M6 4v4c0 4 6 4 6 8v4M18 4v4c0 4-6 4-6 8",
  moon: "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
  more: "M5.500 12h.01M12 12h.01M18.500 12h.01",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5M9 9h6M9 12.500h3.500",
  other: "M4 6h16v12H4zM8 10h8M8 14h5",
  panel: "M4 5h16v14H4zM14.500 5v14",
  pause: "M9 5.500v13M15 5.500v13",
  people: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c0-3 3-5 6-5s6 2 6 5M16 5a3 3 0 0 1 0 6M18 14c2 .6 3 2.400 3 5",
  play: "M8 5.500v13l10-6.500z",
  plus: "M12 5v14M5 12h14",
  queued: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  reopen: "M5 12a7 7 0 1 0 2.500-5.400M5 4v4.500h4.500",
  reply: "M10 6 4.500 11.500 10 17M4.500 11.500H14c4 0 6 2.500 6 6",
  route: "M6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 17h7a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.200 16.200 21 21",
  send: "M4 12 20 4.500 15 20l-3.500-6.500zM11.500 13.500 20 4.500",
  sent: "M5 12.500l4.500 4.500L19 7.500",
  settings: "M4 7h9M19 7h1M4 17h1M11 17h9M16 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM8 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500c1.800 2 5.200 2 7 0M9 9.500h.01M15 9.500h.01",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
  tag: "M4 4h8l8 8-8 8-8-8zM8.500 8.500h.01",
  template: "M4 5h16v4H4zM4 13h7v6H4zM15 13h5M15 16h5M15 19h3",
  transfer: "M4 8.500h14M14.500 5 18 8.500 14.500 12M20 15.500H6M9.500 12 6 15.500 9.500 19",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  understood: "M12 3a6 6 0 0 0-3.500 11v3h7v-3A6 6 0 0 0 12 3zM9.500 20.500h5",
  video: "M4 6h11v12H4zM15 10l5-3v10l-5-3z",
  webhook: "M8.500 16a3 3 0 1 1-3-3M9.500 7.500a3 3 0 1 1 4.300 2.700L17 16M18.500 19a3 3 0 1 0-2.600-4.500M8.500 16H16M5.500 16 9 9.700",
};
const ALIASES = {
  contact: "agent",
  contacts: "agent",
  desk: "inbox",
  read: "delivered",
  played: "delivered",
  refused: "failed",
  queue: "people",
  sticker: "smile",
  voice: "audio",
};

/**
 * @param {{name: string, label?: string}} props without a label it only decorates
 */
export function Icon({ name, label }) {
  const shape = SHAPES[name] ?? SHAPES[ALIASES[name]] ?? SHAPES.other;
  return html`<svg
    viewBox="0 0 24 24"
    class=${`icon icon-${name}`}
    role=${label ? "img" : undefined}
    aria-label=${label}
    aria-hidden=${label ? undefined : "true"}
    >${label && html`<title>${label}</title>`}<path d=${shape}
  /></svg>`;
}

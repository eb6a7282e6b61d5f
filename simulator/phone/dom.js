// Builds elements; text always goes in as text, never as markup.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes] `on` holds listeners, `class` classes, the rest attributes
 * @param {...(Node|string|number|null|undefined|false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children) if (child || child === 0) node.append(typeof child === "number" ? String(child) : child);
  return node;
}

/** A button with an icon and a spoken name. */
export function iconButton(shape, label, onClick, attributes = {}) {
  return el(
    "button",
    { type: "button", class: "icon", "aria-label": label, title: label, on: { click: onClick }, ...attributes },
    icon(shape),
  );
}

const SHAPES = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-6 16-3-7z",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7",
  mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5 11a7 7 0 0 0 14 0M12 18v3",
  close: "M6 6l12 12M18 6L6 18",
  more: "M7 10l5 5 5-5",
  reply: "M10 6l-6 6 6 6M4 12h9a7 7 0 0 1 7 7",
  link: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  list: "M8 7h12M8 12h12M8 17h12M4 7h.01M4 12h.01M4 17h.01",
  pin: "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.500C5 14.800 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  cart: "M3 4h3l2 11h10l2-8H7M9 20h.01M17 20h.01",
  poll: "M5 20V10M12 20V4M19 20v-7",
  pencil: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  add: "M12 5v14M5 12h14",
  crowd: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2 20a7 7 0 0 1 14 0M16 4.500a3.500 3.500 0 0 1 0 6M18 13.500a7 7 0 0 1 4 6.500",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  shop: "M4 10v10h16V10M3 10l2-6h14l2 6zM9 20v-6h6v6",
  tick: "M4 12.500l5 5L19 7",
  ticks: "M2 13l4.500 4.500L15 8.500M11 15l2.500 2.500L22 8.500",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
};

/** @param {string} shape @returns {SVGElement} */
export function icon(shape) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `shape shape-${shape}`);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[shape]);
  svg.append(path);
  return svg;
}

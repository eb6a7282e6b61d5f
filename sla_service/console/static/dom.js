// Builds elements; what people wrote only ever goes in as text.

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on` holds listeners; null and false leave one out
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElement}
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
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  bot: "M12 3v3M6 8h12v10H6zM9 12v2M15 12v2M3 12v3M21 12v3",
  queue: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c0-3 3-5 6-5s6 2 6 5M16 5a3 3 0 0 1 0 6M18 14c2 .6 3 2.4 3 5",
  agent: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c0-4 3-6 7-6s7 2 7 6",
  desk: "M4 5h16v11h-9l-4 4v-4H4z",
  contact: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c0-4 3-6 7-6s7 2 7 6",
  queued: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  sent: "M5 12.5l4.5 4.5L19 7.5",
  delivered: "M2 13l4.5 4.5L15 8.5M11 15.5l2 2L22 8.5",
  failed: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v6M12 16.5v.5",
  back: "M15 5l-7 7 7 7",
  down: "M12 5v14M6 13l6 6 6-6",
  understood: "M12 3a6 6 0 0 0-3.5 11v3h7v-3A6 6 0 0 0 12 3zM9.5 21h5",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  video: "M4 6h11v12H4zM15 10l5-3v10l-5-3z",
  audio: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5 11a7 7 0 0 0 14 0M12 18v3",
  document: "M7 3h7l5 5v13H7zM14 3v5h5",
  location: "M12 21s7-6 7-11.5A7 7 0 0 0 5 9.5C5 15 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  other: "M4 6h16v12H4zM8 10h8M8 14h5",
  check: "M5 12.5l4.5 4.5L19 7.5",
};
const ALIASES = { read: "delivered", played: "delivered", refused: "failed", sticker: "image" };

/**
 * @param {string} shape
 * @param {string} [label] what it says; without one it only decorates
 * @returns {SVGElement}
 */
export function icon(shape, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${shape}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    const title = document.createElementNS(SVG, "title");
    title.textContent = label;
    svg.append(title);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[ALIASES[shape] ?? shape] ?? SHAPES.other);
  svg.append(path);
  return svg;
}

/**
 * Makes the children of `parent` what `entries` say, touching only what changed, so that
 * scroll position, selection and focus stay.
 * @param {HTMLElement} parent
 * @param {{key: string, look: string, build: () => HTMLElement, update?: (node: HTMLElement) => void}[]} entries
 */
export function reconcile(parent, entries) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let place = parent.firstElementChild;
  for (const entry of entries) {
    let node = old.get(entry.key);
    old.delete(entry.key);
    if (!node || node.dataset.look !== entry.look) {
      const fresh = entry.build();
      fresh.dataset.key = entry.key;
      fresh.dataset.look = entry.look;
      if (node) {
        if (node === place) place = fresh;
        takeOver(node, fresh);
      }
      node = fresh;
    }
    entry.update?.(node);
    if (node === place) place = place.nextElementSibling;
    else move(parent, node, place);
  }
  for (const node of old.values()) node.remove();
}

/** Replaces a node; an open detail stays open, and the focus stays where it was. */
function takeOver(node, fresh) {
  const hadFocus = node.contains(document.activeElement);
  if (node.querySelector("details[open]")) fresh.querySelector("details")?.setAttribute("open", "");
  node.replaceWith(fresh);
  if (hadFocus) (fresh.matches("a, button") ? fresh : fresh.querySelector("a, button"))?.focus();
}

function move(parent, node, before) {
  if (node.isConnected && parent.moveBefore) {
    parent.moveBefore(node, before);
    return;
  }
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  parent.insertBefore(node, before);
  focused?.focus({ preventScroll: true });
}

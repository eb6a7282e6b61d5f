// What the page is about right now: who sits here, where they are, what time it is.

import { computed, effect, signal } from "@preact/signals";

/** @typedef {{id: number|null, name: string, role: "agent"|"supervisor"|"admin", presence: string, email?: string, language?: string, capacity?: number}} Person */

export const me = signal(/** @type {Person|null} */ (null));
export const isLive = signal(false);

/** The time, a step each second while somebody can see it. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);
document.addEventListener("visibilitychange", () => (now.value = Date.now()));

const ROLES = ["agent", "supervisor", "admin"];

/** Whether this person has a role or a higher one. @param {string} role */
export const may = (role) => ROLES.indexOf(me.value?.role ?? "agent") >= ROLES.indexOf(role);

/** Where the address leads: `#c12`, `#settings/agents`, `#reports`. */
export const place = signal(read());
export const openId = computed(() => place.value.conversation);

function read() {
  const address = location.hash.slice(1);
  const conversation = Number(/^c(\d{1,18})$/.exec(address)?.[1]) || null;
  const [page = "", part = ""] = address.split("/");
  const isOther = page === "settings" || page === "reports";
  return { page: isOther ? page : "inbox", part, conversation };
}

const follow = () => {
  const next = read();
  if (JSON.stringify(next) !== JSON.stringify(place.peek())) place.value = next;
};
addEventListener("popstate", follow);
addEventListener("hashchange", follow);

/** Goes to an address within the page; `quietly` leaves no step in the history. @param {string} hash */
export function go(hash, quietly = false) {
  const address = hash ? `#${hash}` : location.pathname;
  if (quietly) history.replaceState(null, "", address);
  else if (location.hash !== address) history.pushState(null, "", address);
  follow();
}

/** @param {number|null} id */
export const openConversation = (id, quietly = false) => go(id === null ? "" : `c${id}`, quietly);

/** A choice that this browser remembers. @template T @param {string} name @param {T} otherwise */
export function remembered(name, otherwise) {
  const key = `balcao.${name}`;
  let first = otherwise;
  try {
    first = JSON.parse(localStorage.getItem(key) ?? "null") ?? otherwise;
  } catch {
    // What is kept there is not ours to trust: begin anew.
  }
  const kept = signal(first);
  effect(() => {
    const value = JSON.stringify(kept.value);
    try {
      localStorage.setItem(key, value);
    } catch {
      // A browser that keeps nothing works all the same.
    }
  });
  return kept;
}

/** "system", "light" or "dark". */
export const theme = remembered("theme", "system");
effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
const wide = matchMedia("(width >= 1180px)");
const isWide = signal(wide.matches);
wide.addEventListener("change", () => (isWide.value = wide.matches));
const hasContact = remembered("contact", true);
const hasDrawer = signal(false);

/** Whether the contact's pane is there: beside the thread where there is room, else over it, when asked for. */
export const isContactShown = computed(() => (isWide.value ? hasContact.value : hasDrawer.value));

/** @param {boolean} wish */
export function showContact(wish) {
  if (isWide.peek()) hasContact.value = wish;
  else hasDrawer.value = wish;
}
effect(() => {
  void openId.value;
  hasDrawer.value = false;
});
export const hasSingleKeys = remembered("keys", true);

/** Which dialog is open; at most one. */
export const dialog = signal(/** @type {{kind: string, [more: string]: any}|null} */ (null));

// Every key of the page, told once: for pressing them and for the list of them.

import { tinykeys } from "tinykeys";

import { ACTS, press } from "./acts.js";
import { beginWriting } from "./composer/composer.js";
import { neighbour, view } from "./store/conversations.js";
import { acceptOffer, liveOffers } from "./store/desk.js";
import { dialog, go, hasSingleKeys, isContactShown, openConversation, openId, place, showContact } from "./store/page.js";
import { complain, undoLast } from "./store/toasts.js";

const open = (kind) => () => (dialog.value = dialog.value?.kind === kind ? null : { kind });
const show = (name) => () => {
  go("");
  view.value = name;
};

function step(by) {
  const id = neighbour(by);
  if (id === undefined) return;
  openConversation(id, true);
  requestAnimationFrame(() => /** @type {HTMLElement|null} */ (document.querySelector(`[data-testid="conversation-${id}"]`))?.focus({ preventScroll: true }));
}

function takeOffer() {
  const offer = liveOffers.peek()[0];
  if (!offer) return;
  acceptOffer(offer).catch(complain);
  openConversation(offer.conversation);
}

function leave() {
  if (dialog.peek()) dialog.value = null;
  else if (place.peek().page !== "inbox") go("");
  else if (openId.peek() !== null) openConversation(null);
}

const search = () => document.getElementById("search")?.focus();
const write = (kind) => () => {
  const id = openId.peek();
  if (id !== null) beginWriting(id, kind);
};

const find = () => openId.peek() !== null && open("articles")();

/** @type {{group: string, keys: {keys: string, word: string, run: () => any}[]}[]} */
export const GROUPS = [
  {
    group: "keys.walk",
    keys: [
      { keys: "j", word: "keys.next", run: () => step(1) },
      { keys: "k", word: "keys.previous", run: () => step(-1) },
      { keys: "/", word: "keys.search", run: search },
      { keys: "g m", word: "view.mine", run: show("mine") },
      { keys: "g w", word: "view.waiting", run: show("waiting") },
      { keys: "g o", word: "view.open", run: show("open") },
      { keys: "g b", word: "view.bot", run: show("bot") },
      { keys: "g r", word: "view.resolved", run: show("resolved") },
      { keys: "g s", word: "nav.settings", run: () => go("settings") },
      { keys: "g c", word: "nav.reports", run: () => go("reports") },
      { keys: "Escape", word: "keys.leave", run: leave },
    ],
  },
  {
    group: "keys.write",
    keys: [
      { keys: "r", word: "composer.reply", run: write("reply") },
      { keys: "n", word: "composer.note", run: write("note") },
      { keys: "f", word: "articles.find", run: find },
    ],
  },
  {
    group: "keys.act",
    keys: [...new Set(ACTS.map((act) => act.keys))].map((keys) => ({
      keys,
      word: `act.${ACTS.find((act) => act.keys === keys)?.id}`,
      run: () => press(keys),
    })),
  },
  {
    group: "keys.desk",
    keys: [
      { keys: "o", word: "keys.offer", run: takeOffer },
      { keys: "u", word: "toast.undo", run: undoLast },
      { keys: "c", word: "contact.toggle", run: () => (showContact(!isContactShown.peek())) },
      { keys: "$mod+k", word: "palette.title", run: open("palette") },
      { keys: "?", word: "keys.title", run: open("keys") },
    ],
  },
];

const isTyping = (event) => event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable]") !== null;
const isAnywhere = (keys) => keys.startsWith("$mod");

/** A key by itself does nothing while one writes, in a dialog or a menu, or when somebody switched them off. */
function isFree(keys, event) {
  if (isAnywhere(keys)) return true;
  if (event.isComposing || isTyping(event)) return false;
  if (event.target instanceof Element && event.target.closest("dialog, [popover]")) return false;
  return keys === "Escape" || hasSingleKeys.peek();
}

export function listen() {
  const bindings = {};
  for (const { keys, run } of GROUPS.flatMap((group) => group.keys)) {
    bindings[/[?\/]/.test(keys) ? `[Shift]+${keys}` : keys] = (event) => {
      if (!isFree(keys, event)) return;
      event.preventDefault();
      run();
    };
  }
  tinykeys(window, bindings, { ignore: () => false });
}

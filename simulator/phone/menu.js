// Small menus that open beside what they belong to.

import { el, icon } from "./dom.js";
import { say } from "./words.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** @param {Element} anchor @param {{label: string, shape: string, act: () => void}[]} entries @param {HTMLElement|null} extra */
export function popup(anchor, entries, extra = null) {
  const menu = el("div", { class: "popup", role: "menu", popover: "auto" }, extra);
  for (const { label, shape, act } of entries) {
    const choose = () => {
      menu.hidePopover();
      act();
    };
    menu.append(
      el("button", { type: "button", role: "menuitem", on: { click: choose } }, icon(shape), label),
    );
  }
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "closed") menu.remove();
  });
  menu.addEventListener("keydown", moveFocus);
  document.body.append(menu);
  menu.showPopover();
  placeBeside(menu, anchor);
  menu.querySelector("button")?.focus();
  return menu;
}

/** What can be done with a message. */
export function messageMenu(message, anchor, { onReply, onEdit, onRemove, onReact }) {
  const isMine = message.author === "shopper";
  const entries = [{ label: say("reply"), shape: "reply", act: onReply }];
  if (message.type === "text" && !message.is_deleted) {
    entries.push({ label: say("copy"), shape: "copy", act: () => navigator.clipboard?.writeText(message.content.body) });
    if (isMine) entries.push({ label: say("edit"), shape: "pencil", act: onEdit });
  }
  if (isMine && !message.is_deleted) entries.push({ label: say("remove"), shape: "bin", act: onRemove });
  let menu = /** @type {HTMLElement|null} */ (null);
  const faces = EMOJI.map((emoji) => {
    const isChosen = message.reactions?.shopper === emoji;
    const react = () => {
      menu?.hidePopover();
      onReact(isChosen ? null : emoji);
    };
    const label = isChosen ? say("unreact") : say("react", { emoji });
    return el("button", { type: "button", role: "menuitemcheckbox", "aria-checked": String(isChosen), "aria-label": label, on: { click: react } }, emoji);
  });
  menu = popup(anchor, entries, el("div", { class: "faces" }, ...faces));
}

function placeBeside(menu, anchor) {
  const spot = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.min(Math.max(8, spot.left), innerWidth - size.width - 8);
  const fitsBelow = spot.bottom + size.height + 8 < innerHeight;
  const top = fitsBelow ? spot.bottom + 4 : Math.max(8, spot.top - size.height - 4);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

function moveFocus(event) {
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length].focus();
}

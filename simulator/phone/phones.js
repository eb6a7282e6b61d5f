// The list of shoppers to switch between.

import { summary } from "./bubble.js";
import { el, icon, iconButton } from "./dom.js";
import { brief } from "./times.js";
import { language, say } from "./words.js";

const OWN = new Set(["cast", "made"]);
const MOST = 50;

/** @param {{shoppers: any[], openKey: string|null, onOpen: Function, onNew: Function, isBusy: boolean, onBusy: Function, onTrouble: Function, onLanguage: Function}} given */
export function phones({ shoppers, openKey, onOpen, onNew, isBusy, onBusy, onTrouble, onLanguage }) {
  const own = shoppers.filter((one) => OWN.has(one.group));
  const others = latest(shoppers.filter((one) => !OWN.has(one.group)), openKey);
  const row = (one) => person(one, one.key === openKey, onOpen);
  return el(
    "nav",
    { class: "phones", "aria-label": say("phones") },
    el(
      "header",
      {},
      el("h1", {}, say("phones")),
      languages(onLanguage),
      iconButton("crowd", say("busy"), onBusy, { "data-testid": "busy", "aria-pressed": String(isBusy) }),
      iconButton("bolt", say("trouble"), onTrouble, { "data-testid": "trouble" }),
    ),
    el("p", { class: "intro" }, say("intro")),
    el(
      "div",
      { class: "people" },
      ...own.map(row),
      others.length > 0 && el("h2", {}, say("others")),
      ...others.map(row),
    ),
    el(
      "footer",
      {},
      el("button", { type: "button", class: "wide", "data-testid": "new-shopper", on: { click: onNew } }, icon("add"), say("newShopper")),
      el("a", { class: "wide", href: "/shop", target: "_blank", rel: "noopener" }, icon("shop"), say("shop")),
    ),
  );
}

/** Those who wrote or were written to last, and whoever is open. */
function latest(shoppers, openKey) {
  const at = (one) => one.last?.at ?? 0;
  const sorted = shoppers.filter((one) => one.last || one.key === openKey).sort((a, b) => at(b) - at(a));
  return sorted.filter((one, place) => place < MOST || one.key === openKey);
}

/** What a shopper is called under the name: the number, or a username. */
export function address(shopper) {
  if (shopper.wa_id) return spaced(shopper.wa_id);
  return shopper.username ? `@${shopper.username}` : shopper.address;
}

function person(shopper, isOpen, onOpen) {
  const last = shopper.last;
  return el(
    "button",
    {
      type: "button",
      class: "person",
      "aria-current": isOpen ? "true" : null,
      "data-testid": `shopper-${shopper.address}`,
      on: { click: () => onOpen(shopper.key) },
    },
    el("span", { class: `avatar tint-${tint(shopper.key)}`, "aria-hidden": "true" }, initials(shopper.name)),
    el(
      "span",
      { class: "person-text" },
      el("span", { class: "first" }, el("b", {}, shopper.name), last && el("time", {}, brief(last.at))),
      el(
        "span",
        { class: "second" },
        el("span", { class: "last" }, last ? summary(last) : address(shopper)),
        shopper.unread > 0 && el("span", { class: "unread", "aria-label": say("unread", { count: shopper.unread }) }, String(shopper.unread)),
      ),
      el("small", {}, `${last ? `${address(shopper)} · ` : ""}${shopper.language === "pt" ? "Português" : "English"}`),
    ),
  );
}

function languages(onLanguage) {
  const choice = (code, label, name) =>
    el("button", { type: "button", lang: code, title: name, "aria-label": name, "aria-pressed": String(language() === code), on: { click: () => onLanguage(code) } }, label);
  return el("span", { class: "languages", role: "group", "aria-label": say("language") }, choice("pt", "PT", "Português"), choice("en", "EN", "English"));
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

function tint(key) {
  let sum = 0;
  for (const character of key) sum = (sum * 31 + character.charCodeAt(0)) % 997;
  return sum % 6;
}

function spaced(number) {
  const brazilian = /^(55)(\d\d)(\d{4,5})(\d{4})$/.exec(number);
  if (brazilian) return `+${brazilian[1]} ${brazilian[2]} ${brazilian[3]}-${brazilian[4]}`;
  const british = /^(44)(\d{4})(\d{6})$/.exec(number);
  return british ? `+${british[1]} ${british[2]} ${british[3]}` : `+${number}`;
}

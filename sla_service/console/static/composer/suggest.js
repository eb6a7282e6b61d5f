// What comes up while one writes: ready replies after a slash, colleagues after an at sign.

import { useEffect } from "preact/hooks";

import { html } from "../html.js";
import { Avatar } from "../parts/person.js";
import { cannedReplies, colleagues } from "../store/desk.js";
import { me } from "../store/page.js";
import { t } from "../words.js";
import { filled, settleReady } from "./ready.js";

const MOST = 7;

/**
 * @param {string} text @param {number} caret @param {"reply"|"note"} kind @param {any} one
 * @returns {{id: string, title: string, text: string, begins: number, person?: any, settle?: () => Promise<void>}[]} `settle` is to be called once it is in the text
 */
export function matches(text, caret, kind, one) {
  const before = text.slice(0, caret);
  if (kind === "note") {
    const at = /(?:^|\s)@([\p{L} ]{0,30})$/u.exec(before);
    return at ? peopleFor(at[1], caret - at[1].length - 1) : [];
  }
  const slash = /(?:^|\s)\/([\p{L}\d_-]{0,30})$/u.exec(before);
  return slash ? repliesFor(slash[1], caret - slash[1].length - 1, one) : [];
}

const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function peopleFor(words, begins) {
  return colleagues.value
    .filter((person) => person.id !== me.value?.id && plain(person.name).includes(plain(words)) && words !== `${person.name} `)
    .slice(0, MOST)
    .map((person) => ({ id: `person ${person.id}`, title: person.name, text: `@${person.name} `, begins, person }));
}

function repliesFor(words, begins, one) {
  const wanted = plain(words);
  return cannedReplies.value
    .filter((reply) => plain(`${reply.shortcut} ${reply.title}`).includes(wanted))
    .sort((a, b) => Number(plain(b.shortcut).startsWith(wanted)) - Number(plain(a.shortcut).startsWith(wanted)))
    .slice(0, MOST)
    .map((reply) => {
      const text = filled(reply, one);
      return { id: `reply ${reply.id}`, title: `/${reply.shortcut}`, text, begins, settle: () => settleReady(reply, one, text) };
    });
}

/** The text with a suggestion in it, and where the caret stands then. @param {string} text @param {number} caret @param {{text: string, begins: number}} item */
export function complete(text, caret, item) {
  const words = text.slice(0, item.begins) + item.text + text.slice(caret);
  return { words, caret: item.begins + item.text.length };
}

/** @param {{found: any[], chosen: number, onTake: (item: any) => void}} props */
export function Suggestions({ found, chosen, onTake }) {
  useEffect(() => document.getElementById(`suggestion-${chosen}`)?.scrollIntoView({ block: "nearest" }), [chosen]);
  return html`<ul class="suggestions" id="suggestions" role="listbox" aria-label=${t("composer.suggestions")}>
    ${found.map(
      (item, at) =>
        html`<li
          key=${item.id}
          id=${`suggestion-${at}`}
          role="option"
          aria-selected=${at === chosen}
          onMouseDown=${(event) => (event.preventDefault(), onTake(item))}
        >
          ${item.person && html`<${Avatar} name=${item.title} seed=${item.person.id} small presence=${item.person.presence} />`}
          <b>${item.title}</b>${!item.person && html`<span dir="auto">${item.text}</span>`}
        </li>`,
    )}
  </ul>`;
}

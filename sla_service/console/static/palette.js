// The palette: every act, every place and every conversation, by a few letters.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { possible } from "./acts.js";
import { get, Refused, rows } from "./api.js";
import { html } from "./html.js";
import { GROUPS } from "./keys.js";
import { Icon } from "./parts/icon.js";
import { Dialog } from "./parts/controls.js";
import { called, reachedAt } from "./parts/person.js";
import { steered } from "./parts/steering.js";
import { conversation, current, ids } from "./store/conversations.js";
import { cannedReplies, setPresence } from "./store/desk.js";
import { dialog, openConversation, openId, theme } from "./store/page.js";
import { complain } from "./store/toasts.js";
import { beginWriting } from "./composer/composer.js";
import { filled, settleReady } from "./composer/ready.js";
import { t } from "./words.js";

const MOST = 12;
const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function everything() {
  const one = current.value;
  const acts = possible().map((act) => ({ id: `act ${act.id}`, icon: act.icon, label: t(`act.${act.id}`), keys: act.keys, run: () => act.run(one) }));
  const places = GROUPS.flatMap((group) => group.keys)
    .filter(({ word }) => /^(view|nav)\./.test(word))
    .map(({ keys, word, run }) => ({ id: word, icon: "inbox", label: t("palette.go", { name: t(word) }), keys, run }));
  const looks = ["system", "light", "dark"].map((name) => ({ id: `theme ${name}`, icon: "sun", label: t(`theme.to.${name}`), run: () => (theme.value = name) }));
  const presences = ["available", "away"].map((name) => ({ id: `presence ${name}`, icon: "people", label: t(`presence.${name}`), run: () => setPresence(name).catch(complain) }));
  const replies = one
    ? cannedReplies.value.map((reply) => ({
        id: `reply ${reply.id}`,
        icon: "reply",
        label: `/${reply.shortcut} · ${reply.title}`,
        run: () => requestAnimationFrame(() => begin(reply, one)),
      }))
    : [];
  const known = ids.value.slice(0, 400).map((id) => asChoice(conversation(id)?.peek()));
  return [...acts, ...places, ...presences, ...replies, ...looks, ...known.filter(Boolean)];
}

function begin(reply, one) {
  const words = filled(reply, one);
  beginWriting(one.id, "reply", words);
  settleReady(reply, one, words).catch(complain);
}

const asChoice = (one) =>
  one && {
    id: `conversation ${one.id}`,
    icon: one.owner,
    label: called(one.contact),
    more: [one.ticket && `#${one.ticket.number}`, reachedAt(one.contact)].filter(Boolean).join(" · "),
    run: () => openConversation(one.id),
  };

export function Palette() {
  const words = useSignal("");
  const chosen = useSignal(0);
  const found = useFound(words.value);
  const wish = plain(words.value);
  const fits = everything().filter((one) => plain(`${one.label} ${one.more ?? ""}`).includes(wish));
  const there = new Set(fits.map((one) => one.id));
  const shown = [...fits.slice(0, MOST), ...found.filter((one) => !there.has(one.id))].slice(0, MOST);
  const close = () => (dialog.value = null);
  const take = (one) => {
    close();
    requestAnimationFrame(() => one.run());
  };
  return html`<${Dialog} title=${t("palette.title")} onClose=${close} kind="palette">
    <input
      type="text"
      role="combobox"
      autofocus
      autocomplete="off"
      spellcheck=${false}
      aria-label=${t("palette.title")}
      aria-expanded="true"
      aria-controls="palette-list"
      aria-activedescendant=${`choice-${chosen.value}`}
      placeholder=${t("palette.hint")}
      onInput=${(event) => ((words.value = event.currentTarget.value), (chosen.value = 0))}
      onKeyDown=${(event) => steered(event, chosen, shown, take)}
    />
    <ul id="palette-list" role="listbox" aria-label=${t("palette.title")}>
      ${shown.map((one, at) => html`<${Choice} key=${one.id} one=${one} at=${at} isChosen=${at === chosen.value} onTake=${take} />`)}
    </ul>
    ${shown.length === 0 && html`<p class="hint">${t("palette.none")}</p>`}
  <//>`;
}

function Choice({ one, at, isChosen, onTake }) {
  return html`<li id=${`choice-${at}`} role="option" aria-selected=${isChosen} onClick=${() => onTake(one)}>
    <${Icon} name=${one.icon} /><span dir="auto">${one.label}</span>${one.more && html`<small>${one.more}</small>`}${one.keys && html`<kbd>${one.keys.toUpperCase()}</kbd>`}
  </li>`;
}

/** Conversations that the desk finds, wherever they are. @param {string} words */
function useFound(words) {
  const found = useSignal(/** @type {any[]} */ ([]));
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      if (words.trim().length < 2) return;
      try {
        const page = await get("/api/conversations", { view: "all", q: words.trim(), limit: 8 }, stop.signal);
        found.value = rows(page).map(asChoice);
      } catch (error) {
        if (error.name !== "AbortError" && !(error instanceof Refused)) throw error;
      }
    }, 180);
    return () => (clearTimeout(timer), stop.abort());
  }, [words]);
  return found.value.filter((one) => one.id !== `conversation ${openId.value}`);
}

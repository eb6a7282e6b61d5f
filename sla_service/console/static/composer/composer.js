// Where one writes: a reply to the contact, or a note that only colleagues see.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { reply } from "../acts.js";
import { upload } from "../api.js";
import { classes, html } from "../html.js";
import { Window } from "../parts/countdown.js";
import { Icon } from "../parts/icon.js";
import { dialog, me, now } from "../store/page.js";
import { colleagues, tellLook } from "../store/desk.js";
import { draft, leaveDraft } from "../store/drafts.js";
import { send } from "../store/threads.js";
import { complain, say } from "../store/toasts.js";
import { t } from "../words.js";
import { Marks, Missing, point } from "./missing.js";
import { missingIn } from "./ready.js";
import { complete, matches, Suggestions } from "./suggest.js";
import { Templates } from "./templates.js";

const LARGEST = 16 * 1024 * 1024;
const LONGEST = 4096; // what WhatsApp takes in one message

/** Lets somebody write at a conversation, before the next key: it may be the first of a note. @param {number} id @param {"reply"|"note"} kind @param {string} [words] */
export function beginWriting(id, kind, words) {
  const begun = draft(id);
  begun.kind.value = kind;
  if (words !== undefined) begun.text.value = words;
  document.getElementById("reply-box")?.focus();
}

/** @param {{one: any}} props */
export function Composer({ one }) {
  const { text, kind } = draft(one.id);
  const files = useSignal(/** @type {any[]} */ ([]));
  const picks = useSignal(false);
  const box = useRef(/** @type {HTMLTextAreaElement|null} */ (null));
  const isNote = kind.value === "note";
  const isClosed = Boolean(one.window_closes_at) && Date.parse(one.window_closes_at) < now.value;
  const isHeld = one.owner === "agent" && one.agent && one.agent.id !== me.value?.id;
  useEffect(() => () => leaveDraft(one.id), [one.id]);
  useEffect(() => grow(box.current), [text.value, kind.value]);
  const write = (words) => {
    text.value = words;
    tellLook(one.id, words ? "replying" : "viewing");
  };
  const submit = () => {
    const words = text.peek().trim();
    if (!words && !files.peek().length) return;
    if (kind.peek() === "note" && !one.ticket) return;
    if (kind.peek() === "reply" && missingIn(words).length) {
      point(box.current);
      return;
    }
    const more = { mentions: mentionsIn(words) };
    if (kind.peek() === "reply") reply(one, { text: words, files: files.peek() }).catch(complain);
    else send(one.id, { kind: "note", text: words, ticket: one.ticket?.number, more }).catch(complain);
    files.value = [];
    write("");
  };
  return html`<form class=${classes("composer", kind.value)} data-testid="composer" onSubmit=${(event) => (event.preventDefault(), submit())}>
    <div class="composer-card">
      <div class="composer-top">
        <${Kinds} kind=${kind} hasTicket=${Boolean(one.ticket)} />
        ${isNote ? html`<span class="composer-hint"><${Icon} name="lock" />${t("composer.onlyUs")}</span>` : html`<${Window} closesAt=${one.window_closes_at} />`}
      </div>
      ${isClosed && !isNote
        ? html`<${Closed} onTemplate=${() => (picks.value = true)} />`
        : html`<${Writing} box=${box} text=${text} kind=${kind} write=${write} say=${submit} one=${one} isHeld=${isHeld} />`}
      ${!isNote && html`<${Missing} id=${one.id} text=${text.value} write=${write} box=${box} />`}
      <${Attached} files=${files} />
      <div class="composer-foot">
        <${Tools} one=${one} files=${files} kind=${kind} write=${write} text=${text} box=${box} onTemplate=${() => (picks.value = true)} />
        ${text.value.length > LONGEST - 300 && html`<span class="composer-hint">${LONGEST - text.value.length}</span>`}
        <button class="primary send" data-testid="send" disabled=${isClosed && !isNote} title=${t("composer.sendKey")}>
          <${Icon} name=${isNote ? "note" : "send"} /><span>${t(isNote ? "composer.saveNote" : "composer.send")}</span>
        </button>
      </div>
    </div>
    ${picks.value && html`<${Templates} one=${one} onClose=${() => (picks.value = false)} />`}
  </form>`;
}

const Kinds = ({ kind, hasTicket }) =>
  html`<div class="kinds" role="group" aria-label=${t("composer.kinds")}>
    <button type="button" aria-pressed=${kind.value === "reply"} aria-keyshortcuts="r" data-testid="kind-reply" onClick=${() => (kind.value = "reply")}>
      <${Icon} name="reply" />${t("composer.reply")}
    </button>
    <button type="button" aria-pressed=${kind.value === "note"} aria-keyshortcuts="n" data-testid="kind-note" disabled=${!hasTicket} onClick=${() => (kind.value = "note")}>
      <${Icon} name="note" />${t("composer.note")}
    </button>
  </div>`;

function Writing({ box, text, kind, write, say, one, isHeld }) {
  const chosen = useSignal(0);
  const isShut = useSignal(false);
  const found = isShut.value ? [] : matches(text.value, box.current?.selectionStart ?? text.value.length, kind.value, one);
  const take = (item) => {
    const { words, caret } = complete(text.peek(), box.current?.selectionStart ?? 0, item);
    write(words);
    item.settle?.().catch(complain);
    // At once: whoever types on meanwhile must not find the caret where it was.
    const node = box.current;
    if (!node) return;
    node.value = words;
    node.focus();
    node.setSelectionRange(caret, caret);
  };
  const pressed = (event) => {
    if (event.isComposing) return;
    if (found.length && steer(event, found, chosen, take, isShut)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      say();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      event.currentTarget.blur();
    }
  };
  const typed = (event) => {
    isShut.value = false;
    chosen.value = 0;
    write(event.currentTarget.value);
  };
  const isLacking = kind.value === "reply" && missingIn(text.value).length > 0;
  const placeholder = kind.value === "note" ? t("composer.noteHint") : isHeld ? t("composer.heldHint", { name: one.agent.name }) : t("composer.replyHint");
  return html`<div class="writing">
    ${found.length > 0 && html`<${Suggestions} found=${found} chosen=${chosen.value} onTake=${take} />`}
    ${isLacking && html`<${Marks} text=${text.value} box=${box} />`}
    <textarea
      ref=${box}
      id="reply-box"
      rows="2"
      maxlength=${LONGEST}
      data-testid="reply-box"
      aria-label=${t(kind.value === "note" ? "composer.note" : "composer.reply")}
      placeholder=${placeholder}
      value=${text.value}
      aria-autocomplete="list"
      aria-controls=${found.length ? "suggestions" : undefined}
      aria-activedescendant=${found.length ? `suggestion-${chosen.value}` : undefined}
      onInput=${typed}
      onKeyDown=${pressed}
    ></textarea>
  </div>`;
}

/** Keys that belong to the suggestions while they are there. */
function steer(event, found, chosen, take, isShut) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) chosen.value = (chosen.value + step + found.length) % found.length;
  else if (event.key === "Enter" || event.key === "Tab") take(found[chosen.value]);
  else if (event.key === "Escape") isShut.value = true;
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

const Closed = ({ onTemplate }) =>
  html`<div class="closed-window">
    <p>${t("window.closedHint")}</p>
    <button type="button" onClick=${onTemplate}><${Icon} name="template" />${t("template.pick")}</button>
  </div>`;

function Tools({ files, kind, write, text, box, onTemplate }) {
  const chosen = (event) => {
    attach(files, [...event.currentTarget.files]);
    event.currentTarget.value = "";
  };
  const begin = (sign) => {
    write(text.peek() && !/\s$/.test(text.peek()) ? `${text.peek()} ${sign}` : text.peek() + sign);
    requestAnimationFrame(() => box.current?.focus());
  };
  const isNote = kind.value === "note";
  return html`<div class="tools">
    ${!isNote &&
    html`<label class="square quiet button" title=${t("composer.attach")}
        ><input type="file" class="spoken" data-testid="attach" aria-label=${t("composer.attach")} onChange=${chosen} /><${Icon} name="attach"
      /></label>
      <button type="button" class="quiet square" aria-label=${t("composer.canned")} title=${t("composer.canned")} onClick=${() => begin("/")}><span class="slash">/</span></button>
      <button type="button" class="quiet square" aria-label=${t("template.pick")} title=${t("template.pick")} onClick=${onTemplate}><${Icon} name="template" /></button>
      <button type="button" class="quiet square" aria-label=${t("articles.find")} title=${t("articles.find")} aria-keyshortcuts="f" data-testid="find-article" onClick=${() => (dialog.value = { kind: "articles" })}><${Icon} name="bookmark" /></button>`}
    ${isNote && html`<button type="button" class="quiet square" aria-label=${t("composer.mention")} title=${t("composer.mention")} onClick=${() => begin("@")}><span class="slash">@</span></button>`}
  </div>`;
}

/** Begins to bring files up while the person still writes. */
function attach(files, chosen) {
  for (const file of chosen) {
    if (file.size > LARGEST) {
      say(t("composer.tooLarge", { name: file.name }), { isBad: true });
      continue;
    }
    const uploaded = upload(file);
    uploaded.catch(() => null); // told where it is sent
    files.value = [{ name: file.name, size: file.size, uploaded }];
  }
}

const Attached = ({ files }) =>
  files.value.length > 0 &&
  html`<ul class="attached">
    ${files.value.map(
      (file) =>
        html`<li key=${file.name}>
          <${Icon} name="attach" /><span dir="auto">${file.name}</span>
          <button type="button" class="quiet square" aria-label=${t("composer.detach", { name: file.name })} onClick=${() => (files.value = [])}><${Icon} name="close" /></button>
        </li>`,
    )}
  </ul>`;

/** @param {string} words */
const mentionsIn = (words) => colleagues.peek().filter((one) => words.includes(`@${one.name}`)).map((one) => one.id);

function grow(node) {
  if (!node) return;
  node.style.height = "auto";
  node.style.height = `${Math.min(node.scrollHeight + 2, innerHeight * 0.4)}px`;
}

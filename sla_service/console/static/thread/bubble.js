// One moment of a thread: a bubble, a card, or a line.

import { classes, html } from "../html.js";
import { Icon } from "../parts/icon.js";
import { called } from "../parts/person.js";
import { now } from "../store/page.js";
import { discard, sendAgain } from "../store/threads.js";
import { reasonOf } from "../store/toasts.js";
import { clock, day, exact, percent } from "../times.js";
import { has, named, t } from "../words.js";
import { HandoffCard } from "./handoff.js";
import { Thing, Transcript } from "./media.js";

/** @param {{moment: import("./timeline.js").Moment, one: any}} props */
export function Moment({ moment, one }) {
  if (moment.kind === "message") return html`<${Bubble} ...${moment} one=${one} />`;
  if (moment.kind === "note") return html`<${Note} note=${moment.note} />`;
  if (moment.kind === "sending") return html`<${Sending} sending=${moment.sending} isFirst=${moment.isFirst} id=${one.id} />`;
  if (moment.kind === "handoff") return html`<${HandoffCard} handoff=${moment.handoff} />`;
  if (moment.kind === "day") return html`<p class="day"><time datetime=${moment.at.slice(0, 10)}>${day(moment.at)}</time></p>`;
  return html`<p class="ticket-line"><span>${ticketWords(moment)}</span></p>`;
}

/** @param {any} moment */
function ticketWords({ ticket: { number, follows, subject }, again }) {
  if (again) return t("ticket.backTo", { number: `#${number}` });
  const values = { number: `#${number}`, earlier: `#${follows}` };
  const opened = follows ? t("ticket.followUp", values) : t("ticket.opened", values);
  return subject ? `${opened}: ${subject}` : opened;
}

function author(message, one) {
  if (message.author === "contact" && one) return called(one.contact);
  return message.agent?.name ?? t(`author.${message.author}`);
}

function Bubble({ message, isFirst, showsTurn, one }) {
  const { author: who, said_at: at, failure, state } = message;
  const isBad = state === "failed" || state === "refused";
  return html`<article class=${classes("message", `from-${who}`, isFirst && "first")} id=${`m${message.id}`} data-testid="message" data-author=${who}>
    <p class=${isFirst ? "said-by" : "spoken"}>${isFirst && html`<${Icon} name=${who} />`}${author(message, one)}</p>
    <div class="bubble">
      ${message.quoted && html`<${Quoted} quoted=${message.quoted} />`}
      ${message.revoked_at ? html`<p class="revoked">${t("message.revoked")}</p>` : html`<${Said} message=${message} />`}
      ${message.options?.length > 0 && html`<${Options} options=${message.options} />`}
      <p class="foot">
        ${message.edited !== null && message.edited !== undefined &&
        html`<span title=${t("message.before", { text: message.text })}>${t("message.edited")}</span>`}
        ${message.kind === "choice" && html`<span>${t("message.chose")}</span>`}
        <time datetime=${at} title=${exact(at)}>${clock(at)}</time>
        ${state && html`<span class="state" data-state=${state}><${Icon} name=${state} label=${t(`state.${state}`)} /></span>`}
      </p>
      ${message.reaction && html`<span class="reaction" role="img" aria-label=${t("message.reacted", { emoji: message.reaction })}>${message.reaction}</span>`}
      ${showsTurn && html`<${Understood} turn=${message.turn} />`}
    </div>
    ${isBad && html`<p class="failure"><${Icon} name="failed" />${t(`message.${state}`, { reason: failureWords(failure) })}</p>`}
  </article>`;
}

function Said({ message }) {
  const words = message.edited ?? message.text;
  const isThing = message.media || message.place || !(words || message.kind === "text");
  return html`${isThing && html`<${Thing} message=${message} />`}${message.media?.transcript && html`<${Transcript} transcript=${message.media.transcript} />`}${words && html`<p class="text" dir="auto">${linked(words)}</p>`}`;
}

/** Web addresses in a text become links; all else stays text. @param {string} words */
function linked(words) {
  return words
    .split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g)
    .map((part, at) => (at % 2 ? html`<a href=${part} target="_blank" rel="noopener noreferrer">${part}</a>` : part));
}

const Quoted = ({ quoted: { text, author: who, kind } }) =>
  html`<blockquote class="quoted" dir="auto">
    <span class="spoken">${t("message.answers", { author: t(`author.${who}`) })}</span>${text || (has(`kind.${kind}`) ? t(`kind.${kind}`) : kind)}
  </blockquote>`;

const Options = ({ options }) =>
  html`<ul class="options" aria-label=${t("message.options")}>
    ${options.map(
      ({ title, taken }) =>
        html`<li key=${title} class=${taken ? "taken" : undefined} dir="auto">${title}${taken && html`<${Icon} name="check" label=${t("message.taken")} />`}</li>`,
    )}
  </ul>`;

function Understood({ turn: { intent, confidence } }) {
  const words = intent
    ? t("message.intent", { intent: named("intent", intent), confidence: percent(confidence ?? 0) })
    : t("message.noIntent");
  return html`<details class="understood" data-testid="understood">
    <summary title=${t("message.understood")}><${Icon} name="understood" label=${t("message.understood")} /></summary>
    <p>${words}</p>
  </details>`;
}

function Note({ note }) {
  const who = note.author ?? t("author.agent");
  return html`<article class="message from-note first" data-testid="note">
    <p class="said-by"><${Icon} name="lock" />${t("note.by", { name: who })}</p>
    <div class="bubble">
      <p class="text" dir="auto">${mentioned(note.text)}</p>
      <p class="foot"><time datetime=${note.created_at} title=${exact(note.created_at)}>${clock(note.created_at)}</time></p>
    </div>
  </article>`;
}

/** @param {string} words */
const mentioned = (words) =>
  words.split(/(@[\p{L}\d._-]+(?: \p{Lu}[\p{L}]+)?)/gu).map((part, at) => (at % 2 ? html`<span class="mention">${part}</span>` : part));

function Sending({ sending, isFirst, id }) {
  const isNote = sending.kind === "note";
  const isFailed = sending.state === "failed";
  const label = isNote ? t("note.by", { name: sending.by ?? "" }) : (sending.by ?? t("author.agent"));
  return html`<article
    class=${classes("message", isNote ? "from-note" : "from-agent", "sending", isFailed && "failed", (isFirst || isNote) && "first")}
    data-testid=${isNote ? "note" : "message"}
    data-author="agent"
    data-sending=${sending.state}
  >
    <p class=${isFirst || isNote ? "said-by" : "spoken"}>${(isFirst || isNote) && html`<${Icon} name=${isNote ? "lock" : "agent"} />`}${label}</p>
    <div class="bubble">
      ${sending.files.map((file) => html`<p class="text" key=${file.name}><${Icon} name="attach" /> ${file.name}</p>`)}
      ${sending.text && html`<p class="text" dir="auto">${isNote ? mentioned(sending.text) : sending.text}</p>`}
      <p class="foot">
        <time datetime=${sending.at}>${clock(sending.at)}</time>
        <span class="state" data-state=${sending.state}><${Icon} name=${isFailed ? "failed" : "queued"} label=${t(`sending.${sending.state}`)} /></span>
      </p>
    </div>
    ${isFailed && html`<${Failed} sending=${sending} id=${id} />`}
  </article>`;
}

const Failed = ({ sending, id }) =>
  html`<p class="failure" role="alert">
    <${Icon} name="failed" />${t("sending.why", { reason: reasonOf(sending.why) })}
    <button type="button" class="link" onClick=${() => sendAgain(id, sending.key)}>${t("app.retry")}</button>
    <button type="button" class="link" onClick=${() => discard(id, sending.key)}>${t("sending.discard")}</button>
  </p>`;

function failureWords(failure) {
  const key = `failure.${failure?.reason}`;
  const reason = t(has(key) ? key : "failure.other");
  return failure?.code ? t("failure.code", { reason, code: failure.code }) : reason;
}

/** The minute, so that days are named anew at midnight. */
export const minute = () => Math.floor(now.value / 60_000);

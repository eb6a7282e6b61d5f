// One moment of a thread as an element: a bubble, a card, or a line.

import { el, icon } from "./dom.js";
import { has, t } from "./i18n.js";
import { clock, day, exact, percent } from "./times.js";

/** @param {import("./timeline.js").Moment} moment @returns {{key: string, look: string, build: () => HTMLElement, update?: (node: HTMLElement) => void}} */
export function entry(moment) {
  const { message } = moment;
  const look = document.documentElement.lang + JSON.stringify(moment, withoutState);
  if (!message) return { key: moment.key, look: look + day(moment.at), build: () => LINES[moment.kind](moment) };
  return { key: moment.key, look, build: () => bubble(moment), update: (node) => showState(node, message) };
}

const withoutState = (name, value) => (name === "state" || name === "failure" ? undefined : value);

const LINES = {
  day: ({ at }) => el("p", { class: "day" }, el("time", { datetime: at.slice(0, 10) }, day(at))),
  ticket: ({ ticket, again }) => el("p", { class: "ticket-line" }, ticketWords(ticket, again)),
  handoff: ({ handoff }) => handoffCard(handoff),
};

function ticketWords({ number, follows, subject }, again) {
  if (again) return t("ticket.backTo", { number: `#${number}` });
  const values = { number: `#${number}`, earlier: `#${follows}` };
  const opened = follows ? t("ticket.followUp", values) : t("ticket.opened", values);
  return subject ? `${opened}: ${subject}` : opened;
}

function handoffCard({ at, to_owner: to, reason, summary, ticket }) {
  const isBack = to === "bot";
  return el(
    "section",
    { class: `handoff to-${to}`, "data-testid": "handoff" },
    el(
      "p",
      { class: "handoff-title" },
      icon(to),
      el("strong", {}, t(isBack ? "handoff.toBot" : "handoff.toPeople")),
      el("time", { datetime: at, title: exact(at) }, clock(at)),
    ),
    el("p", {}, t("handoff.reason", { reason: t(`reason.${reason}`) }), ` · #${ticket}`),
    summary && el("p", { class: "summary", dir: "auto" }, summary),
  );
}

function bubble({ message, isFirst, showsTurn }) {
  const { author, said_at: at } = message;
  return el(
    "article",
    { class: `message from-${author}`, id: `m${message.id}`, "data-testid": "message", "data-author": author },
    isFirst
      ? el("p", { class: "said-by" }, icon(author), t(`author.${author}`))
      : el("p", { class: "spoken" }, t(`author.${author}`)),
    message.quoted && quoted(message.quoted),
    message.revoked_at ? el("p", { class: "revoked" }, t("message.revoked")) : said(message),
    options(message.options),
    el(
      "p",
      { class: "foot" },
      message.edited !== null &&
        el("span", { title: t("message.before", { text: message.text }) }, t("message.edited")),
      message.kind === "choice" && el("span", {}, t("message.chose")),
      el("time", { datetime: at, title: exact(at) }, clock(at)),
      el("span", { class: "state" }),
    ),
    showsTurn && understood(message.turn),
    message.reaction && reaction(message.reaction),
  );
}

function said(message) {
  const words = message.edited ?? message.text;
  const parts = document.createDocumentFragment();
  if (message.media || message.place || !(words || message.kind === "text")) parts.append(thing(message));
  if (words) parts.append(el("p", { class: "text", dir: "auto" }, words));
  return parts;
}

/** A file, a place, or whatever else is not words: named, with what is known of it. */
function thing({ kind, media, place }) {
  const name = kind === "audio" && media?.voice ? t("kind.voice") : t(`kind.${kind}`);
  const details = [media?.filename, place?.name, place?.address, coordinates(place), type(kind, media)];
  const link = isWebAddress(media?.link) ? media.link : null;
  return el(
    "div",
    { class: "thing", "data-testid": "thing" },
    icon(kind),
    el("span", { class: "thing-name" }, name),
    ...details.filter(Boolean).map((detail) => el("span", { class: "detail", dir: "auto" }, detail)),
    link && el("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, t("message.openLink")),
  );
}

const coordinates = (place) =>
  place && !place.name && `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
const isWebAddress = (link) => /^https?:\/\//i.test(link ?? "");
const type = (kind, media) =>
  kind === "document" && media?.mime_type ? media.mime_type.split("/").at(-1).split(";")[0].toUpperCase() : null;

function quoted({ text, author, kind }) {
  return el(
    "blockquote",
    { class: "quoted", dir: "auto" },
    el("span", { class: "spoken" }, t("message.answers", { author: t(`author.${author}`) })),
    text || t(`kind.${kind}`),
  );
}

function options(offered) {
  if (!offered.length) return null;
  return el(
    "ul",
    { class: "options", "aria-label": t("message.options") },
    ...offered.map(({ title, taken }) =>
      el(
        "li",
        { class: taken ? "taken" : null, dir: "auto" },
        title,
        taken && icon("check", t("message.taken")),
      ),
    ),
  );
}

function understood({ intent, confidence }) {
  const words = intent
    ? t("message.intent", { intent, confidence: percent(confidence ?? 0) })
    : t("message.noIntent");
  return el(
    "details",
    { class: "understood", "data-testid": "understood" },
    el("summary", { title: words }, icon("understood", t("message.understood"))),
    el("p", {}, words),
  );
}

const reaction = (emoji) =>
  el("span", { class: "reaction", role: "img", "aria-label": t("message.reacted", { emoji }) }, emoji);

/** Ticks come often: only they change, and nothing is read aloud again. */
function showState(node, { state, failure }) {
  const look = document.documentElement.lang + JSON.stringify([state, failure]);
  const place = node.querySelector(".state");
  if (!state || place.dataset.look === look) return;
  place.dataset.look = look;
  place.dataset.state = state;
  place.replaceChildren(icon(state, t(`state.${state}`)));
  node.querySelector(".failure")?.remove();
  if (state === "failed" || state === "refused") {
    const words = t(`message.${state}`, { reason: failureWords(failure) });
    node.querySelector(".foot").after(el("p", { class: "failure" }, words));
  }
}

function failureWords(failure) {
  const key = `failure.${failure?.reason}`;
  const reason = t(has(key) ? key : "failure.other");
  return failure?.code ? t("failure.code", { reason, code: failure.code }) : reason;
}

// The open conversation: its head, and its messages as they come.

import { get, post, Refused } from "./api.js";
import { entry } from "./bubble.js";
import { avatar, called, languageMark, ownerBadge, reachedAt } from "./contact.js";
import { el, icon, reconcile } from "./dom.js";
import { t } from "./i18n.js";
import { timeline } from "./timeline.js";

const PAGE = 50;
const MOST_AT_ONCE = 200;
const NEAR = 80; // pixels from the end that count as being there

/**
 * @param {HTMLElement} root
 * @param {{onClose: () => void, onResolved: (id: number) => void, say: (words: string) => void}} acts
 */
export function createThread(root, { onClose, onResolved, say }) {
  const empty = [...root.children];
  let id = null;
  let conversation = null;
  let thread = null;
  let asked = new AbortController();
  let parts = null;

  async function open(wanted) {
    asked.abort();
    asked = new AbortController();
    id = wanted;
    conversation = null;
    thread = null;
    if (id === null) {
      root.replaceChildren(...empty);
      document.title = t("app.name");
      return;
    }
    parts = build();
    root.replaceChildren(parts.head, parts.frame);
    await refresh();
    parts.log.scrollTop = parts.log.scrollHeight;
  }

  function build() {
    const log = el("div", {
      class: "log",
      role: "log",
      "aria-live": "polite",
      "aria-busy": "true",
      "aria-label": t("thread.messages"),
      tabindex: "0",
      on: { scroll: scrolled },
    });
    const lines = el("div", { class: "lines" });
    const earlier = el(
      "button",
      { type: "button", class: "quiet earlier", hidden: true, on: { click: showEarlier } },
      t("thread.earlier"),
    );
    const toEnd = el(
      "button",
      { type: "button", class: "to-end", hidden: true, on: { click: () => goToEnd() } },
      icon("down"),
      t("thread.new"),
    );
    const hint = el("p", { class: "hint" }, t("list.loading"));
    log.append(earlier, hint, lines);
    return { head: el("header", { class: "head" }), frame: el("div", { class: "log-frame" }, log, toEnd), log, lines, earlier, toEnd, hint };
  }

  /** Asks again for everything that is shown: the newest, and as much above it as was loaded. */
  async function refresh() {
    const wanted = id;
    const limit = Math.min(Math.max(thread?.messages.length ?? 0, PAGE), MOST_AT_ONCE);
    try {
      const [about, page] = await Promise.all([
        get(`/api/conversations/${wanted}`, {}, asked.signal),
        get(`/api/conversations/${wanted}/messages`, { limit }, asked.signal),
      ]);
      if (wanted !== id) return;
      conversation = about;
      take(page);
      draw();
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Refused)) throw error;
      failed(error);
    }
  }

  /** The newest stretch; what was loaded above it stays. */
  function take(page) {
    const first = page.messages[0];
    const isKnown = first && thread?.messages.some((message) => message.id === first.id);
    if (!isKnown || !page.before) {
      thread = page;
      return;
    }
    const at = thread.messages.findIndex((message) => message.id === first.id);
    thread = joined({ ...thread, messages: thread.messages.slice(0, at) }, page);
  }

  async function showEarlier() {
    if (!thread?.before || parts.earlier.disabled) return;
    const wanted = id;
    parts.earlier.disabled = true;
    try {
      const path = `/api/conversations/${wanted}/messages`;
      const page = await get(path, { before: thread.before, limit: PAGE }, asked.signal);
      if (wanted !== id) return;
      thread = joined(page, thread);
      const fromEnd = parts.log.scrollHeight - parts.log.scrollTop;
      draw();
      parts.log.scrollTop = parts.log.scrollHeight - fromEnd;
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Refused)) throw error;
      say(t("app.failed"));
    } finally {
      parts.earlier.disabled = false;
    }
  }

  function draw() {
    const { log, lines, earlier, toEnd, hint } = parts;
    const wasAtEnd = isAtEnd();
    const newest = lines.lastElementChild?.dataset.key;
    hint.hidden = thread.messages.length > 0;
    hint.textContent = t("thread.empty");
    earlier.hidden = !thread.before;
    reconcile(lines, timeline(thread).map(entry));
    log.setAttribute("aria-busy", "false");
    if (wasAtEnd) goToEnd();
    else if (newest && lines.lastElementChild?.dataset.key !== newest) toEnd.hidden = false;
    drawHead();
  }

  function drawHead() {
    const look = document.documentElement.lang + JSON.stringify(conversation);
    if (parts.head.dataset.look === look) return;
    parts.head.dataset.look = look;
    const name = called(conversation.contact);
    document.title = `${name} · ${t("app.name")}`;
    parts.head.replaceChildren(
      el("button", { type: "button", class: "back", "aria-label": t("thread.back"), on: { click: onClose } }, icon("back")),
      avatar(conversation),
      el(
        "div",
        { class: "who" },
        el("h2", { dir: "auto" }, name),
        el("p", {}, reachedAt(conversation.contact), " ", languageMark(conversation.language)),
      ),
      el("div", { class: "about" }, ownerBadge(conversation.owner), conversation.ticket && about(conversation.ticket)),
      conversation.owner !== "bot" && conversation.ticket && resolveButton(),
    );
  }

  function resolveButton() {
    return el(
      "button",
      { type: "button", class: "primary", "data-testid": "resolve", on: { click: resolve } },
      icon("check"),
      t("thread.resolve"),
    );
  }

  async function resolve({ currentTarget: button }) {
    const { number } = conversation.ticket;
    const wanted = id;
    button.disabled = true;
    try {
      await post(`/api/tickets/${number}/resolution`);
      say(t("thread.resolved", { number: `#${number}` }));
      onResolved(wanted);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      button.disabled = false;
      say(t("app.failed"));
    }
  }

  function failed(error) {
    if (thread && error.status !== 404) return say(t("app.failed"));
    const isGone = error.status === 404;
    const again = el("button", { type: "button", on: { click: refresh } }, t("app.retry"));
    parts.hint.hidden = false;
    parts.hint.replaceChildren(t(isGone ? "thread.missing" : "thread.failed"), " ", isGone ? "" : again);
    parts.log.setAttribute("aria-busy", "false");
    return undefined;
  }

  const isAtEnd = () => parts.log.scrollHeight - parts.log.scrollTop - parts.log.clientHeight < NEAR;
  const goToEnd = () => {
    parts.log.scrollTop = parts.log.scrollHeight;
    parts.toEnd.hidden = true;
  };
  const scrolled = () => {
    if (isAtEnd()) parts.toEnd.hidden = true;
    if (parts.log.scrollTop < NEAR && thread) showEarlier();
  };

  return {
    open,
    id: () => id,
    refresh: () => (id === null ? undefined : refresh()),
    redraw: () => (id === null ? undefined : open(id)),
  };
}

function about({ number, status, priority, subject }) {
  const facts = [`#${number}`, t(`ticket.status.${status}`)];
  if (priority !== "normal") facts.push(t(`priority.${priority}`));
  return el(
    "p",
    { class: "ticket" },
    el("span", {}, facts.join(" · ")),
    subject && el("span", { class: "subject", dir: "auto", title: subject }, subject),
  );
}

/** Two stretches of one thread, the earlier one first. */
function joined(earlier, later) {
  const both = (name, key) => [
    ...new Map([...earlier[name], ...later[name]].map((item) => [item[key], item])).values(),
  ];
  return {
    messages: both("messages", "id"),
    handoffs: both("handoffs", "id"),
    tickets: both("tickets", "number"),
    before: earlier.before,
  };
}

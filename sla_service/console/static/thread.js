// The open conversation: its head, and its messages as they come.

import { get, post, Refused } from "./api.js";
import { entry } from "./bubble.js";
import { avatar, called, languageMark, ownerBadge, reachedAt } from "./contact.js";
import { el, icon, reconcile } from "./dom.js";
import { sayAgain, t } from "./i18n.js";
import { timeline } from "./timeline.js";

const PAGE = 50;
const MOST_AT_ONCE = 200;
const NEAR = 80; // pixels from the end that count as being there

/** The right pane: nothing, or one conversation. */
export class Thread {
  #root;
  #acts;
  #empty;
  #id = null;
  #conversation = null;
  #thread = null;
  #asked = new AbortController();
  #parts = null;

  /**
   * @param {HTMLElement} root
   * @param {{onClose: () => void, onResolved: (id: number) => void, say: (words: string) => void}} acts
   */
  constructor(root, acts) {
    this.#root = root;
    this.#acts = acts;
    this.#empty = [...root.children];
  }

  /** The conversation that is open; null when none is. */
  get id() {
    return this.#id;
  }

  /** @param {number|null} id */
  async open(id) {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#id = id;
    this.#conversation = null;
    this.#thread = null;
    if (id === null) {
      this.#root.replaceChildren(...this.#empty);
      sayAgain(this.#root); // the language may have changed while it was away
      document.title = t("app.name");
      return;
    }
    this.#parts = this.#build();
    this.#root.replaceChildren(this.#parts.head, this.#parts.frame);
    await this.refresh();
    this.#goToEnd();
  }

  /** Asks again for everything that is shown: the newest, and as much above it as was loaded. */
  async refresh() {
    const wanted = this.#id;
    if (wanted === null) return;
    const limit = Math.min(Math.max(this.#thread?.messages.length ?? 0, PAGE), MOST_AT_ONCE);
    const path = `/api/conversations/${wanted}`;
    try {
      const [conversation, page] = await Promise.all([
        get(path, {}, this.#asked.signal),
        get(`${path}/messages`, { limit }, this.#asked.signal),
      ]);
      if (wanted !== this.#id) return;
      this.#conversation = conversation;
      this.#take(page);
      this.#draw();
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Refused)) throw error;
      this.#failed(error);
    }
  }

  #build() {
    const earlier = el(
      "button",
      { type: "button", class: "quiet earlier", hidden: true, on: { click: () => this.#showEarlier() } },
      t("thread.earlier"),
    );
    const toEnd = el(
      "button",
      { type: "button", class: "to-end", hidden: true, on: { click: () => this.#goToEnd() } },
      icon("down"),
      t("thread.new"),
    );
    const hint = el("p", { class: "hint" }, t("list.loading"));
    const lines = el("div", { class: "lines" });
    const log = el(
      "div",
      {
        class: "log",
        role: "log",
        "aria-live": "polite",
        "aria-busy": "true",
        "aria-label": t("thread.messages"),
        tabindex: "0",
        on: { scroll: () => this.#scrolled() },
      },
      earlier,
      hint,
      lines,
    );
    const frame = el("div", { class: "log-frame" }, log, toEnd);
    return { head: el("header", { class: "head" }), frame, log, lines, earlier, toEnd, hint };
  }

  /** The newest stretch; what was loaded above it stays. */
  #take(page) {
    const known = this.#thread?.messages ?? [];
    const at = known.findIndex((message) => message.id === page.messages[0]?.id);
    if (at < 0 || !page.before) this.#thread = page;
    else this.#thread = joined({ ...this.#thread, messages: known.slice(0, at) }, page);
  }

  async #showEarlier() {
    const { log, earlier } = this.#parts;
    if (!this.#thread?.before || earlier.disabled) return;
    const wanted = this.#id;
    earlier.disabled = true;
    try {
      const query = { before: this.#thread.before, limit: PAGE };
      const page = await get(`/api/conversations/${wanted}/messages`, query, this.#asked.signal);
      if (wanted !== this.#id) return;
      this.#thread = joined(page, this.#thread);
      const fromEnd = log.scrollHeight - log.scrollTop;
      this.#draw();
      log.scrollTop = log.scrollHeight - fromEnd;
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Refused)) throw error;
      this.#acts.say(t("app.failed"));
    } finally {
      earlier.disabled = false;
    }
  }

  #draw() {
    const { log, lines, earlier, toEnd, hint } = this.#parts;
    const wasAtEnd = this.#isAtEnd();
    const newest = lines.lastElementChild?.dataset.key;
    hint.hidden = this.#thread.messages.length > 0;
    hint.textContent = t("thread.empty");
    earlier.hidden = !this.#thread.before;
    reconcile(lines, timeline(this.#thread).map(entry));
    log.setAttribute("aria-busy", "false");
    if (wasAtEnd) this.#goToEnd();
    else if (newest && lines.lastElementChild?.dataset.key !== newest) toEnd.hidden = false;
    this.#drawHead();
  }

  #drawHead() {
    const { head } = this.#parts;
    const look = document.documentElement.lang + JSON.stringify(this.#conversation);
    if (head.dataset.look === look) return;
    head.dataset.look = look;
    const { contact, language, owner, ticket } = this.#conversation;
    const name = called(contact);
    document.title = `${name} · ${t("app.name")}`;
    const children = [
      this.#backButton(),
      avatar(this.#conversation),
      el(
        "div",
        { class: "who" },
        el("h2", { dir: "auto" }, name),
        el("p", {}, languageMark(language), " ", reachedAt(contact)),
      ),
      el("div", { class: "about" }, ownerBadge(owner), ticket && about(ticket)),
      owner !== "bot" && ticket && this.#resolveButton(),
    ];
    head.replaceChildren(...children.filter(Boolean));
  }

  #backButton() {
    return el(
      "button",
      { type: "button", class: "back", "aria-label": t("thread.back"), on: { click: this.#acts.onClose } },
      icon("back"),
    );
  }

  #resolveButton() {
    const click = ({ currentTarget }) => this.#resolve(currentTarget);
    return el(
      "button",
      { type: "button", class: "primary", "data-testid": "resolve", on: { click } },
      icon("check"),
      t("thread.resolve"),
    );
  }

  async #resolve(button) {
    const { number } = this.#conversation.ticket;
    const wanted = this.#id;
    button.disabled = true;
    try {
      await post(`/api/tickets/${number}/resolution`);
      this.#acts.say(t("thread.resolved", { number: `#${number}` }));
      this.#acts.onResolved(wanted);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      button.disabled = false;
      this.#acts.say(t("app.failed"));
    }
  }

  #failed(error) {
    const isGone = error.status === 404;
    if (this.#thread && !isGone) {
      this.#acts.say(t("app.failed"));
      return;
    }
    const { hint, log } = this.#parts;
    hint.hidden = false;
    hint.textContent = t(isGone ? "thread.missing" : "thread.failed");
    if (!isGone) {
      const click = () => this.refresh();
      hint.append(" ", el("button", { type: "button", on: { click } }, t("app.retry")));
    }
    log.setAttribute("aria-busy", "false");
  }

  #isAtEnd() {
    const { log } = this.#parts;
    return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  }

  #goToEnd() {
    const { log, toEnd } = this.#parts;
    log.scrollTop = log.scrollHeight;
    toEnd.hidden = true;
  }

  #scrolled() {
    if (this.#isAtEnd()) this.#parts.toEnd.hidden = true;
    if (this.#parts.log.scrollTop < NEAR && this.#thread) this.#showEarlier();
  }
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

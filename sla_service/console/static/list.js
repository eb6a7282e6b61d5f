// The list of conversations: newest activity first, filtered, searched, and kept up to date.

import { get, Refused } from "./api.js";
import { avatar, called, languageMark, ownerBadge, reachedAt } from "./contact.js";
import { el, reconcile } from "./dom.js";
import { t } from "./i18n.js";
import { ago, exact } from "./times.js";

const PAGE = 50;
const MOST_AT_ONCE = 200;
const AHEAD = 400; // pixels before the end at which more is asked for
const FEW = 5; // changed conversations worth asking for one by one
const EMPTY = { "": "list.empty", people: "list.emptyPeople", bot: "list.emptyBot" };

/** The left pane. */
export class List {
  #rows;
  #end;
  #scroll;
  #items = new Map();
  #next = null;
  #owner = "";
  #query = "";
  #selected = null;
  #isLoading = true;
  #hasFailed = false;
  #asked = new AbortController();

  /** @param {{rows: HTMLElement, end: HTMLElement, scroll: HTMLElement}} places */
  constructor({ rows, end, scroll }) {
    this.#rows = rows;
    this.#end = end;
    this.#scroll = scroll;
    scroll.addEventListener("scroll", () => {
      if (scroll.scrollTop + scroll.clientHeight > scroll.scrollHeight - AHEAD) this.#more();
    });
  }

  /** Begins again at the top with another filter or search. @param {{owner?: string, query?: string}} changes */
  show({ owner = this.#owner, query = this.#query }) {
    this.#owner = owner;
    this.#query = query;
    this.#items = new Map();
    this.#next = null;
    this.#isLoading = true;
    this.#scroll.scrollTop = 0;
    this.draw();
    return this.load();
  }

  /** Asks again for as much as is shown. */
  load() {
    const limit = Math.min(Math.max(this.#items.size, PAGE), MOST_AT_ONCE);
    return this.#fetch({ limit }, (page) => {
      this.#items = new Map(page.items.map((item) => [item.id, item]));
    });
  }

  /** Looks at conversations that changed. @param {number[]} ids */
  async refresh(ids) {
    if (this.#query || ids.length > FEW) {
      await this.load();
      return;
    }
    await Promise.all(ids.map((id) => this.#refreshOne(id)));
    this.draw();
  }

  draw() {
    reconcile(this.#rows, this.#ordered().map((item) => entry(item, item.id === this.#selected)));
    this.#rows.setAttribute("aria-busy", String(this.#isLoading));
    this.#end.replaceChildren(...this.#ending());
  }

  /** @param {number|null} id */
  select(id) {
    this.#selected = id;
    this.draw();
    this.#rows.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /** The conversation `step` rows away from the selected one. @param {number} step */
  neighbour(step) {
    const ids = this.#ordered().map((item) => item.id);
    const at = ids.indexOf(this.#selected);
    return at < 0 ? ids[0] : ids[Math.min(Math.max(at + step, 0), ids.length - 1)];
  }

  focus() {
    this.#rows.querySelector("[aria-current]")?.focus({ preventScroll: true });
  }

  #ordered() {
    return [...this.#items.values()].sort((a, b) => activity(b) - activity(a) || a.id - b.id);
  }

  #belongs({ owner }) {
    if (!this.#owner) return true;
    return this.#owner === "people" ? owner !== "bot" : owner === this.#owner;
  }

  async #more() {
    if (!this.#next || this.#isLoading) return;
    await this.#fetch({ cursor: this.#next, limit: PAGE }, (page) => {
      for (const item of page.items) this.#items.set(item.id, item);
    });
  }

  /** Asks for conversations; an answer that was overtaken by another question is dropped. */
  async #fetch(extra, take) {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#isLoading = true;
    const query = { owner: this.#owner, q: this.#query, ...extra };
    try {
      const page = await get("/api/conversations", query, this.#asked.signal);
      take(page);
      this.#next = page.next;
      this.#hasFailed = false;
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Refused)) throw error;
      this.#hasFailed = true;
    }
    this.#isLoading = false;
    this.draw();
  }

  async #refreshOne(id) {
    let item = null;
    try {
      item = await get(`/api/conversations/${id}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status !== 404) return; // the next event, or coming back, tries again
    }
    const last = this.#ordered().at(-1);
    const isBelow = this.#next && last && item && activity(item) < activity(last);
    if (!item || !this.#belongs(item)) this.#items.delete(id);
    else if (this.#items.has(id) || !isBelow) this.#items.set(id, item);
  }

  #ending() {
    const hint = (words) => el("p", { class: "hint" }, words);
    const button = (words, click) =>
      el("button", { type: "button", class: "quiet", on: { click } }, words);
    if (this.#hasFailed) {
      return [hint(t("list.failed")), button(t("app.retry"), () => this.load())];
    }
    if (this.#items.size > 0) {
      return this.#next ? [button(t("list.more"), () => this.#more())] : [];
    }
    if (this.#isLoading) return [hint(t("list.loading"))];
    return [hint(this.#query ? t("list.notFound", { query: this.#query }) : t(EMPTY[this.#owner]))];
  }
}

const activity = (item) => Date.parse(item.last_message_at);

function entry(item, isSelected) {
  const build = () => el("li", {}, row(item));
  const update = (node) => {
    const link = node.firstElementChild;
    if (isSelected) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    const time = link.querySelector("time");
    const words = ago(item.last_message_at);
    if (time.textContent !== words) time.textContent = words;
  };
  return { key: String(item.id), look: `${document.documentElement.lang}${JSON.stringify(item)}`, build, update };
}

function row(item) {
  const name = called(item.contact);
  return el(
    "a",
    {
      class: item.waiting ? "row is-waiting" : "row",
      href: `#c${item.id}`,
      "data-testid": `conversation-${item.id}`,
    },
    avatar(item),
    el("strong", { class: "row-name", dir: "auto", title: reachedAt(item.contact) }, name),
    el("time", { datetime: item.last_message_at, title: exact(item.last_message_at) }),
    el("span", { class: "row-text", dir: "auto" }, lastWords(item)),
    el("span", { class: "row-marks" }, ...marks(item)),
  );
}

function lastWords({ last_message: last }) {
  if (!last) return "";
  const said = last.revoked ? t("message.revoked") : last.text || t(`kind.${last.kind}`);
  return last.author === "contact" ? said : `${t(`author.${last.author}`)}: ${said}`;
}

function marks({ owner, waiting, ticket, language }) {
  return [
    ownerBadge(owner),
    waiting && el("span", { class: "badge waiting" }, t("list.waiting")),
    el("span", { class: "row-tail" }, languageMark(language), ticket && ` #${ticket.number}`),
    ticket?.reason && why(ticket),
  ];
}

function why({ priority, reason }) {
  const isLoud = priority === "high" || priority === "urgent";
  return el(
    "span",
    { class: "why" },
    isLoud && el("span", { class: "badge loud" }, t(`priority.${priority}`)),
    t(`reason.${reason}`),
  );
}

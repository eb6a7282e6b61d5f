// The list of conversations: newest activity first, filtered, searched, and kept up to date.

import { get, Refused } from "./api.js";
import { avatar, called, languageMark, ownerBadge, reachedAt } from "./contact.js";
import { el, reconcile } from "./dom.js";
import { t } from "./i18n.js";
import { ago, exact } from "./times.js";

const PAGE = 50;
const MOST_AT_ONCE = 200;
const FEW = 5; // changed conversations worth asking for one by one
const EMPTY = { "": "list.empty", people: "list.emptyPeople", bot: "list.emptyBot" };

/** @param {{rows: HTMLElement, end: HTMLElement, scroll: HTMLElement}} places */
export function createList({ rows, end, scroll }) {
  let items = new Map();
  let next = null;
  let owner = "";
  let query = "";
  let selected = null;
  let failed = false;
  let loading = true;
  let asked = new AbortController();

  const ordered = () =>
    [...items.values()].sort(
      (a, b) => Date.parse(b.last_message_at) - Date.parse(a.last_message_at) || a.id - b.id,
    );
  const belongs = (item) => !owner || (owner === "people" ? item.owner !== "bot" : item.owner === owner);

  function draw() {
    reconcile(rows, ordered().map((item) => entry(item, item.id === selected)));
    rows.setAttribute("aria-busy", String(loading));
    end.replaceChildren(...ending());
  }

  function ending() {
    if (failed) {
      const again = el("button", { type: "button", on: { click: () => load() } }, t("app.retry"));
      return [el("p", { class: "hint" }, t("list.failed")), again];
    }
    if (loading && items.size === 0) return [el("p", { class: "hint" }, t("list.loading"))];
    if (items.size === 0) {
      const words = query ? t("list.notFound", { query }) : t(EMPTY[owner]);
      return [el("p", { class: "hint" }, words)];
    }
    if (!next) return [];
    return [el("button", { type: "button", class: "quiet", on: { click: more } }, t("list.more"))];
  }

  /** Asks for conversations; an answer that was overtaken by another question is dropped. */
  async function fetchPage(extra, take) {
    asked.abort();
    asked = new AbortController();
    loading = true;
    try {
      const page = await get("/api/conversations", { owner, q: query, ...extra }, asked.signal);
      take(page);
      next = page.next;
      failed = false;
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Refused)) throw error;
      failed = true;
    }
    loading = false;
    draw();
  }

  const replace = (page) => {
    items = new Map(page.items.map((item) => [item.id, item]));
  };
  const load = () =>
    fetchPage({ limit: Math.min(Math.max(items.size, PAGE), MOST_AT_ONCE) }, replace);

  async function more() {
    if (!next || loading) return;
    await fetchPage({ cursor: next, limit: PAGE }, (page) => {
      for (const item of page.items) items.set(item.id, item);
    });
  }

  async function refreshOne(id) {
    let item = null;
    try {
      item = await get(`/api/conversations/${id}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status !== 404) return; // the next event, or coming back, tries again
    }
    const last = ordered().at(-1);
    const isBelow = next && last && item && !items.has(id) && item.last_message_at < last.last_message_at;
    if (!item || !belongs(item)) items.delete(id);
    else if (!isBelow) items.set(id, item);
  }

  async function refresh(ids) {
    if (query || ids.length > FEW) return load();
    await Promise.all(ids.map(refreshOne));
    return draw();
  }

  function start(changes) {
    ({ owner = owner, query = query } = changes);
    items = new Map();
    next = null;
    scroll.scrollTop = 0;
    loading = true;
    draw();
    return load();
  }

  scroll.addEventListener("scroll", () => {
    if (scroll.scrollTop + scroll.clientHeight > scroll.scrollHeight - 400) more();
  });

  return {
    load,
    refresh,
    draw,
    show: start,
    select(id) {
      selected = id;
      draw();
      rows.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    },
    /** The conversation `step` rows away from the selected one. */
    neighbour(step) {
      const ids = ordered().map((item) => item.id);
      const at = ids.indexOf(selected);
      return at < 0 ? ids[0] : ids[Math.min(Math.max(at + step, 0), ids.length - 1)];
    },
    focus: () => rows.querySelector("[aria-current]")?.focus({ preventScroll: true }),
  };
}

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
  const loud = ticket && owner !== "bot" && ["high", "urgent"].includes(ticket.priority);
  return [
    ownerBadge(owner),
    waiting && el("span", { class: "badge waiting" }, t("list.waiting")),
    loud && el("span", { class: "badge loud" }, t(`list.${ticket.priority}`)),
    ticket?.reason && el("span", { class: "reason" }, t(`reason.${ticket.reason}`)),
    el("span", { class: "row-tail" }, languageMark(language), ticket && ` #${ticket.number}`),
  ];
}

// The console: the list, the open thread, what is live, and the keys.

import { get, Refused, signOut } from "./api.js";
import { el } from "./dom.js";
import { load, switchLanguage, t } from "./i18n.js";
import { List } from "./list.js";
import { follow } from "./live.js";
import { Thread } from "./thread.js";

const GATHER = 150; // milliseconds in which events become one look
const TICK = 30_000; // how often relative times and stopped accounts are looked at
const TYPING = 200; // pause after which a search begins

const $ = (id) => document.getElementById(id);
const panes = $("panes");
const search = $("search");

const list = new List({ rows: $("rows"), end: $("list-end"), scroll: $("list-scroll") });
const thread = new Thread($("thread"), {
  onClose: () => go(null),
  onResolved: (id) => changed(id),
  say: toast,
});

const wanted = () => Number(/^#c(\d{1,18})$/.exec(location.hash)?.[1]) || null;

/** Opens a conversation by its address; `quietly` leaves no step in the history. */
function go(id, quietly = false) {
  const address = id === null ? location.pathname : `#c${id}`;
  if (quietly) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  followAddress();
}

function followAddress() {
  const id = wanted();
  panes.toggleAttribute("data-open", id !== null);
  list.select(id);
  if (id !== thread.id) thread.open(id);
}

let toastTimer;
function toast(words) {
  const place = $("toast");
  place.textContent = words;
  place.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (place.hidden = true), 5000);
}

const news = { ids: new Set(), everything: false, timer: 0 };

/** Notes what changed, and looks at it once things are quiet for a moment. */
function changed(id) {
  if (id === undefined) news.everything = true;
  else news.ids.add(id);
  news.timer ||= setTimeout(look, GATHER);
}

async function look() {
  const { everything } = news;
  const ids = [...news.ids];
  Object.assign(news, { ids: new Set(), everything: false, timer: 0 });
  const open = thread.id;
  await Promise.all([
    everything ? list.load() : list.refresh(ids),
    (everything || ids.includes(open)) && thread.refresh(),
    everything && showStopped(),
  ]);
}

function showLive(isLive) {
  $("live").dataset.state = isLive ? "on" : "off";
  $("live").textContent = t(isLive ? "live.on" : "live.off");
}

async function showStopped() {
  let stopped;
  try {
    stopped = await get("/api/accounts/stopped");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return; // the next look tells
  }
  const banner = $("banner");
  const look = document.documentElement.lang + JSON.stringify(stopped);
  if (banner.dataset.look === look) return;
  banner.dataset.look = look;
  banner.hidden = stopped.length === 0;
  banner.replaceChildren(...stopped.map(stoppedLine));
}

function stoppedLine({ phone_number_id: number, reason }) {
  return el(
    "p",
    { class: "banner" },
    el("strong", {}, t("stopped.title")),
    ` ${t("stopped.text", { number, reason: reason || t("stopped.noReason") })} ${t("stopped.how")} `,
    el("code", {}, `bin/desk account resume ${number}`),
  );
}

/** The tab of a filter looks pressed, and the list shows what it says. */
function filter(button) {
  for (const other of $("filters").children) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  list.show({ owner: button.dataset.owner });
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  "/": () => search.focus(),
  Escape: () => go(null),
};

function step(by) {
  const id = list.neighbour(by);
  if (id === undefined) return;
  go(id, true);
  list.focus();
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target === search) {
    if (event.key === "Escape") leaveSearch();
    return;
  }
  if (event.key.startsWith("Arrow") && event.target.closest(".log, .tabs")) return; // they scroll there
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function leaveSearch() {
  if (search.value) {
    search.value = "";
    list.show({ query: "" });
  }
  search.blur();
}

let typing;
search.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => list.show({ query: search.value.trim() }), TYPING);
});
$("filters").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) filter(button);
});
$("sign-out").addEventListener("click", () => signOut().catch(() => toast(t("app.failed"))));
$("language").addEventListener("click", async () => {
  await switchLanguage();
  list.draw();
  thread.open(thread.id);
  showLive($("live").dataset.state === "on");
  await showStopped();
});
document.addEventListener("keydown", pressed);
window.addEventListener("popstate", followAddress);
window.addEventListener("hashchange", followAddress);
setInterval(() => {
  list.draw();
  showStopped();
}, TICK);

await load();
showLive(false);
followAddress();
list.load();
showStopped();
follow(({ id }) => changed(id), showLive);

// The console: mounts the page, loads what it needs, and follows what changes.

import { effect } from "@preact/signals";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";

import { Articles } from "./composer/articles.js";
import { ContactPane } from "./contact/contact.js";
import { ActDialog } from "./dialogs.js";
import { Offers, Stopped, Toasts } from "./edges.js";
import { classes, html } from "./html.js";
import { listen } from "./keys.js";
import { follow } from "./live.js";
import { Notices, tellDesktop } from "./notices.js";
import { Palette } from "./palette.js";
import { Skeleton } from "./parts/controls.js";
import { called } from "./parts/person.js";
import { Queue } from "./queue/queue.js";
import { Rail } from "./rail.js";
import { Shortcuts } from "./shortcuts.js";
import { conversation, counts, current, happened, isHeld, load, refresh, refreshCounts } from "./store/conversations.js";
import { hearLook, hearOffer, hearPresence, loadAgents, loadMe, loadNotices, loadStopped, loadWordsAtHand } from "./store/desk.js";
import { dialog, isContactShown, isLive, may, openId, place } from "./store/page.js";
import { isKnown, refreshThread, sendWhatWasLeft } from "./store/threads.js";
import { loadWords, t } from "./words.js";
import { ThreadPane, titleOf } from "./thread/thread.js";

const GATHER = 250; // milliseconds in which events become one look
const TICK = 60_000;

const PAGES = {
  settings: () => import("./settings/settings.js").then((module) => module.Settings),
  reports: () => import("./reports/reports.js").then((module) => module.Reports),
};

function Page() {
  const page = place.value.page === "reports" && !may("supervisor") ? "inbox" : place.value.page;
  return html`<div class="desk">
    <a class="skip" href="#main" onClick=${(event) => (event.preventDefault(), document.getElementById("main")?.focus())}>${t("app.skip")}</a>
    <${Rail} />
    <div class="desk-main">
      <${Stopped} />
      ${page === "inbox" ? html`<${Inbox} />` : html`<${Later} key=${page} page=${page} />`}
    </div>
    <${Offers} /><${Toasts} /><${Dialogs} />
  </div>`;
}

const Inbox = () =>
  html`<main id="main" tabindex="-1" class=${classes("panes", openId.value !== null && "open", isContactShown.value && "with-contact")}>
    <h1 class="spoken">${t("app.name")}</h1>
    <${Queue} /><${ThreadPane} /><${ContactPane} />
  </main>`;

/** A page that is fetched when somebody first goes there. */
function Later({ page }) {
  const Found = useSignal(/** @type {any} */ (null));
  useEffect(() => {
    PAGES[page]().then((found) => (Found.value = found));
  }, [page]);
  return html`<main id="main" tabindex="-1" class="sheet-page">
    <h1 class="spoken">${t("app.name")}</h1>
    ${Found.value ? html`<${Found.value} />` : html`<${Skeleton} lines=${5} />`}
  </main>`;
}

function Dialogs() {
  const kind = dialog.value?.kind;
  if (kind === "palette") return html`<${Palette} />`;
  if (kind === "keys") return html`<${Shortcuts} />`;
  if (kind === "articles" && current.value) return html`<${Articles} one=${current.value} />`;
  if (kind === "notices") return html`<${Notices} />`;
  return html`<${ActDialog} />`;
}

const news = { ids: new Set(), everything: false, timer: 0 };

/** Notes what changed, and looks at it once things are quiet for a moment. @param {number} [id] */
function changed(id) {
  if (id === undefined) news.everything = true;
  else news.ids.add(id);
  news.timer ||= setTimeout(look, GATHER);
}

function look() {
  const { everything, ids } = news;
  Object.assign(news, { ids: new Set(), everything: false, timer: 0 });
  const open = openId.peek();
  if (everything) {
    load();
    loadStopped();
    loadNotices();
  } else {
    refresh([...ids]);
  }
  if (open === null || !(everything || ids.has(open))) return;
  happened.value += 1;
  if (isKnown(open)) refreshThread(open);
}

let counting = 0;
const countSoon = () => (counting ||= setTimeout(() => ((counting = 0), refreshCounts()), 2000));

const HEARS = {
  everything: () => changed(),
  conversation: ({ id }) => (changed(id), countSoon()),
  notice: () => loadNotices(),
  offer: (offer) => (hearOffer(offer), tellOffer(offer)),
  presence: hearPresence,
  viewing: hearLook,
  counts: (told) => (counts.value = { ...counts.peek(), ...told }),
};

async function tellOffer({ conversation: id }) {
  if (!conversation(id)?.peek()) await refresh([id]);
  const one = conversation(id)?.peek();
  tellDesktop(t("offer.for"), one ? called(one.contact) : "", id);
}

async function begin() {
  const root = /** @type {HTMLElement} */ (document.getElementById("app"));
  const [first] = [loadMe(), load()];
  await Promise.all([loadWords(), first]);
  root.replaceChildren();
  render(html`<${Page} />`, root);
  listen();
  effect(() => {
    const waits = counts.value.waiting ? `(${counts.value.waiting}) ` : "";
    document.title = waits + titleOf(current.value);
  });
  follow(
    (kind, data) => HEARS[kind]?.(data),
    (now) => (isLive.value = now),
  );
  loadAgents();
  loadNotices();
  loadStopped();
  loadWordsAtHand();
  sendWhatWasLeft();
  setInterval(() => {
    if (!document.hidden) loadStopped();
  }, TICK);
  addEventListener("blur", () => (isHeld.value = false));
}

begin();

// The left pane: views, search, filters, and the windowed list.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { html } from "../html.js";
import { Blank, useHeight } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { counts, filter, ids, isHeld, list, load, query, unseen, view, VIEWS, whenFound } from "../store/conversations.js";
import { isLive, openConversation, openId } from "../store/page.js";
import { number } from "../times.js";
import { many, t } from "../words.js";
import { Filters } from "./filters.js";
import { HEIGHT, Row } from "./row.js";

const MARGIN = 6; // rows above and below the window that are there already
const TYPING = 200; // pause after which a search begins

export function Queue() {
  return html`<section class="queue" aria-labelledby="queue-title">
    <header class="queue-head">
      <div class="queue-line">
        <h2 id="queue-title">${t("list.title")}</h2>
        <${Live} />
      </div>
      <${Search} />
      <${Views} />
    </header>
    <${List} />
  </section>`;
}

const Live = () =>
  html`<span class="live" role="status" data-testid="live" data-state=${isLive.value ? "on" : "off"}
    >${t(isLive.value ? "live.on" : "live.off")}</span
  >`;

function Search() {
  const typing = useRef(0);
  const waiting = useRef(() => {});
  const look = (event) => {
    const words = event.currentTarget.value.trim();
    clearTimeout(typing.current);
    waiting.current();
    typing.current = setTimeout(() => (query.value = words), TYPING);
  };
  const leave = (box, words) => {
    clearTimeout(typing.current);
    waiting.current();
    query.value = words;
    box.blur();
  };
  const pressed = (event) => {
    const box = event.currentTarget;
    const words = box.value.trim();
    if (event.key === "Escape") {
      box.value = "";
      leave(box, "");
    } else if (event.key === "Enter" && words && !event.isComposing) {
      leave(box, words);
      waiting.current = whenFound((id) => openConversation(id));
    }
  };
  return html`<div class="search">
    <${Icon} name="search" />
    <input
      type="search"
      id="search"
      autocomplete="off"
      maxlength="100"
      spellcheck=${false}
      data-testid="search"
      aria-label=${t("list.search")}
      placeholder=${t("list.search")}
      aria-keyshortcuts="/"
      defaultValue=${query.peek()}
      onInput=${look}
      onKeyDown=${pressed}
    />
    <${Filters} />
  </div>`;
}

function Views() {
  return html`<div class="views" role="group" aria-label=${t("list.filters")}>
    ${VIEWS.map(
      (name) =>
        html`<button type="button" key=${name} aria-pressed=${view.value === name} data-view=${name} onClick=${() => (view.value = name)}>
          ${name === "resolved" ? html`<${Icon} name="check" />` : html`<b>${number(counts.value[name] ?? 0)}</b>`}<span>${t(`view.${name}`)}</span>
        </button>`,
    )}
  </div>`;
}

function List() {
  const place = useRef(/** @type {HTMLElement|null} */ (null));
  const top = useSignal(0);
  const height = useSignal(900);
  useHeight(place, (now) => (height.value = now));
  useEffect(() => place.current?.scrollTo(0, 0), [view.value, query.value, filter.value]);
  useEffect(() => reveal(place.current, openId.value), [openId.value]);
  const all = ids.value;
  const first = Math.max(0, Math.floor(top.value / HEIGHT) - MARGIN);
  const last = Math.min(all.length, Math.ceil((top.value + height.value) / HEIGHT) + MARGIN);
  const shown = all.slice(first, last);
  const isMouse = (event) => event.pointerType === "mouse";
  return html`<div class="list-frame">
    ${unseen.value > 0 &&
    html`<button type="button" class="unseen" onClick=${() => (isHeld.value = false)}>${many("list.unseen", unseen.value)}</button>`}
    <nav
      class="list"
      ref=${place}
      aria-labelledby="queue-title"
      onScroll=${(event) => (top.value = event.currentTarget.scrollTop)}
      onPointerEnter=${(event) => isMouse(event) && (isHeld.value = true)}
      onPointerLeave=${() => (isHeld.value = false)}
    >
      <ul class="rows" aria-busy=${list.value.isLoading} style=${{ height: `${all.length * HEIGHT}px` }}>
        ${shown.map((id, at) => html`<${Row} key=${id} id=${id} top=${(first + at) * HEIGHT} />`)}
      </ul>
      <${End} isEmpty=${all.length === 0} />
    </nav>
  </div>`;
}

function End({ isEmpty }) {
  const { isLoading, failed } = list.value;
  if (failed) {
    return html`<div id="list-end"><${Blank} icon="alert" title=${t("list.failed")}
      ><button type="button" onClick=${() => load({ anew: true })}>${t("app.retry")}</button><//></div>`;
  }
  if (isEmpty && isLoading) return html`<div id="list-end"><${Waiting} /></div>`;
  if (!isEmpty) return html`<div id="list-end"></div>`;
  const words = query.value ? t("list.notFound", { query: query.value }) : t(`list.empty.${view.value}`);
  return html`<div id="list-end"><${Blank} icon=${query.value ? "search" : "inbox"} title=${words} /></div>`;
}

const Waiting = () =>
  html`<div class="rows-waiting" role="status">
    <span class="spoken">${t("list.loading")}</span>
    ${Array.from({ length: 8 }, (_, at) => html`<div class="row-waiting" key=${at}><i /><i /><i /></div>`)}
  </div>`;

/** Brings the row of the open conversation into the window, as little as needed. */
function reveal(place, id) {
  const at = id === null ? -1 : ids.peek().indexOf(id);
  if (!place || at < 0) return;
  const top = at * HEIGHT;
  if (top < place.scrollTop) place.scrollTo(0, top);
  else if (top + HEIGHT > place.scrollTop + place.clientHeight) place.scrollTo(0, top + HEIGHT - place.clientHeight);
}

// The middle pane: the open conversation's head, its messages as they come, and where one writes.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { post } from "../api.js";
import { Composer } from "../composer/composer.js";
import { html } from "../html.js";
import { Blank, Skeleton } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { called } from "../parts/person.js";
import { change, current, refresh } from "../store/conversations.js";
import { looksAt, tellLook } from "../store/desk.js";
import { openId } from "../store/page.js";
import { refreshThread, showEarlier, thread } from "../store/threads.js";
import { complain } from "../store/toasts.js";
import { many, t, together } from "../words.js";
import { minute, Moment } from "./bubble.js";
import { Head } from "./head.js";
import { timeline } from "./timeline.js";

const NEAR = 80; // pixels from the end that count as being there
const LOOK = 20_000;

export function ThreadPane() {
  const id = openId.value;
  if (id === null) return html`<${Nobody} />`;
  return html`<${Open} key=${id} id=${id} />`;
}

const Nobody = () =>
  html`<section class="thread" id="thread" aria-label=${t("thread.title")}>
    <${Blank} icon="inbox" title=${t("thread.pick")}
      ><p class="keys"><kbd>J</kbd> <kbd>K</kbd> ${t("thread.keys.walk")} <kbd>/</kbd> ${t("thread.keys.search")} <kbd>?</kbd> ${t("thread.keys.all")}</p><//
    >
  </section>`;

function Open({ id }) {
  const one = current.value;
  useEffect(() => {
    const stop = new AbortController();
    refreshThread(id, stop.signal);
    if (!one) refresh([id]);
    return () => stop.abort();
  }, [id]);
  usePresence(id);
  useRead(id, one?.unread ?? 0);
  const { failed } = thread(id);
  if (failed.value) return html`<${Failed} id=${id} status=${failed.value} />`;
  return html`<section class="thread" id="thread" aria-label=${t("thread.title")}>
    ${one ? html`<${Head} one=${one} />` : html`<header class="head"><${Skeleton} lines=${1} /></header>`}
    <${Log} id=${id} one=${one} /> ${one && html`<${Looks} id=${id} />`} ${one && html`<${Composer} key=${id} one=${one} />`}
  </section>`;
}

function Failed({ id, status }) {
  const isGone = status === 404;
  return html`<section class="thread" id="thread" aria-label=${t("thread.title")}>
    <${Blank} icon="alert" title=${t(isGone ? "thread.missing" : "thread.failed")}>
      ${!isGone && html`<button type="button" onClick=${() => refreshThread(id)}>${t("app.retry")}</button>`}
    <//>
  </section>`;
}

/** Colleagues see who is looking at what. */
function usePresence(id) {
  useEffect(() => {
    const look = () => !document.hidden && tellLook(id, "viewing");
    look();
    const timer = setInterval(look, LOOK);
    return () => (clearInterval(timer), tellLook(id, "left"));
  }, [id]);
}

/** What is on the screen has been read. */
function useRead(id, unread) {
  useEffect(() => {
    if (!unread || document.hidden) return;
    change(id, { unread: 0 });
    post(`/api/conversations/${id}/reads`).catch(() => null);
  }, [id, unread > 0]);
}

function Log({ id, one }) {
  const place = useRef(/** @type {HTMLElement|null} */ (null));
  const isAtEnd = useRef(true);
  const hasNew = useSignal(false);
  const { page, notes, outbox } = thread(id);
  const moments = useComputed(() => {
    void minute();
    return page.value && timeline(page.value, notes.value, outbox.value);
  }).value;
  const newest = moments?.at(-1)?.key;
  const toEnd = () => {
    const node = place.current;
    if (node) node.scrollTop = node.scrollHeight;
    isAtEnd.current = true;
    hasNew.value = false;
  };
  useLayoutEffect(() => {
    if (isAtEnd.current || newest?.startsWith("sending")) toEnd();
    else if (newest) hasNew.value = true;
  }, [newest, moments?.length]);
  useEffect(() => {
    const watch = new ResizeObserver(() => isAtEnd.current && toEnd());
    if (place.current) watch.observe(place.current);
    if (place.current?.firstElementChild) watch.observe(place.current.firstElementChild);
    return () => watch.disconnect();
  }, [Boolean(moments)]);
  const scrolled = (event) => {
    const node = event.currentTarget;
    isAtEnd.current = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR;
    if (isAtEnd.current) hasNew.value = false;
    if (node.scrollTop < NEAR && page.peek()?.before) earlier(id, node);
  };
  return html`<div class="log-frame">
    <div class="log" ref=${place} role="log" aria-live="polite" aria-busy=${!moments} aria-label=${t("thread.messages")} tabindex="0" onScroll=${scrolled}>
      <div class="lines">
        ${page.value?.before && html`<button type="button" class="quiet earlier" onClick=${() => earlier(id, place.current)}>${t("thread.earlier")}</button>`}
        ${!moments && html`<${Waiting} />`} ${moments?.length === 0 && html`<p class="hint">${t("thread.empty")}</p>`}
        ${moments?.map((moment) => html`<${Moment} key=${moment.key} moment=${moment} one=${one ?? { id, contact: {} }} />`)}
      </div>
    </div>
    ${hasNew.value && html`<button type="button" class="to-end" onClick=${toEnd}><${Icon} name="down" />${t("thread.new")}</button>`}
  </div>`;
}

const Waiting = () =>
  html`<div class="bubbles-waiting" role="status"><span class="spoken">${t("list.loading")}</span><i class="left" /><i class="right" /><i class="left" /></div>`;

const asking = new Set();
/** Earlier messages come in above; what one reads stays where it is. */
async function earlier(id, node) {
  if (asking.has(id)) return;
  asking.add(id);
  const fromEnd = node.scrollHeight - node.scrollTop;
  try {
    await showEarlier(id);
    requestAnimationFrame(() => (node.scrollTop = node.scrollHeight - fromEnd));
  } catch (error) {
    complain(error);
  } finally {
    asking.delete(id);
  }
}

function Looks({ id }) {
  const looks = looksAt(id);
  const replying = looks.filter((look) => look.doing === "replying").map((look) => look.agent.name);
  const viewing = looks.filter((look) => look.doing === "viewing").map((look) => look.agent.name);
  const names = replying.length ? replying : viewing;
  const words = names.length ? many(replying.length ? "looks.replying" : "looks.viewing", names.length, { names: together(names) }) : "";
  return html`<p class=${replying.length ? "looks replying" : "looks"} role="status" aria-live="polite">
    ${words && html`<${Icon} name=${replying.length ? "edit" : "people"} />${words}`}
  </p>`;
}

/** What the window's title says. @param {any} one */
export const titleOf = (one) => (one ? `${called(one.contact)} · ${t("app.name")}` : t("app.name"));

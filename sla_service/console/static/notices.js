// What the desk wants somebody to know: promises about to break or broken, until somebody says "I have seen it".

import { useSignal } from "@preact/signals";

import { html } from "./html.js";
import { Blank, Dialog } from "./parts/controls.js";
import { Icon } from "./parts/icon.js";
import { acknowledge, notices, openNotices } from "./store/desk.js";
import { ids, conversation } from "./store/conversations.js";
import { dialog, now, openConversation } from "./store/page.js";
import { complain } from "./store/toasts.js";
import { ago, exact } from "./times.js";
import { has, named, t } from "./words.js";

const ICONS = { warned: "clock", breached: "alert", escalated: "people", poisoned: "failed", test: "bell", mentioned: "note", action_due: "item" };

export function Notices() {
  const close = () => (dialog.value = null);
  const done = notices.value.filter((one) => one.acknowledged_at).slice(0, 20);
  return html`<${Dialog} title=${t("notice.title")} onClose=${close} kind="sheet">
    <${Tell} />
    ${openNotices.value.length === 0 && html`<${Blank} icon="bell" title=${t("notice.none")} />`}
    <ul class="notices">
      ${openNotices.value.map((one) => html`<${Notice} key=${one.id} notice=${one} onOpen=${close} />`)}
    </ul>
    ${done.length > 0 &&
    html`<details class="part"><summary><h3>${t("notice.done")}</h3></summary><ul class="notices seen">
      ${done.map((one) => html`<${Notice} key=${one.id} notice=${one} onOpen=${close} />`)}
    </ul></details>`}
  <//>`;
}

function Notice({ notice, onOpen }) {
  const { facts, kind, at } = notice;
  const metric = facts.metric && has(`metric.${facts.metric}`) ? t(`metric.${facts.metric}`) : (facts.metric ?? "");
  const words = t(`notice.kind.${kind}`, { metric, tier: facts.tier ? named("tier", facts.tier) : "", by: facts.by ?? t("author.agent") });
  const link = /#c(\d+)/.exec(facts.link ?? "")?.[1] ?? byTicket(facts.number);
  const open = () => (openConversation(Number(link)), onOpen());
  return html`<li class=${`notice ${kind}`}>
    <${Icon} name=${ICONS[kind] ?? "bell"} />
    <div>
      <p><b>${words}</b></p>
      <p>
        ${facts.number && html`<span>#${facts.number}</span>`} <span dir="auto">${facts.subject ?? ""}</span>
        <time datetime=${at} title=${exact(at)}>${ago(at, now.value)}</time>
      </p>
      ${facts.text && html`<p class="notice-words" dir="auto">${facts.text}</p>`}
      ${notice.acknowledged_at && html`<p class="quiet-words">${t("notice.by", { name: notice.acknowledged_by ?? "" })}</p>`}
    </div>
    ${link && html`<button type="button" onClick=${open}>${t("notice.open")}</button>`}
    ${!notice.acknowledged_at && html`<button type="button" class="quiet" onClick=${() => acknowledge(notice).catch(complain)}>${t("notice.acknowledge")}</button>`}
  </li>`;
}

const byTicket = (number) => ids.peek().find((id) => conversation(id)?.peek()?.ticket?.number === number);

/** Asks once whether this browser may tell about handoffs while its window is away. */
function Tell() {
  const state = useSignal("Notification" in window ? Notification.permission : "denied");
  if (state.value !== "default") return null;
  const ask = async () => (state.value = await Notification.requestPermission());
  return html`<p class="tell"><${Icon} name="bell" /><span>${t("notice.tell")}</span><button type="button" onClick=${ask}>${t("notice.allow")}</button></p>`;
}

/** Tells on the desktop, when nobody looks at the page. @param {string} title @param {string} body @param {number} id */
export function tellDesktop(title, body, id) {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  const told = new Notification(title, { body, tag: `conversation ${id}`, icon: new URL("./icon.svg", import.meta.url).href });
  told.onclick = () => {
    window.focus();
    openConversation(id);
    told.close();
  };
}

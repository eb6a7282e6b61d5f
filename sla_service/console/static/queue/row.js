// A conversation in the list: who, what they said last, what was promised, who has it.

import { classes, html } from "../html.js";
import { Countdown } from "../parts/countdown.js";
import { Icon } from "../parts/icon.js";
import { Avatar, called, Language, Priority } from "../parts/person.js";
import { conversation } from "../store/conversations.js";
import { now, openConversation, openId } from "../store/page.js";
import { ago, exact } from "../times.js";
import { has, named, t } from "../words.js";

export const HEIGHT = 88;

/** @param {{id: number, top: number}} props */
export function Row({ id, top }) {
  const one = conversation(id)?.value;
  if (!one) return null;
  const isOpen = openId.value === id;
  const name = called(one.contact);
  const unread = one.unread ?? 0;
  const open = (event) => {
    event.preventDefault();
    openConversation(id);
  };
  return html`<li style=${{ transform: `translateY(${top}px)` }} class="row-place">
    <a
      href=${`#c${id}`}
      class=${classes("row", isOpen && "on", unread > 0 && "unread", one.waiting && "waiting")}
      aria-current=${isOpen ? "true" : undefined}
      data-testid=${`conversation-${id}`}
      onClick=${open}
    >
      <${Avatar} name=${name} seed=${id} />
      <span class="row-top">
        <strong dir="auto">${name}</strong>
        ${one.promise?.due_at || one.promise?.paused
          ? html`<${Countdown} promise=${one.promise} />`
          : html`<time datetime=${one.last_message_at} title=${exact(one.last_message_at)}>${ago(one.last_message_at, now.value)}</time>`}
      </span>
      <span class="row-text">
        <span dir="auto">${lastWords(one)}</span>
        ${unread > 0 && html`<b class="count" aria-label=${t("list.unread", { count: unread })}>${unread}</b>`}
      </span>
      <span class="row-marks"><${Marks} one=${one} /></span>
    </a>
  </li>`;
}

function Marks({ one }) {
  const { ticket, intent, owner, waiting, agent, language } = one;
  const why = ticket?.reason ? t(`reason.${ticket.reason}`) : intent ? named("intent", intent) : "";
  return html`<${Language} tag=${language} />
    <${Priority} priority=${ticket?.priority} />
    ${waiting && owner !== "bot" && html`<span class="badge waits">${t("list.waiting")}</span>`}
    ${why && html`<span class="row-why">${why}</span>`}
    ${owner !== "queue" && html`<span class="row-owner"><${Icon} name=${owner} />${holder(owner, agent)}</span>`}`;
}

const holder = (owner, agent) => (owner === "agent" && agent?.name ? agent.name.split(" ")[0] : t(`owner.${owner}`));

function lastWords({ last_message: last }) {
  if (!last) return "";
  const said = last.revoked ? t("message.revoked") : last.text || (has(`kind.${last.kind}`) ? t(`kind.${last.kind}`) : last.kind);
  return last.author === "contact" ? said : `${t(`author.${last.author}`)}: ${said}`;
}

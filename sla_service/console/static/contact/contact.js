// The right pane: who the contact is, the ticket, its promises, what is to be done, orders, and what was before.

import { html } from "../html.js";
import { amend } from "../acts.js";
import { Icon } from "../parts/icon.js";
import { Avatar, called, reachedAt } from "../parts/person.js";
import { current } from "../store/conversations.js";
import { dialog, isContactShown, showContact } from "../store/page.js";
import { t } from "../words.js";
import { Clocks } from "./clocks.js";
import { Items } from "./items.js";
import { Orders } from "./orders.js";
import { Privacy } from "./privacy.js";
import { Tickets } from "./tickets.js";
import { Told } from "./told.js";

export function ContactPane() {
  const one = current.value;
  if (!one || !isContactShown.value) return null;
  return html`<aside class="contact" aria-label=${t("contact.title")}>
    <button type="button" class="quiet square contact-close" aria-label=${t("app.close")} onClick=${() => (showContact(false))}>
      <${Icon} name="close" />
    </button>
    <${Who} one=${one} />
    ${one.ticket && html`<${Ticket} one=${one} />`}
    ${one.ticket && html`<${Clocks} key=${`clocks ${one.ticket.number}`} number=${one.ticket.number} promise=${one.promise} />`}
    ${one.ticket && html`<${Items} key=${`items ${one.ticket.number}`} number=${one.ticket.number} />`}
    <${Orders} key=${`orders ${one.id}`} id=${one.id} />
    <${Told} key=${`told ${one.id}`} id=${one.id} />
    <${Privacy} key=${`privacy ${one.id}`} id=${one.id} />
    <${Tickets} key=${`tickets ${one.id}`} id=${one.id} number=${one.ticket?.number} />
  </aside>`;
}

function Who({ one }) {
  const { contact, language } = one;
  const name = called(contact);
  return html`<section class="identity">
    <${Avatar} name=${name} seed=${one.id} />
    <h3 dir="auto">${name}</h3>
    <dl class="facts">
      ${contact.phone && html`<div><dt>${t("contact.phone")}</dt><dd>${reachedAt(contact)}</dd></div>`}
      ${contact.username && html`<div><dt>${t("contact.username")}</dt><dd>@${contact.username}</dd></div>`}
      ${language && html`<div><dt>${t("contact.language")}</dt><dd>${t(`language.${language.slice(0, 2)}`)}</dd></div>`}
    </dl>
  </section>`;
}

function Ticket({ one }) {
  const { ticket, tags = [] } = one;
  const drop = (tag) => amend(one, { tags: tags.filter((other) => other !== tag) });
  return html`<details class="part" open>
    <summary><h3>${t("ticket.title")} #${ticket.number}</h3></summary>
    ${ticket.subject && html`<p class="subject" dir="auto">${ticket.subject}</p>`}
    <dl class="facts">
      <div><dt>${t("ticket.status")}</dt><dd>${t(`ticket.status.${ticket.status}`)}</dd></div>
      <div>
        <dt>${t("ticket.priority")}</dt>
        <dd><button type="button" class="link" onClick=${() => (dialog.value = { kind: "priority" })}>${t(`priority.short.${ticket.priority}`)}</button></dd>
      </div>
    </dl>
    <ul class="tags" aria-label=${t("ticket.tags")}>
      ${tags.map(
        (tag) =>
          html`<li key=${tag} class="tag">
            <span>${tag}</span><button type="button" aria-label=${t("ticket.untag", { tag })} onClick=${() => drop(tag)}><${Icon} name="close" /></button>
          </li>`,
      )}
      <li><button type="button" class="quiet add" onClick=${() => (dialog.value = { kind: "tag" })}><${Icon} name="plus" />${t("ticket.addTag")}</button></li>
    </ul>
  </details>`;
}

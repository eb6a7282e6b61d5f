// The head of an open conversation: who it is, what is promised, and what can be done.

import { html } from "../html.js";
import { possible } from "../acts.js";
import { Menu } from "../parts/controls.js";
import { Countdown } from "../parts/countdown.js";
import { Icon } from "../parts/icon.js";
import { Avatar, called, Language, OwnerBadge, Priority, reachedAt } from "../parts/person.js";
import { isContactShown, openConversation, showContact } from "../store/page.js";
import { t } from "../words.js";

const FIRST = ["accept", "takeOver", "resolve", "reopen"]; // the acts that stand as buttons

/** @param {{one: any}} props */
export function Head({ one }) {
  const name = called(one.contact);
  const { ticket } = one;
  return html`<header class="head">
    <button type="button" class="quiet square back" aria-label=${t("thread.back")} onClick=${() => openConversation(null)}>
      <${Icon} name="back" />
    </button>
    <${Avatar} name=${name} seed=${one.id} />
    <div class="who">
      <h2 dir="auto">${name}</h2>
      <p>
        <${Language} tag=${one.language} />
        ${ticket && html`<span class="which">#${ticket.number} · ${t(`ticket.status.${ticket.status}`)}</span>`}
        <span class="reached">${reachedAt(one.contact)}</span>
      </p>
    </div>
    <div class="about">
      <${Countdown} promise=${one.promise} isLong />
      <${Priority} priority=${ticket?.priority} />
      <${OwnerBadge} owner=${one.owner} agent=${one.agent} />
    </div>
    <div class="acts"><${Acts} one=${one} /></div>
  </header>`;
}

function Acts({ one }) {
  const acts = possible();
  const buttons = acts.filter((act) => FIRST.includes(act.id));
  const lead = buttons[0]?.id;
  const items = acts
    .filter((act) => !FIRST.includes(act.id))
    .map((act) => ({ id: act.id, label: t(`act.${act.id}`), icon: act.icon, keys: act.keys.toUpperCase(), run: () => act.run(one) }));
  return html`${buttons.map(
      (act) =>
        html`<button
          type="button"
          key=${act.id}
          class=${act.id === lead ? "primary" : ""}
          data-testid=${act.id}
          aria-keyshortcuts=${act.keys}
          title=${t("act.withKey", { act: t(`act.${act.id}`), key: act.keys.toUpperCase() })}
          onClick=${() => act.run(one)}
        >
          <${Icon} name=${act.icon} /><span>${t(`act.${act.id}`)}</span>
        </button>`,
    )}
    ${items.length > 0 && html`<${Menu} label=${t("act.more")} icon="more" items=${items} testid="more-acts" />`}
    <button
      type="button"
      class="quiet square contact-toggle"
      aria-label=${t("contact.toggle")}
      title=${t("contact.toggle")}
      aria-pressed=${isContactShown.value}
      onClick=${() => (showContact(!isContactShown.value))}
    >
      <${Icon} name="panel" />
    </button>`;
}

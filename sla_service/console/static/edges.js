// What stands at the edge of the page: offers, toasts, and the numbers that send nothing.

import { html } from "./html.js";
import { Icon } from "./parts/icon.js";
import { Avatar, called, Language, Priority } from "./parts/person.js";
import { conversation } from "./store/conversations.js";
import { acceptOffer, declineOffer, liveOffers, stopped } from "./store/desk.js";
import { now, openConversation } from "./store/page.js";
import { complain, dismiss, toasts } from "./store/toasts.js";
import { many, t } from "./words.js";

export function Offers() {
  const [first, ...others] = liveOffers.value;
  return html`<div class="offers" role="region" aria-label=${t("offer.title")} aria-live="assertive">
    ${first && html`<${Offer} key=${first.id} offer=${first} />`}
    ${others.length > 0 &&
    html`<details class="offer others" data-testid="other-offers">
      <summary>${many("offer.others", others.length)}</summary>
      <ul>${others.map((offer) => html`<${OtherOffer} key=${offer.id} offer=${offer} />`)}</ul>
    </details>`}
  </div>`;
}

const secondsLeft = (offer) => Math.max(0, Math.ceil((Date.parse(offer.expires_at) - now.value) / 1000));
/** What the offer is about, as far as it is known here. @param {any} offer */
const offered = (offer) => conversation(offer.conversation)?.value;
const nameIn = (one) => (one ? called(one.contact) : t("contact.unknown"));

function take(offer) {
  acceptOffer(offer).catch(complain);
  openConversation(offer.conversation);
}

/** One line: several offers at once must not hide what one works on. */
function OtherOffer({ offer }) {
  const one = offered(offer);
  return html`<li>
    <span dir="auto">${nameIn(one)}</span>
    <${Priority} priority=${one?.ticket?.priority} />
    <span class="offer-left" role="timer">${secondsLeft(offer)} s</span>
    <button type="button" onClick=${() => take(offer)}>${t("offer.accept")}</button>
  </li>`;
}

function Offer({ offer }) {
  const one = offered(offer);
  const left = secondsLeft(offer);
  const name = nameIn(one);
  return html`<section class="offer" data-testid="offer">
    <p class="offer-title"><${Icon} name="hand" /><b>${t("offer.for")}</b><span class="offer-left" role="timer" aria-label=${t("offer.left", { count: left })}>${left} s</span></p>
    <div class="offer-who">
      <${Avatar} name=${name} seed=${offer.conversation} />
      <div>
        <b dir="auto">${name}</b>
        <p><${Language} tag=${one?.language} /> ${one?.ticket?.reason && html`<span>${t(`reason.${one.ticket.reason}`)}</span>`} <${Priority} priority=${one?.ticket?.priority} /></p>
      </div>
    </div>
    <div class="offer-acts">
      <button type="button" class="primary" onClick=${() => take(offer)}>${t("offer.accept")} <kbd>O</kbd></button>
      <button type="button" class="quiet" onClick=${() => declineOffer(offer).catch(complain)}>${t("offer.decline")}</button>
    </div>
  </section>`;
}

export function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.value.map(
      (toast) =>
        html`<div key=${toast.id} class=${toast.isBad ? "toast bad" : "toast"} data-testid="toast">
          ${toast.isBad && html`<${Icon} name="alert" />`}<span>${toast.words}</span>
          ${toast.undo && html`<button type="button" onClick=${() => (dismiss(toast.id), toast.undo?.())}>${t("toast.undo")}</button>`}
          <button type="button" class="square" aria-label=${t("app.close")} onClick=${() => dismiss(toast.id)}><${Icon} name="close" /></button>
        </div>`,
    )}
  </div>`;
}

export function Stopped() {
  if (!stopped.value.length) return null;
  return html`<div role="alert" data-testid="stopped">
    ${stopped.value.map(
      ({ phone_number_id: number, reason }) =>
        html`<p class="banner" key=${number}>
          <${Icon} name="alert" /><span><strong>${t("stopped.title")}</strong> ${t("stopped.text", { number, reason: reason || t("stopped.noReason") })} ${t("stopped.how")} </span
          ><code>bin/desk account resume ${number}</code>
        </p>`,
    )}
  </div>`;
}

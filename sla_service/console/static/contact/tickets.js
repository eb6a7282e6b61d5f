// Earlier tickets of the contact, and what people did with this one.

import { useSignal } from "@preact/signals";

import { rows } from "../api.js";
import { html } from "../html.js";
import { actorWords, happenedWords } from "../told.js";
import { date, exact, moment } from "../times.js";
import { t } from "../words.js";
import { useAsked } from "./asked.js";

/** @param {{id: number, number?: number}} props */
export function Tickets({ id, number }) {
  const { answer } = useAsked(`/api/conversations/${id}/tickets`);
  const all = rows(answer.value ?? []);
  const earlier = all.filter((ticket) => ticket.number !== number);
  const rating = all.find((ticket) => ticket.number === number)?.rating;
  return html`${rating && html`<${Rated} rating=${rating} />`}
    ${earlier.length > 0 &&
    html`<details class="part" open>
      <summary><h3>${t("ticket.earlier")}</h3></summary>
      <ul class="earlier-tickets">
        ${earlier.map((ticket) => html`<${Earlier} key=${ticket.number} ticket=${ticket} />`)}
      </ul>
    </details>`}
    ${number && answer.value !== undefined && html`<${History} number=${number} />`}`;
}

/** What the contact said of how this one went. */
const Rated = ({ rating: { score, comment } }) =>
  html`<section class="part rated" data-testid="rating">
    <h3>${t("rating.title")}</h3>
    <p>${t("ticket.rating", { score })}</p>
    ${comment && html`<q dir="auto">${comment}</q>`}
  </section>`;

const Earlier = ({ ticket }) =>
  html`<li>
    <span><b>#${ticket.number}</b> <span dir="auto">${ticket.subject}</span></span>
    <small>
      ${ticket.merged_into ? t("ticket.mergedInto", { number: `#${ticket.merged_into}` }) : t(`ticket.status.${ticket.status}`)} · ${date(ticket.resolved_at ?? ticket.opened_at)}
      ${ticket.rating && html` · ${t("ticket.rating", { score: ticket.rating.score })}`}
    </small>
    ${ticket.rating?.comment && html`<q dir="auto">${ticket.rating.comment}</q>`}
  </li>`;

/** Asked for only when somebody opens it. */
function History({ number }) {
  const isOpen = useSignal(false);
  return html`<details class="part" onToggle=${(event) => (isOpen.value = event.currentTarget.open)}>
    <summary><h3>${t("history.title")}</h3></summary>
    ${isOpen.value && html`<${Acts} number=${number} />`}
  </details>`;
}

function Acts({ number }) {
  const { answer } = useAsked(`/api/tickets/${number}/history`);
  const acts = rows(answer.value ?? []);
  if (answer.value !== undefined && acts.length === 0) return html`<p class="quiet-words">${t("history.none")}</p>`;
  return html`<ol class="history">
    ${acts.map(
      (one, at) =>
        html`<li key=${at}>
          <span>${happenedWords(one)}</span>
          <small>${one.by?.name && `${actorWords(one.by.kind, one.by.name)} · `}<time datetime=${one.at} title=${exact(one.at)}>${moment(one.at)}</time></small>
        </li>`,
    )}
  </ol>`;
}

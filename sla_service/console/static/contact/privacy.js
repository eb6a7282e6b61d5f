// What the contact allows and was told, word by word; and what managers do with their data.

import { post } from "../api.js";
import { html } from "../html.js";
import { Skeleton } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { Sure } from "../parts/sure.js";
import { me } from "../store/page.js";
import { complain, say } from "../store/toasts.js";
import { moment } from "../times.js";
import { has, t } from "../words.js";
import { useAsked } from "./asked.js";

const OPTIONAL = ["proactive", "rating", "marketing"];
const STEPS_OPEN = ["waiting", "deliveries", "files", "content"];

/** @param {{id: number}} props */
export function Privacy({ id }) {
  const { answer, again } = useAsked(`/api/conversations/${id}/privacy`);
  if (answer.value === null) return null;
  const known = answer.value;
  return html`<details class="part">
    <summary><h3>${t("privacy.title")}</h3></summary>
    ${!known && html`<${Skeleton} lines=${2} />`} ${known && html`<${Allowed} known=${known} />`}
    ${known?.ledger.length > 0 && html`<${Ledger} entries=${known.ledger} />`} ${known && html`<${Data} id=${id} known=${known} again=${again} />`}
  </details>`;
}

function Allowed({ known }) {
  return html`<dl class="facts">
    ${OPTIONAL.map((purpose) => html`<div key=${purpose}><dt>${t(`purpose.${purpose}`)}</dt><dd>${t(known.allowed[purpose] ? "consent.yes" : "consent.no")}</dd></div>`)}
    <div><dt>${t("privacy.notice")}</dt><dd>${known.notice_version ?? t("privacy.notice.none")}</dd></div>
  </dl>`;
}

function Ledger({ entries }) {
  return html`<details class="more ledger">
    <summary>${t("privacy.ledger", { count: entries.length })}</summary>
    <ol>
      ${entries.map(
        (entry, place) =>
          html`<li key=${place}>
            <p><b>${t(`purpose.${entry.purpose}`)}</b> <span>${t(entry.granted ? "consent.yes" : "consent.no")} · ${moment(entry.at)}</span></p>
            ${entry.wording && html`<q dir="auto">${entry.wording}</q>`}
            <p>${[has(`consent.channel.${entry.channel}`) ? t(`consent.channel.${entry.channel}`) : entry.channel, has(`consent.cause.${entry.cause}`) ? t(`consent.cause.${entry.cause}`) : entry.cause, entry.wording_version].filter(Boolean).join(" · ")}</p>
          </li>`,
      )}
    </ol>
  </details>`;
}

function Data({ id, known, again }) {
  const isManager = ["supervisor", "admin"].includes(me.value?.role ?? "");
  const { erasure } = known;
  const isUnderWay = STEPS_OPEN.includes(erasure?.step);
  const erase = () => post(`/api/conversations/${id}/erasure`).then(() => say(t("privacy.erasing")), complain).finally(again);
  return html`${known.legal_hold && html`<p class="unsure"><${Icon} name="alert" />${t("privacy.held", { reason: known.legal_hold })}</p>`}
    ${known.open_case && html`<p class="unsure"><${Icon} name="alert" />${t("privacy.openCase", { number: known.open_case })}</p>`}
    ${isUnderWay && html`<p class="quiet-words" role="status">${t("privacy.underWay", { at: moment(erasure.requested_at), who: erasure.requested_by })}</p>`}
    ${known.erased_at && html`<p class="quiet-words">${t("privacy.erased", { at: moment(known.erased_at) })}</p>`}
    ${isManager &&
    !known.erased_at &&
    html`<p class="data-acts">
      <a class="button quiet" href=${`/api/conversations/${id}/data-export`} download>${t("privacy.export")}</a>
      ${!isUnderWay && !known.legal_hold && !known.open_case && html`<${Sure} label=${t("privacy.erase")} onSure=${erase} />`}
    </p>`}`;
}

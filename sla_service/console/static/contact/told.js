// What the contact was told of their orders without having asked, or why they were not.

import { rows } from "../api.js";
import { html } from "../html.js";
import { moment } from "../times.js";
import { named, t } from "../words.js";
import { useAsked } from "./asked.js";

/** @param {{id: number}} props */
export function Told({ id }) {
  const { answer } = useAsked(`/api/order-notices?conversation=${id}&limit=10`);
  const told = answer.value ? rows(answer.value).filter((one) => one.state !== "wanted" || one.reason) : [];
  if (!told.length) return null;
  return html`<details class="part">
    <summary><h3>${t("orderNotice.title")}</h3></summary>
    ${told.map(
      (one) =>
        html`<p class="parcel" key=${one.id}>
          <span>#${one.order} · ${named("orderNotice.kind", one.kind)}</span>
          <span class="parcel-words">${named("orderNotice.state", one.state)}${one.reason ? `: ${named("orderNotice.why", one.reason)}` : one.told_at ? ` · ${moment(one.told_at)}` : ""}</span>
        </p>`,
    )}
  </details>`;
}

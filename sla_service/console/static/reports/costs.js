// What WhatsApp puts on the bill: by category, and for each conversation that was solved.

import { html } from "../html.js";
import { Table } from "../settings/listed.js";
import { money, number } from "../times.js";
import { has, language, t } from "../words.js";
import { Panel } from "./panel.js";

const few = (value) =>
  new Intl.NumberFormat(language.value, { minimumFractionDigits: 1, maximumFractionDigits: 2 }).format(value);

const amount = (value, currency) => (value === null || !currency ? "–" : money(Number(value), currency));

const category = (name) => (has(`price.${name}`) ? t(`price.${name}`) : name);

/** One number for each kind of work, to stand beside the others. @param {{costs: any}} props */
export const CostNumbers = ({ costs: { conversations, currency } }) =>
  [
    { isBot: false, words: "report.byPeople" },
    { isBot: true, words: "report.byBot" },
  ].map(({ isBot, words }) => {
    const one = conversations.find((row) => row.is_bot_only === isBot);
    const price = one && one.cost_per_conversation !== null ? ` · ${amount(one.cost_per_conversation, currency)}` : "";
    return html`<div class="card" key=${words} data-testid=${isBot ? "cost-bot" : "cost-people"}>
      <dt>${t("report.billable", { kind: t(words) })}</dt>
      <dd>${one ? few(one.per_conversation) : "–"}</dd>
      <dd>${one ? `${t("report.billableHalf", { count: number(one.p50) })}${price}` : t("report.billableNone")}</dd>
    </div>`;
  });

/** @param {{costs: any}} props */
export function CostPanels({ costs: { categories, conversations, currency } }) {
  if (!categories.length && !conversations.length) return null;
  return html`<div class="panels">
    <${Panel} title=${t("report.costByCategory")}>
      <${Table} label=${t("report.costByCategory")} head=${[t("template.category"), t("report.billed"), t("report.free"), t("report.unasked"), t("report.cost")]}
        >${categories.map(
          (one) =>
            html`<tr key=${one.category} data-testid="cost-category">
              <td>${category(one.category)}</td>
              <td class="number">${number(one.billable)}</td>
              <td class="number">${number(one.free)}</td>
              <td class="number">${number(one.unasked)}</td>
              <td class="number">${amount(one.cost, currency)}</td>
            </tr>`,
        )}<//
      >
    <//>
    <${Panel} title=${t("report.costByConversation")}>
      <${Table}
        label=${t("report.costByConversation")}
        head=${[t("report.solvedBy"), t("report.solved"), t("report.eachHalf"), t("report.eachMost"), t("report.cost")]}
        >${conversations.map(
          (one) =>
            html`<tr key=${one.is_bot_only}>
              <td>${t(one.is_bot_only ? "report.byBot" : "report.byPeople")}</td>
              <td class="number">${number(one.resolved)}</td>
              <td class="number">${number(one.p50)}</td>
              <td class="number">${number(one.p90)}</td>
              <td class="number">${amount(one.cost, currency)}</td>
            </tr>`,
        )}<//
      >
    <//>
  </div>`;
}

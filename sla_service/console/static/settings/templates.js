// The templates of the WhatsApp account, and whether WhatsApp lets them be sent.

import { html } from "../html.js";
import { moment } from "../times.js";
import { has, t } from "../words.js";
import { Listed, Table, useRows } from "./listed.js";

const worded = (group, value) => (has(`${group}.${value}`) ? t(`${group}.${value}`) : value);

export function TemplateStates() {
  const of = useRows("/api/template-registry");
  const head = [t("template.name"), t("template.state"), t("template.quality"), t("template.category"), t("template.changed")];
  return html`<${Listed} of=${of} icon="template" empty=${t("template.noneKnown")}
    >${(all) =>
      html`<${Table} label=${t("settings.templates")} head=${head}
        >${all.map(
          (one) =>
            html`<tr key=${`${one.name} ${one.language}`} data-testid="template-state">
              <td><b>${one.name}</b> <code>${one.language}</code><small dir="auto">${one.body}</small></td>
              <td>
                <span class=${one.status === "APPROVED" ? "badge good" : "badge bad"}>${worded("template.status", one.status.toLowerCase())}</span>
                ${one.reason && html`<small>${one.reason}</small>`} ${one.status === "APPROVED" && !one.is_usable && html`<small>${t("template.notHere")}</small>`}
              </td>
              <td>${one.quality ? worded("template.score", one.quality.toLowerCase()) : "–"}</td>
              <td>${worded("price", one.category)}</td>
              <td>${moment(one.updated_at)}</td>
            </tr>`,
        )}<//
      >`}<//
  >`;
}

// What people asked and no article answers, and the articles that there are.

import { post } from "../api.js";
import { html } from "../html.js";
import { openConversation } from "../store/page.js";
import { date, exact, moment } from "../times.js";
import { t } from "../words.js";
import { doing, Listed, Table, useRows } from "./listed.js";

export function ArticlesScreen() {
  const open = useRows("/api/knowledge/unanswered");
  const articles = useRows("/api/knowledge/articles");
  return html`<h3>${t("articles.unanswered")}</h3>
    <${Listed} of=${open} empty=${t("articles.allAnswered")} icon="check">${(rows) => html`<${Open} rows=${rows} again=${open.again} />`}<//>
    <h3>${t("articles.all")}</h3>
    <${Listed} of=${articles} empty=${t("articles.noneYet")} icon="document">${(rows) => html`<${All} rows=${rows} />`}<//>`;
}

function Open({ rows, again }) {
  const settle = (one) => doing(() => post(`/api/knowledge/unanswered/${one.id}/settlement`), again);
  return html`<${Table} label=${t("articles.unanswered")} head=${[t("articles.question"), t("articles.times"), t("articles.last"), ""]}
    >${rows.map(
      (one) =>
        html`<tr key=${one.id} data-testid="unanswered">
          <td><span dir="auto" lang=${one.language}>${one.text}</span>${one.article && html`<br /><small>${t("articles.unhelpful", { article: one.article })}</small>`}</td>
          <td>${one.times}</td>
          <td><time datetime=${one.asked_at} title=${exact(one.asked_at)}>${moment(one.asked_at)}</time></td>
          <td class="acts">
            ${one.conversation && html`<button type="button" class="quiet" onClick=${() => openConversation(one.conversation, true)}>${t("articles.look")}</button>`}
            <button type="button" onClick=${() => settle(one)}>${t("articles.settle")}</button>
          </td>
        </tr>`,
    )}<//
  >`;
}

const All = ({ rows }) =>
  html`<${Table} label=${t("articles.all")} head=${[t("articles.title"), t("articles.language"), t("articles.updated")]}
    >${rows.map(
      (one) =>
        html`<tr key=${`${one.language} ${one.id}`}>
          <td><a href=${one.url} target="_blank" rel="noopener" dir="auto">${one.title}</a></td>
          <td>${t(`language.${one.language}`)}</td>
          <td>${date(`${one.updated}T12:00:00`)}</td>
        </tr>`,
    )}<//
  >`;

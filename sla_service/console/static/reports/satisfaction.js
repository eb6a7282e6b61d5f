// How contacts say it went: what the bot solved alone and what people had a part in, apart.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { get } from "../api.js";
import { html } from "../html.js";
import { Blank, Skeleton } from "../parts/controls.js";
import { Panel, shortDay, unlessOver } from "./panel.js";
import { Table } from "../settings/listed.js";
import { agents } from "../store/desk.js";
import { exact, moment, number, percent } from "../times.js";
import { language, t } from "../words.js";
import { across, Chart, colour, upwards } from "./chart.js";

const BEST = 5;
const LOW = 2;
const SCORES = [1, 2, 3, 4, 5];
const KINDS = [
  { isBot: false, words: "report.byPeople", tone: "accent" },
  { isBot: true, words: "report.byBot", tone: "bot" },
];

/** A score with one digit after the point, as the page's language writes it. @param {number} value */
const graded = (value) =>
  new Intl.NumberFormat(language.value, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);

const of = (list, isBot) => list.find((one) => one.is_bot_only === isBot);

/** One number for each kind of work, to stand beside the promises'. @param {{scores: any[]}} props */
export const Grades = ({ scores }) =>
  KINDS.map(({ isBot, words }) => {
    const one = of(scores, isBot);
    const answered = t("report.rated", { rated: number(one?.rated ?? 0), asked: number(one?.asked ?? 0) });
    return html`<div class="card" key=${words} data-testid=${isBot ? "grade-bot" : "grade-people"}>
      <dt>${t("report.satisfaction", { kind: t(words) })}</dt>
      <dd>${one?.rated ? percent(one.satisfied / 100) : "–"}</dd>
      <dd>${one?.rated ? `${t("report.average", { average: graded(one.average) })} · ` : ""}${answered}</dd>
    </div>`;
  });

/** @param {{data: {scores: any[], scoresByDay: any[], scoresByAgent: any[]}}} props */
export function GradePanels({ data: { scores, scoresByDay, scoresByAgent } }) {
  const spread = useMemo(() => () => spreadOptions(scores), [scores]);
  const days = useMemo(() => () => dayOptions(scoresByDay), [scoresByDay]);
  return html`<div class="panels">
    <${Panel} title=${t("report.spread")}><${Chart} label=${t("report.spread")} options=${spread} /><//>
    <${Panel} title=${t("report.averageByDay")}><${Chart} label=${t("report.averageByDay")} options=${days} /><//>
    <${GradesOfPeople} byAgent=${scoresByAgent} />
  </div>`;
}

function spreadOptions(scores) {
  const share = (one, score) => (one?.rated ? Math.round((1000 * one.scores[score]) / one.rated) / 10 : 0);
  return {
    xAxis: across(SCORES.map((score) => t("report.stars", { score }))),
    yAxis: upwards({ axisLabel: { formatter: "{value}%", color: colour("dim") } }),
    series: KINDS.map(({ isBot, words, tone }) => ({
      type: "bar",
      name: t(words),
      data: SCORES.map((score) => share(of(scores, isBot), score)),
      barMaxWidth: 22,
      itemStyle: { borderRadius: [4, 4, 0, 0] },
      color: colour(tone),
    })),
  };
}

function dayOptions(list) {
  const days = [...new Set(list.map((one) => one.day))].sort();
  return {
    xAxis: across(days.map(shortDay)),
    yAxis: upwards({ min: 1, max: BEST, interval: 1 }),
    series: KINDS.map(({ isBot, words, tone }) => ({
      type: "line",
      name: t(words),
      data: days.map((day) => list.find((one) => one.day === day && one.is_bot_only === isBot)?.average ?? null),
      smooth: 0.3,
      connectNulls: true,
      showSymbol: false,
      lineStyle: { width: 2 },
      color: colour(tone),
    })),
  };
}

/** Each person's scores. @param {{byAgent: any[]}} props */
function GradesOfPeople({ byAgent }) {
  const people = byAgent.filter((one) => !one.is_bot_only && one.rated).sort((a, b) => b.rated - a.rated);
  if (!people.length) return null;
  const head = [t("author.agent"), t("report.satisfied"), t("report.averageTitle"), t("report.answers")];
  return html`<${Panel} title=${t("report.gradesOfPeople")}>
    <${Table} label=${t("report.gradesOfPeople")} head=${head}
      >${people.map(
        (one) =>
          html`<tr key=${one.agent}>
            <td>${one.agent_name ?? t("report.nobody")}</td>
            <td class="number">${percent(one.satisfied / 100)}</td>
            <td class="number">${graded(one.average)}</td>
            <td class="number">${t("report.ofAsked", { rated: number(one.rated), asked: number(one.asked) })}</td>
          </tr>`,
      )}<//
    >
  <//>`;
}

/** What contacts said beside their score, the latest first. @param {{period: {since: string, until: string}}} props */
export function Comments({ period }) {
  const found = useSignal(/** @type {any[]|null} */ (null));
  const next = useSignal(/** @type {number|null} */ (null));
  const isLow = useSignal(false);
  const failed = useSignal("");
  const ask = async (before, stop) => {
    const query = { ...period, commented: true, at_most: isLow.value ? LOW : BEST, before, limit: 20 };
    await unlessOver(get("/api/reports/ratings", query, stop), failed, (page) => {
      found.value = [...(before ? (found.peek() ?? []) : []), ...page.items];
      next.value = page.next;
    });
  };
  useEffect(() => {
    const stop = new AbortController();
    ask(null, stop.signal);
    return () => stop.abort();
  }, [period, isLow.value]);
  return html`<${Panel} title=${t("report.comments")}>
    <div class="ranges" role="group" aria-label=${t("report.whichScores")}>
      <button type="button" aria-pressed=${!isLow.value} onClick=${() => (isLow.value = false)}>${t("report.allScores")}</button>
      <button type="button" aria-pressed=${isLow.value} onClick=${() => (isLow.value = true)}>${t("report.lowScores")}</button>
    </div>
    ${failed.value && html`<${Blank} icon="alert" title=${failed.value} />`} ${!found.value && !failed.value && html`<${Skeleton} lines=${3} />`}
    ${found.value?.length === 0 && html`<p class="quiet-words">${t("report.noComments")}</p>`}
    ${found.value && found.value.length > 0 && html`<ul class="comments">${found.value.map((one) => html`<${Comment} key=${one.id} one=${one} />`)}</ul>`}
    ${next.value && html`<button type="button" onClick=${() => ask(next.value)}>${t("audit.more")}</button>`}
  <//>`;
}

function Comment({ one }) {
  const name = one.is_bot_only ? t("author.bot") : (agents.value.find((person) => person.id === one.agent)?.name ?? t("report.nobody"));
  return html`<li data-testid="comment">
    <p>
      <span class="stars" aria-hidden="true">${"★".repeat(one.score)}${"☆".repeat(BEST - one.score)}</span>
      <span class="spoken">${t("ticket.rating", { score: one.score })}</span>
      <small>${name} · #${one.ticket} · <time datetime=${one.rated_at} title=${exact(one.rated_at)}>${moment(one.rated_at)}</time></small>
    </p>
    <q dir="auto">${one.comment}</q>
  </li>`;
}

// Reports: promises kept, how long contacts waited, whose time it was, how they say it went, and what went wrong.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { get, rows } from "../api.js";
import { html } from "../html.js";
import { Blank, Skeleton } from "../parts/controls.js";
import { moment, number, percent, span } from "../times.js";
import { language, named, t, tongue } from "../words.js";
import { Table } from "../settings/listed.js";
import { across, Chart, colour, upwards } from "./chart.js";
import { CostNumbers, CostPanels } from "./costs.js";
import { Panel, shortDay, unlessOver } from "./panel.js";
import { Comments, GradePanels, Grades } from "./satisfaction.js";

const RANGES = [7, 28, 90];
const METRICS = ["first_response", "next_response", "resolution"];
const COLOURS = ["accent", "bot", "warn"];
const DAY = 86_400_000;

const isoDay = (at) => new Date(at).toLocaleDateString("sv");

export function Reports() {
  const days = useSignal(28);
  const data = useSignal(/** @type {any} */ (null));
  const failed = useSignal("");
  useEffect(() => {
    const stop = new AbortController();
    unlessOver(load(days.value, stop.signal), failed, (found) => (data.value = found));
    return () => stop.abort();
  }, [days.value]);
  return html`<div class="reports">
    <header class="screen-head">
      <h2>${t("nav.reports")}</h2>
      <div class="ranges" role="group" aria-label=${t("report.range")}>
        ${RANGES.map((range) => html`<button type="button" key=${range} aria-pressed=${days.value === range} onClick=${() => (days.value = range)}>${t("report.days", { count: range })}</button>`)}
      </div>
    </header>
    ${failed.value && html`<${Blank} icon="alert" title=${failed.value} />`} ${!data.value && !failed.value && html`<${Skeleton} lines=${8} />`}
    ${data.value &&
    html`<${Numbers} data=${data.value} /><${Charts} data=${data.value} /><${GradePanels} data=${data.value} /><${CostPanels} costs=${data.value.costs} />
      <${Comments} period=${data.value.period} /><${Breaches} rows=${data.value.breaches} />`}
  </div>`;
}

async function load(count, stop) {
  const period = { since: isoDay(Date.now() - (count - 1) * DAY), until: isoDay(Date.now()) };
  const ask = (name, group) => get(`/api/reports/${name}`, { ...period, group }, stop);
  const [kept, keptByDay, keptByHour, waits, waitsByDay, parts, broken, scores, scoresByDay, scoresByAgent, costs] = await Promise.all([
    ask("attainment"),
    ask("attainment", ["day"]),
    ask("attainment", ["day", "hour"]),
    ask("response-times"),
    ask("response-times", ["day"]),
    ask("handling-times"),
    ask("breaches"),
    ask("satisfaction"),
    ask("satisfaction", ["day"]),
    ask("satisfaction", ["agent"]),
    ask("costs"),
  ]);
  return { period, kept, keptByDay, keptByHour, waits, waitsByDay, parts, breaches: rows(broken), scores, scoresByDay, scoresByAgent, costs };
}

function Numbers({ data: { kept, waits, parts, scores, costs } }) {
  const of = (list, metric) => list.find((one) => one.metric === metric);
  const share = (metric) => (of(kept, metric)?.percent ?? null) === null ? "–" : percent(of(kept, metric).percent / 100, 1);
  const half = (metric) => (of(waits, metric) ? span(of(waits, metric).business.p50 * 1000) : "–");
  const late = kept.reduce((sum, one) => sum + one.late, 0);
  const bot = parts.find((one) => one.part === "bot");
  return html`<dl class="numbers">
    ${METRICS.map((metric) => html`<div class="card" key=${metric}><dt>${t("report.kept", { metric: named("metric", metric) })}</dt><dd>${share(metric)}</dd><dd>${t("report.half", { span: half(metric) })}</dd></div>`)}
    <div class="card"><dt>${t("report.late")}</dt><dd>${number(late)}</dd><dd>${t("report.lateAbout")}</dd></div>
    <${Grades} scores=${scores} />
    <${CostNumbers} costs=${costs} />
    <div class="card"><dt>${t("report.botShare")}</dt><dd>${bot?.percent === null || !bot ? "–" : percent(bot.percent / 100)}</dd><dd>${t("report.botAbout")}</dd></div>
  </dl>`;
}

function Charts({ data }) {
  const kept = useMemo(() => () => attainmentOptions(data.keptByDay), [data]);
  const volume = useMemo(() => () => volumeOptions(data.keptByDay), [data]);
  const waits = useMemo(() => () => waitOptions(data.waitsByDay), [data]);
  const heat = useMemo(() => () => heatOptions(data.keptByHour), [data]);
  const parts = useMemo(() => () => partOptions(data.parts), [data]);
  return html`<div class="panels">
    <${Panel} title=${t("report.keptByDay")}><${Chart} label=${t("report.keptByDay")} options=${kept} /><//>
    <${Panel} title=${t("report.waits")}><${Chart} label=${t("report.waits")} options=${waits} /><//>
    <${Panel} title=${t("report.volume")}><${Chart} label=${t("report.volume")} options=${volume} /><//>
    <${Panel} title=${t("report.heat")}><${Chart} label=${t("report.heat")} options=${heat} /><//>
    <${Panel} title=${t("report.parts")}><${Chart} label=${t("report.parts")} options=${parts} /><//>
  </div>`;
}

const daysOf = (list) => [...new Set(list.map((one) => one.day))].sort();
const at = (list, day, metric) => list.find((one) => one.day === day && one.metric === metric);

function attainmentOptions(list) {
  const days = daysOf(list);
  return {
    xAxis: across(days.map(shortDay)),
    yAxis: upwards({ min: (range) => Math.max(0, Math.floor(range.min / 10) * 10), max: 100, axisLabel: { formatter: "{value}%", color: colour("dim") } }),
    series: METRICS.map((metric, place) => ({
      type: "line",
      name: named("metric", metric),
      data: days.map((day) => at(list, day, metric)?.percent ?? null),
      smooth: 0.3,
      showSymbol: false,
      lineStyle: { width: 2 },
      color: colour(COLOURS[place]),
    })),
  };
}

function waitOptions(list) {
  const days = daysOf(list);
  return {
    xAxis: across(days.map(shortDay)),
    yAxis: upwards({ axisLabel: { formatter: (value) => t("time.minutes", { count: value }), color: colour("dim") } }),
    series: ["p50", "p90"].map((share, place) => ({
      type: "line",
      name: t(`report.${share}`),
      data: days.map((day) => minutes(at(list, day, "first_response")?.business[share])),
      smooth: 0.3,
      showSymbol: false,
      areaStyle: place ? undefined : { opacity: 0.1 },
      lineStyle: { width: 2, type: place ? "dashed" : "solid" },
      color: colour(COLOURS[place]),
    })),
  };
}

const minutes = (seconds) => (seconds === undefined ? null : Math.round(seconds / 6) / 10);

function volumeOptions(list) {
  const days = daysOf(list);
  const sum = (day, name) => list.filter((one) => one.day === day).reduce((total, one) => total + one[name], 0);
  return {
    xAxis: across(days.map(shortDay)),
    yAxis: upwards(),
    series: ["kept", "late"].map((name) => ({
      type: "bar",
      stack: "promises",
      name: t(`report.${name === "kept" ? "inTime" : "late"}`),
      data: days.map((day) => sum(day, name)),
      barMaxWidth: 18,
      color: colour(name === "kept" ? "accent" : "bad"),
    })),
  };
}

function heatOptions(list) {
  const hours = [...new Set(list.map((one) => one.hour))].sort((a, b) => a - b);
  const names = Array.from({ length: 7 }, (_, day) => new Intl.DateTimeFormat(language.value, { weekday: "short" }).format(new Date(2024, 0, 1 + day)));
  const cells = new Map();
  for (const one of list) {
    const day = (new Date(`${one.day}T12:00:00`).getDay() + 6) % 7;
    const key = `${hours.indexOf(one.hour)} ${day}`;
    cells.set(key, (cells.get(key) ?? 0) + one.late);
  }
  const data = [...cells].map(([key, late]) => [...key.split(" ").map(Number), late]);
  return {
    legend: { show: false },
    grid: { left: 44, right: 16, top: 8, bottom: 28 },
    tooltip: { renderMode: "richText", confine: true },
    xAxis: across(hours.map((hour) => `${hour} h`)),
    yAxis: { ...across(names), inverse: true },
    visualMap: { show: false, min: 0, max: Math.max(1, ...data.map((one) => one[2])), inRange: { color: [colour("raised"), colour("warn-soft"), colour("bad")] } },
    series: [{ type: "heatmap", name: t("report.late"), data, itemStyle: { borderWidth: 2, borderColor: colour("pane"), borderRadius: 4 } }],
  };
}

function partOptions(parts) {
  return {
    grid: { left: 12, right: 40, top: 8, bottom: 8, containLabel: true },
    legend: { show: false },
    tooltip: { renderMode: "richText", confine: true },
    xAxis: upwards({ show: false, max: 100 }),
    yAxis: { ...across(parts.map((one) => t(`part.${one.part}`))), inverse: true },
    series: [
      {
        type: "bar",
        data: parts.map((one) => one.percent ?? 0),
        barMaxWidth: 26,
        color: colour("bot"),
        itemStyle: { borderRadius: 5 },
        label: { show: true, position: "right", color: colour("ink"), formatter: ({ value }) => percent(value / 100) },
      },
    ],
  };
}

function Breaches({ rows: list }) {
  if (!list.length) return html`<${Panel} title=${t("report.breaches")}><${Blank} icon="check" title=${t("report.noBreaches")} /><//>`;
  return html`<${Panel} title=${t("report.breaches")}
    ><${Table} label=${t("report.breaches")} head=${[t("report.ticket"), t("policy.metric"), t("report.due"), t("report.by"), t("report.why")]}
      >${list.map(
        (one) =>
          html`<tr key=${`${one.ticket ?? one.number} ${one.metric} ${one.cycle}`}>
            <td>#${one.ticket ?? one.number}</td>
            <td>${named("metric", one.metric)}</td>
            <td>${moment(one.due_at)}</td>
            <td class="late">${span(one.late_s * 1000)}</td>
            <td>${one.why?.[tongue()] ?? named("breach", one.reason)}</td>
          </tr>`,
      )}<//
    ><//
  >`;
}

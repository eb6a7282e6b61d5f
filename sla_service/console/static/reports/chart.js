// Charts: drawn as SVG by ECharts, which is fetched when the first one is shown.

import { useEffect, useRef } from "preact/hooks";

import { html } from "../html.js";
import { theme } from "../store/page.js";
import { language } from "../words.js";

let loading = /** @type {Promise<any>|null} */ (null);

/** The page's rules forbid style attributes in markup; what ECharts writes that way goes through the style itself. */
function withStyles(echarts) {
  const write = SVGElement.prototype.setAttribute;
  SVGElement.prototype.setAttribute = function setAttribute(name, value) {
    if (name === "style") this.style.cssText = value;
    else write.call(this, name, value);
  };
  return echarts;
}

const library = () => (loading ??= import("echarts").then(withStyles));

/** A colour of the page. @param {string} name */
export function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** @param {{label: string, options: () => any, tall?: boolean}} props */
export function Chart({ label, options, tall }) {
  const place = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    let chart;
    let isOver = false;
    const watch = new ResizeObserver(() => chart?.resize());
    library().then((echarts) => {
      if (isOver || !place.current) return;
      chart = echarts.init(place.current, null, { renderer: "svg" });
      chart.setOption({ ...basics(), ...options() });
      watch.observe(place.current);
    });
    return () => {
      isOver = true;
      watch.disconnect();
      chart?.dispose();
    };
  }, [options, theme.value, language.value]);
  return html`<div ref=${place} class=${tall ? "chart tall" : "chart"} role="img" aria-label=${label}></div>`;
}

const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const basics = () => ({
  animation: !isCalm(),
  animationDuration: 300,
  textStyle: { fontFamily: getComputedStyle(document.documentElement).fontFamily, color: colour("dim") },
  grid: { left: 44, right: 16, top: 34, bottom: 28 },
  legend: { top: 0, right: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: colour("dim") } },
  tooltip: { trigger: "axis", renderMode: "richText", confine: true },
});

/** @param {string[]} names */
export const across = (names) => ({
  type: "category",
  data: names,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: colour("line-strong") } },
  axisLabel: { color: colour("dim"), hideOverlap: true },
});

/** @param {any} [more] */
export const upwards = (more = {}) => ({
  type: "value",
  splitLine: { lineStyle: { color: colour("line") } },
  axisLabel: { color: colour("dim") },
  ...more,
});

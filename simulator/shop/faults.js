// The switch that gets the shop's API into trouble.

import { h, notice } from "./dom.js";
import { readFault, setFault } from "./client.js";
import { t } from "./words.js";

const KINDS = [null, "down", "slow", "malformed", "refuse", "lost"];
const EVERY_MS = 3000;

let current = { kind: null, seconds_left: null, count_left: null };
let bar;

/** The switch as it stands; it follows faults that are set elsewhere. */
export function faultBar() {
  bar = h("div", { class: "faults", role: "group", "aria-label": t("api.title") });
  drawFaults();
  return bar;
}

function drawFaults() {
  const focused = bar.contains(document.activeElement) ? document.activeElement.dataset.kind : null;
  bar.classList.toggle("trouble", current.kind !== null);
  bar.replaceChildren(
    h("span", { class: "label" }, t("api.title")),
    h("div", { class: "pair" }, KINDS.map(button)),
    h("small", { "data-testid": "fault-left" }, left()),
  );
  if (focused) bar.querySelector(`[data-kind=${focused}]`).focus();
}

function button(kind) {
  const name = kind ?? "none";
  return h(
    "button",
    {
      type: "button",
      title: t(`api.${name}.hint`),
      onclick: () => change(kind),
      "aria-pressed": String(current.kind === kind),
      "data-kind": name,
      "data-testid": `fault-${name}`,
    },
    t(`api.${name}`),
  );
}

function left() {
  if (current.count_left !== null) return t("api.count", { n: current.count_left });
  if (current.seconds_left !== null) {
    return t("api.seconds", { n: Math.ceil(current.seconds_left) });
  }
  return "";
}

async function change(kind) {
  try {
    await setFault(kind);
    await follow();
    notice(t(`api.${kind ?? "none"}.hint`));
  } catch {
    notice(t("error"), true);
  }
}

async function follow() {
  const before = JSON.stringify(current);
  current = await readFault();
  if (JSON.stringify(current) !== before) drawFaults();
}

async function keepFollowing() {
  try {
    if (!document.hidden) await follow();
  } catch {
    // The simulator is being restarted: the next round finds it again.
  }
  setTimeout(keepFollowing, EVERY_MS);
}

setTimeout(keepFollowing, 0);

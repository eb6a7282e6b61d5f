// The panel where things are made to go wrong.

import * as api from "./api.js";
import { el } from "./dom.js";
import { sheet } from "./sheets.js";
import { say } from "./words.js";

const KINDS = [
  "rate_limit",
  "pair_limit",
  "window",
  "undeliverable",
  "unavailable",
  "server_error",
  "timeout_after_accept",
  "reset_after_accept",
  "expired_token",
];
const HABITS = { duplicate: [1, 0], batch: [5, 1], shuffle_statuses: [true, false], skip_delivered: [true, false], is_paused: [true, false] };

/** Opens the panel; returns a function that draws it again. */
export function troublePanel() {
  const count = el("input", { type: "number", min: "1", max: "99", value: "3" });
  const status = el("div", { class: "trouble-status", role: "status" });
  const kinds = el("div", { class: "chips" });
  const habits = el("div", { class: "checks" });
  const clear = el("button", { type: "button", class: "primary", on: { click: () => change(api.clearFaults()) } }, say("clear"));

  // What was asked for before the last change is old news, and would undo a box just ticked.
  let asked = 0;

  async function change(request) {
    asked += 1;
    await request;
    await refresh();
  }

  async function refresh() {
    const mine = ++asked;
    const [{ faults, webhooks }, { owed }] = await Promise.all([api.faults(), api.deliveries()]);
    if (mine !== asked) return;
    const lines = faults.map((fault) => {
      const left = fault.count === null ? say("always") : `×${fault.count}`;
      return el("li", {}, `${say(fault.kind)}${fault.code ? ` ${fault.code}` : ""} ${left}`);
    });
    status.replaceChildren(
      lines.length ? el("b", {}, say("waiting")) : el("span", {}, say("nothing")),
      el("ul", {}, ...lines),
      el("small", {}, say("owed", { count: owed })),
    );
    for (const box of habits.querySelectorAll("input")) {
      const [on] = HABITS[box.name];
      box.checked = on === true ? webhooks[box.name] : webhooks[box.name] >= on;
    }
  }

  kinds.append(
    ...KINDS.map((kind) => {
      const add = () => change(api.addFault({ kind, count: Number(count.value) || 1 }));
      return el("button", { type: "button", class: "chip", "data-testid": `fault-${kind}`, on: { click: add } }, say(kind));
    }),
  );
  habits.append(
    ...Object.entries(HABITS).map(([name, [on, off]]) => {
      const toggle = (event) => change(api.addFault({ webhooks: { [name]: event.target.checked ? on : off } }));
      return el("label", {}, el("input", { type: "checkbox", name, on: { change: toggle } }), say(name));
    }),
  );
  sheet(
    say("trouble"),
    el("p", {}, say("troubleIntro")),
    el("label", { class: "inline" }, say("times"), count),
    kinds,
    el("h3", {}, say("webhooks")),
    habits,
    status,
    clear,
  );
  refresh();
  return refresh;
}

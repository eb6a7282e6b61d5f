// The switch of the busy day: shoppers who write by themselves.

import * as api from "./api.js";
import { el } from "./dom.js";
import { sheet } from "./sheets.js";
import { say } from "./words.js";

const SOON = 300;
const USUAL = 20;

/** Opens the panel; returns a function that draws it again. */
export function busyPanel() {
  const box = el("input", { type: "checkbox", role: "switch", "data-testid": "busy-on", on: { change: tell } });
  const rate = el("input", { type: "range", min: "1", max: "60", value: String(USUAL), "data-testid": "busy-rate", on: { input: onRate } });
  const rateLabel = el("span", {});
  const status = el("p", { role: "status", "data-testid": "busy-status" });
  let timer = 0;
  // What was asked for before the last change is old news, and would undo a box just ticked.
  let asked = 0;

  function tell() {
    return show(api.setBusy({ on: box.checked, per_minute: Number(rate.value) }));
  }

  function refresh() {
    return show(api.busy());
  }

  async function show(request) {
    const mine = ++asked;
    const state = await request;
    if (mine === asked) draw(state);
  }

  function onRate() {
    rateLabel.textContent = say("busyRate", { count: rate.value });
    clearTimeout(timer);
    if (box.checked) timer = setTimeout(tell, SOON);
  }

  function draw(state) {
    box.checked = state.on;
    if (document.activeElement !== rate) rate.value = String(state.per_minute);
    rateLabel.textContent = say("busyRate", { count: rate.value });
    status.textContent = state.written ? say("busySoFar", { written: state.written, talks: state.under_way }) : "";
  }

  sheet(
    say("busy"),
    el("p", {}, say("busyIntro")),
    el("label", { class: "switch" }, box, say("busyOn")),
    el("label", { class: "rate" }, rateLabel, rate),
    status,
  );
  refresh();
  return refresh;
}

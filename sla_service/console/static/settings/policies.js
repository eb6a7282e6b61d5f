// The promises as a text: with line numbers, what is wrong with them, versions, and what a change would change.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { get, getText, post, postText, rows } from "../api.js";
import { html } from "../html.js";
import { Skeleton, TextField } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { may } from "../store/page.js";
import { complain, say } from "../store/toasts.js";
import { moment, span } from "../times.js";
import { language, many, named, t, tongue } from "../words.js";
import { asking, doing, Table } from "./listed.js";

const TYPING = 400;
const LOOK_AGAIN = 1000;

export function Policies() {
  const text = useSignal(/** @type {string|null} */ (null));
  const problems = useSignal(/** @type {any[]} */ ([]));
  const isUsable = useSignal(true);
  const versions = useSignal(/** @type {any[]} */ ([]));
  const plan = useSignal(/** @type {any} */ (null));
  const loadVersions = async () => (versions.value = rows(await get("/api/sla/rulebooks")));
  const show = async (number) => (text.value = await getText(`/api/sla/rulebooks/${number}`, "application/yaml"));
  useEffect(() => {
    Promise.all([show("active"), loadVersions()]).catch(complain);
  }, []);
  useChecked(text, problems, isUsable);
  if (text.value === null) return html`<${Skeleton} lines=${8} />`;
  return html`<div class="policy">
    <div>
      <${Editor} text=${text} problems=${problems.value} />
      <${Problems} problems=${problems.value} />
      ${may("admin") && html`<${Keep} text=${text} isUsable=${isUsable.value} onKept=${loadVersions} />`}
    </div>
    <aside>
      <h3>${t("policy.versions")}</h3>
      <ul class="versions">
        ${versions.value.map((one) => html`<${Version} key=${one.id} one=${one} onShow=${() => show(one.id).catch(complain)} onPlan=${(found) => (plan.value = found)} again=${loadVersions} />`)}
      </ul>
    </aside>
    ${plan.value && html`<${Plan} plan=${plan.value} />`}
  </div>`;
}

/** Looks a text over a moment after somebody stopped typing. */
function useChecked(text, problems, isUsable) {
  useEffect(() => {
    if (text.value === null) return undefined;
    const timer = setTimeout(async () => {
      try {
        const found = await postText(`/api/sla/rulebooks/check?language=${tongue()}`, text.peek() ?? "");
        problems.value = found.problems;
        isUsable.value = found.is_usable;
      } catch (error) {
        complain(error);
      }
    }, TYPING);
    return () => clearTimeout(timer);
  }, [text.value, language.value]);
}

function Editor({ text, problems }) {
  const gutter = useRef(/** @type {HTMLElement|null} */ (null));
  const lines = (text.value ?? "").split("\n").length;
  const marked = new Map(problems.map((one) => [one.line, one.is_warning ? "warning" : "wrong"]));
  const scrolled = (event) => gutter.current && (gutter.current.scrollTop = event.currentTarget.scrollTop);
  return html`<div class="editor">
    <div class="gutter" ref=${gutter} aria-hidden="true">
      ${Array.from({ length: lines }, (_, at) => html`<span key=${at} class=${marked.get(at + 1) ?? ""}>${at + 1}</span>`)}
    </div>
    <textarea
      id="policy-text"
      wrap="off"
      spellcheck=${false}
      autocapitalize="off"
      readonly=${!may("admin")}
      aria-label=${t("policy.text")}
      aria-describedby="policy-problems"
      value=${text.value}
      onScroll=${scrolled}
      onInput=${(event) => (text.value = event.currentTarget.value)}
    ></textarea>
  </div>`;
}

/** Leads to a line of the text. */
function goToLine(line) {
  const box = /** @type {HTMLTextAreaElement|null} */ (document.getElementById("policy-text"));
  if (!box) return;
  const lines = box.value.split("\n");
  const begin = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  box.focus();
  box.setSelectionRange(begin, begin + (lines[line - 1]?.length ?? 0));
  box.scrollTop = Math.max(0, (line - 6) * (box.scrollHeight / lines.length));
}

const Problems = ({ problems }) =>
  html`<div id="policy-problems" role="status" aria-live="polite">
    ${problems.length === 0 && html`<p class="all-well"><${Icon} name="check" />${t("policy.fine")}</p>`}
    <ul class="problems">
      ${problems.map(
        (one, at) =>
          html`<li key=${at} class=${one.is_warning ? "warning" : "wrong"}>
            <${Icon} name="alert" />
            <button type="button" class="link" onClick=${() => goToLine(one.line)}>${t("policy.line", { line: one.line })}</button>
            <span><code>${one.where}</code> ${one.message}</span>
          </li>`,
      )}
    </ul>
  </div>`;

function Keep({ text, isUsable, onKept }) {
  const comment = useSignal("");
  const keep = (activate) => async () => {
    const query = new URLSearchParams({ comment: comment.value, activate: String(activate), language: tongue() });
    if (await doing(() => postText(`/api/sla/rulebooks?${query}`, text.value), onKept)) comment.value = "";
  };
  return html`<div class="card form">
    <${TextField} label=${t("policy.comment")} value=${comment.value} maxlength="500" onInput=${(value) => (comment.value = value)} />
    <footer>
      <button type="button" disabled=${!isUsable} onClick=${keep(false)}>${t("policy.keep")}</button>
      <button type="button" class="primary" disabled=${!isUsable} onClick=${keep(true)}>${t("policy.activate")}</button>
    </footer>
  </div>`;
}

function Version({ one, onShow, onPlan, again }) {
  const plan = async () => {
    const found = await asking(() => post(`/api/sla/rulebooks/${one.id}/dry-run`));
    if (found) onPlan(found);
  };
  const apply = async () => {
    const asked = await doing(() => post(`/api/sla/rulebooks/${one.id}/applications`));
    if (asked?.id) watch(asked.id);
  };
  return html`<li>
    <p><b>${t("policy.version", { number: one.id })}</b> ${one.is_active && html`<span class="badge good">${t("policy.active")}</span>`}</p>
    <p class="quiet-words">${[one.comment, one.created_by, moment(one.created_at)].filter(Boolean).join(" · ")}</p>
    <p class="version-acts">
      <button type="button" class="link" onClick=${onShow}>${t("policy.show")}</button>
      ${may("admin") && !one.is_active && html`<button type="button" class="link" onClick=${() => doing(() => post(`/api/sla/rulebooks/${one.id}/activation`), again)}>${t("policy.use")}</button>`}
      ${may("admin") && html`<button type="button" class="link" onClick=${plan}>${t("policy.plan")}</button>`}
      ${may("admin") && one.is_active && html`<button type="button" class="link" onClick=${apply}>${t("policy.apply")}</button>`}
    </p>
  </li>`;
}

/** Tells when the open tickets have been put under a version. */
async function watch(number) {
  try {
    const state = await get(`/api/sla/applications/${number}`);
    if (!state.finished_at) setTimeout(() => watch(number), LOOK_AGAIN);
    else say(state.error ?? t("policy.applied", { total: state.total, changed: state.changed }), { isBad: Boolean(state.error) });
  } catch (error) {
    complain(error);
  }
}

function Plan({ plan }) {
  const target = (promised) => (promised.target === null ? "–" : span(promised.target * 1000));
  const due = (promised) => (promised.due_at ? moment(promised.due_at) : "–");
  return html`<div class="plan">
    <h3>${many("policy.planned", plan.changed, { open: plan.open })}</h3>
    <${Table} label=${t("policy.plan")} head=${["Ticket", t("policy.policy"), t("policy.metric"), t("policy.before"), t("policy.after")]}
      >${plan.moves.flatMap((move) =>
        move.clocks.map(
          (clock) =>
            html`<tr key=${`${move.ticket_id} ${clock.metric}`}>
              <td>${move.number && `#${move.number}`}</td>
              <td>${move.policy_before === move.policy_after ? move.policy_after : `${move.policy_before} → ${move.policy_after}`}</td>
              <td>${named("metric", clock.metric)}</td>
              <td>${target(clock.before)} · ${due(clock.before)}</td>
              <td>${target(clock.after)} · ${due(clock.after)}</td>
            </tr>`,
        ),
      )}<//
    >
  </div>`;
}

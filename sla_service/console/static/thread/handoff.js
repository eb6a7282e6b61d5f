// The card that stands where a conversation changed hands: why, and what is known already.

import { classes, html } from "../html.js";
import { Icon } from "../parts/icon.js";
import { clock, exact, percent } from "../times.js";
import { named, t } from "../words.js";

/** @param {{handoff: any}} props */
export function HandoffCard({ handoff }) {
  const { at, to_owner: to, from_owner: from, reason, summary, ticket, to_agent: agent, by } = handoff;
  const title = to === "bot" ? t("handoff.toBot") : to === "agent" ? t("handoff.toAgent", { name: agent?.name ?? t("owner.agent") }) : t("handoff.toPeople");
  if (from !== "bot" && to !== "bot") return html`<p class="ticket-line"><span>${title} · ${clock(at)}</span></p>`;
  return html`<section class=${classes("handoff", `to-${to}`)} data-testid="handoff" aria-label=${title}>
    <p class="handoff-title"><${Icon} name=${to} /><strong>${title}</strong><time datetime=${at} title=${exact(at)}>${clock(at)}</time></p>
    <p class="handoff-why">${t("handoff.reason", { reason: named("reason", reason) })} · #${ticket}${by && ` · ${by.name}`}</p>
    ${summary && html`<p class="summary" dir="auto">${summary}</p>`}
    ${to !== "bot" && html`<${Collected} details=${handoff.details ?? {}} />`}
  </section>`;
}

const SLOTS_HIDDEN = new Set(["answered", "order_topic", "language", "greeted", "named_on", "pending", "failed_attempts", "offered_orders", "offered_requests", "proven_orders", "session_started_metadata", "flow", "unfinished", "goods"]);
const isPlain = (value) => ["string", "number", "boolean"].includes(typeof value) && value !== "";

/** What the bot had found out before it gave the conversation away. */
function Collected({ details: { slots, intents, intent, confidence, failed_attempts: failed } }) {
  const facts = Object.entries(slots ?? {}).filter(([name, value]) => !SLOTS_HIDDEN.has(name) && isPlain(value));
  const heard = lastOfEach(intents ?? (intent ? [{ intent, confidence }] : []));
  if (!facts.length && !heard.length && !failed) return null;
  return html`<dl class="facts">
    ${facts.map(([name, value]) => html`<div key=${name}><dt>${named("slot", name)}</dt><dd dir="auto">${String(value)}</dd></div>`)}
    ${heard.length > 0 &&
    html`<div>
      <dt>${t("handoff.intents")}</dt>
      <dd>${heard.map((one) => `${named("intent", one.intent)} ${percent(one.confidence ?? 0)}`).join(", ")}</dd>
    </div>`}
    ${failed > 0 && html`<div><dt>${t("handoff.failed")}</dt><dd>${failed}</dd></div>`}
  </dl>`;
}

/** Each intent once, the latest first. */
const lastOfEach = (intents) => [...new Map(intents.map((one) => [one.intent, one])).values()].reverse().slice(0, 3);

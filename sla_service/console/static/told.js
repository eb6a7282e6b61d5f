// What was done and what happened, in words: the record of acts, and a ticket's history.

import { agents } from "./store/desk.js";
import { has, named, t } from "./words.js";

/** What somebody did; a conversation that changes hands is told by the reason. @param {string} act */
export function actWords(act) {
  const [kind, what] = act.split(".");
  if (kind === "conversation") return t("audit.conversation", { reason: named("reason", what) });
  return named("audit", act);
}

/** What it was done to: "ticket #1001", "Bruno Tavares". @param {{target_kind: string, target_id: string|null}} act */
export function targetWords({ target_kind: kind, target_id: id }) {
  if (id === null) return named("target", kind);
  const person = kind === "agent" && agents.value.find((one) => String(one.id) === id);
  if (person) return person.name;
  return `${named("target", kind)} ${/^\d+$/.test(id) ? `#${id}` : id}`;
}

/** Who did it; what is no person has a name of its own. @param {string} kind @param {string} name */
export const actorWords = (kind, name) => (kind === "service" ? named("actor", name) : name);

/** What happened to a clock; "warned:80" and "warned_80" have a part of their own. @param {string} what */
export function momentWords(what) {
  const [name, part = ""] = what.split(/[:_](?=\d)/);
  const key = `clock.moment.${name}`;
  return has(key) ? t(key, { percent: part }) : named("clock.moment", what);
}

/** One line of a ticket's history. @param {{source: string, what: string, details?: Record<string, any>}} entry */
export function happenedWords({ source, what, details = {} }) {
  if (source === "act") return actWords(what);
  if (source === "promise") return `${named("metric", details.metric ?? "")}: ${momentWords(what)}`;
  if (source === "handoff") return `${t("history.handoff", { owner: details.to_agent ?? named("owner", details.to ?? "queue") })} · ${named("reason", what)}`;
  if (source === "rating" && what === "rated") return t("ticket.rating", { score: details.score });
  return named(`history.${source}`, what);
}

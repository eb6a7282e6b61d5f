// Who did what.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { get, rows } from "../api.js";
import { html } from "../html.js";
import { Blank, Skeleton } from "../parts/controls.js";
import { complain } from "../store/toasts.js";
import { exact, moment } from "../times.js";
import { actorWords, actWords, targetWords } from "../told.js";
import { t } from "../words.js";
import { Table } from "./listed.js";

export function Audit() {
  const acts = useSignal(/** @type {any[]|null} */ (null));
  const next = useSignal(/** @type {any} */ (null));
  const more = async (cursor) => {
    try {
      const page = await get("/api/audit", { cursor, limit: 100 });
      acts.value = [...(cursor ? (acts.peek() ?? []) : []), ...rows(page)];
      next.value = page.next;
    } catch (error) {
      complain(error);
    }
  };
  useEffect(() => void more(null), []);
  if (!acts.value) return html`<${Skeleton} lines=${6} />`;
  if (!acts.value.length) return html`<${Blank} icon="document" title=${t("history.none")} />`;
  return html`<${Table} label=${t("settings.audit")} head=${[t("audit.at"), t("audit.who"), t("audit.act"), t("audit.target")]}
      >${acts.value.map(
        (one) =>
          html`<tr key=${one.id}>
            <td><time datetime=${one.at} title=${exact(one.at)}>${moment(one.at)}</time></td>
            <td>${actorWords(one.actor_kind, one.actor_name)}</td>
            <td>${actWords(one.act)}</td>
            <td>${targetWords(one)}</td>
          </tr>`,
      )}<//
    >
    ${next.value && html`<button type="button" onClick=${() => more(next.value)}>${t("audit.more")}</button>`}`;
}

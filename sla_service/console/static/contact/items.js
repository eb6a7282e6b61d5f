// What somebody has to do for a ticket, by whom and until when.

import { patch, rows } from "../api.js";
import { html } from "../html.js";
import { Skeleton } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { happened } from "../store/conversations.js";
import { agents } from "../store/desk.js";
import { dialog, now } from "../store/page.js";
import { complain } from "../store/toasts.js";
import { moment } from "../times.js";
import { t } from "../words.js";
import { useAsked } from "./asked.js";

/** @param {{number: number}} props */
export function Items({ number }) {
  const path = `/api/tickets/${number}/action-items`;
  const { answer, again } = useAsked(path, [happened.value, dialog.value === null]);
  const items = rows(answer.value ?? []);
  const tick = (item) => {
    const done = !item.done_at;
    answer.value = items.map((one) => (one.id === item.id ? { ...one, done_at: done ? new Date().toISOString() : null } : one));
    patch(`${path}/${item.id}`, { is_done: done }).catch(complain).finally(again);
  };
  return html`<details class="part" open>
    <summary><h3>${t("item.title")}</h3></summary>
    ${answer.value === undefined && html`<${Skeleton} lines=${1} />`}
    <ul class="items">
      ${items.map((item) => html`<${Item} key=${item.id} item=${item} onTick=${() => tick(item)} />`)}
    </ul>
    <button type="button" class="quiet add" onClick=${() => (dialog.value = { kind: "item" })}><${Icon} name="plus" />${t("item.add")}</button>
  </details>`;
}

function Item({ item, onTick }) {
  const owner = agents.value.find((one) => one.id === item.owner)?.name;
  const isLate = item.due_at && !item.done_at && Date.parse(item.due_at) < now.value;
  return html`<li class=${item.done_at ? "item done" : "item"}>
    <label><input type="checkbox" checked=${Boolean(item.done_at)} onChange=${onTick} /><span dir="auto">${item.text}</span></label>
    <p>
      ${owner && html`<span>${owner}</span>`}
      ${item.due_at && html`<span class=${isLate ? "late" : ""}><${Icon} name=${isLate ? "alert" : "clock"} />${moment(item.due_at)}</span>`}
    </p>
  </li>`;
}

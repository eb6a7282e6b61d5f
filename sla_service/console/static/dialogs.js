// Dialogs of acts that need a word more: to whom, how urgent, under which tag.

import { useSignal } from "@preact/signals";

import { amend, assign, merge, toBot } from "./acts.js";
import { post, rows } from "./api.js";
import { useAsked } from "./contact/asked.js";
import { html } from "./html.js";
import { Dialog, Field, SelectField, TextField } from "./parts/controls.js";
import { Icon } from "./parts/icon.js";
import { Avatar } from "./parts/person.js";
import { conversation, current, ids } from "./store/conversations.js";
import { colleagues } from "./store/desk.js";
import { dialog, me } from "./store/page.js";
import { complain, say } from "./store/toasts.js";
import { date } from "./times.js";
import { t } from "./words.js";

const close = () => (dialog.value = null);
/** Nothing is given to who is not there; oneself one may take it. @param {any} person */
const canTake = (person) => person.presence === "available" || person.id === me.value?.id;

/** @param {() => any} run */
const finish = (run) => (/** @type {Event} [event] */ event) => {
  event?.preventDefault();
  close();
  run();
};

export function Transfer({ one }) {
  const words = useSignal("");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const order = { available: 0, away: 1, offline: 2 };
  const people = colleagues.value
    .filter((person) => person.id !== one.agent?.id && plain(person.name).includes(plain(words.value)))
    .sort((a, b) => (order[a.presence] ?? 3) - (order[b.presence] ?? 3) || a.name.localeCompare(b.name));
  return html`<${Dialog} title=${t("act.transfer")} onClose=${close}>
    <${TextField} label=${t("transfer.search")} value=${words.value} onInput=${(value) => (words.value = value)} autofocus />
    <ul class="picks people">
      ${people.map(
        (person) =>
          html`<li key=${person.id}>
            <button type="button" disabled=${!canTake(person)} onClick=${finish(() => assign(one, person.id, person.name))}>
              <${Avatar} name=${person.name} seed=${person.id} small presence=${person.presence} />
              <b>${person.name}${person.id === me.value?.id && ` (${t("transfer.me")})`}</b>
              <span>${t(`presence.${person.presence}`)}${person.held !== undefined && ` · ${person.held}/${person.capacity}`}</span>
            </button>
          </li>`,
      )}
    </ul>
  <//>`;
}

export function GiveBack({ one }) {
  const words = useSignal("");
  const pressed = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.currentTarget.form.requestSubmit();
  };
  return html`<${Dialog} title=${t("act.toBot")} onClose=${close}>
    <form class="form" onSubmit=${finish(() => toBot(one, words.value.trim() || undefined))}>
      <${Field} label=${t("toBot.instruction")} hint=${t("toBot.hint")}
        >${(id) => html`<textarea id=${id} rows="3" maxlength="500" autofocus value=${words.value} onKeyDown=${pressed} onInput=${(event) => (words.value = event.currentTarget.value)}></textarea>`}<//
      >
      <footer><button class="primary"><${Icon} name="bot" />${t("act.toBot")}</button></footer>
    </form>
  <//>`;
}

export function PriorityDialog({ one }) {
  return html`<${Dialog} title=${t("act.priority")} onClose=${close}>
    <ul class="picks">
      ${["urgent", "high", "normal", "low"].map(
        (priority) =>
          html`<li key=${priority}>
            <button type="button" aria-pressed=${one.ticket.priority === priority} onClick=${finish(() => amend(one, { priority }))}>
              <b>${t(`priority.short.${priority}`)}</b>
            </button>
          </li>`,
      )}
    </ul>
  <//>`;
}

export function TagDialog({ one }) {
  const words = useSignal("");
  const tags = one.tags ?? [];
  const used = new Set(ids.value.flatMap((id) => conversation(id)?.peek()?.tags ?? []));
  const add = (tag) => finish(() => tag && !tags.includes(tag) && amend(one, { tags: [...tags, tag] }));
  return html`<${Dialog} title=${t("act.tag")} onClose=${close}>
    <form class="form" onSubmit=${(event) => add(words.value.trim().toLowerCase())(event)}>
      <${TextField} label=${t("tag.name")} value=${words.value} maxlength="40" autofocus onInput=${(value) => (words.value = value)} />
      <div class="tags">
        ${[...used]
          .filter((tag) => !tags.includes(tag))
          .slice(0, 12)
          .map((tag) => html`<button type="button" class="tag" key=${tag} onClick=${add(tag)}>${tag}</button>`)}
      </div>
      <footer><button class="primary" disabled=${!words.value.trim()}>${t("tag.add")}</button></footer>
    </form>
  <//>`;
}

export function ItemDialog({ one }) {
  const words = useSignal("");
  const owner = useSignal(String(me.value?.id ?? ""));
  const due = useSignal("");
  const save = async (event) => {
    event.preventDefault();
    const body = { text: words.value.trim(), owner: Number(owner.value) || null, due_at: due.value ? new Date(due.value).toISOString() : null };
    try {
      await post(`/api/tickets/${one.ticket.number}/action-items`, body);
      close();
      say(t("item.added"));
    } catch (error) {
      complain(error);
    }
  };
  return html`<${Dialog} title=${t("act.item")} onClose=${close}>
    <form class="form" onSubmit=${save}>
      <${TextField} label=${t("item.text")} value=${words.value} maxlength="300" required autofocus onInput=${(value) => (words.value = value)} />
      <div class="columns">
        <${SelectField}
          label=${t("item.owner")}
          value=${owner.value}
          options=${colleagues.value.map((person) => [String(person.id), person.name])}
          onChange=${(value) => (owner.value = value)}
        />
        <${TextField} label=${t("item.due")} type="datetime-local" value=${due.value} onInput=${(value) => (due.value = value)} />
      </div>
      <footer><button class="primary" disabled=${!words.value.trim()}>${t("item.save")}</button></footer>
    </form>
  <//>`;
}

/** Whether another ticket can take a ticket in. @param {any} ticket @param {any} other */
const canTakeIn = (ticket, other) => other.number !== ticket.number && !other.merged_into && other.status !== "resolved";

export function MergeDialog({ one }) {
  const number = useSignal("");
  const { answer } = useAsked(`/api/conversations/${one.id}/tickets`);
  const others = rows(answer.value ?? []).filter((other) => canTakeIn(one.ticket, other));
  const wanted = () => Number(number.value.replace(/\D/g, ""));
  return html`<${Dialog} title=${t("act.merge")} onClose=${close}>
    <form class="form" onSubmit=${finish(() => merge(one, wanted()))}>
      ${others.length > 0 &&
      html`<ul class="picks" aria-label=${t("merge.others")}>
        ${others.map(
          (other) =>
            html`<li key=${other.number}>
              <button type="button" aria-pressed=${wanted() === other.number} onClick=${() => (number.value = String(other.number))}>
                <b>#${other.number}</b> <span dir="auto">${other.subject}</span> <span>${t(`ticket.status.${other.status}`)} · ${date(other.opened_at)}</span>
              </button>
            </li>`,
        )}
      </ul>`}
      <${TextField} label=${t("merge.into")} hint=${t("merge.hint")} inputmode="numeric" autofocus value=${number.value} onInput=${(value) => (number.value = value)} />
      <footer><button class="primary" disabled=${!wanted()}><${Icon} name="merge" />${t("act.merge")}</button></footer>
    </form>
  <//>`;
}

const KINDS = { transfer: Transfer, toBot: GiveBack, priority: PriorityDialog, tag: TagDialog, item: ItemDialog, merge: MergeDialog };

/** The dialog that is open, where it is about the open conversation. */
export function ActDialog() {
  const kind = KINDS[dialog.value?.kind ?? ""];
  const one = current.value;
  return kind && one ? html`<${kind} one=${one} />` : null;
}

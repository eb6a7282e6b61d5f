// The people who answer: who they are, what they may, how much they take.

import { useSignal } from "@preact/signals";

import { patch, post } from "../api.js";
import { html } from "../html.js";
import { SelectField, TextField } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { Avatar } from "../parts/person.js";
import { loadAgents } from "../store/desk.js";
import { may } from "../store/page.js";
import { t } from "../words.js";
import { asList, doing, FormDialog, Listed, Secret, Table, useRows } from "./listed.js";

const ROLES = ["agent", "supervisor", "admin"];
const NOBODY = { name: "", email: "", role: "agent", language: "pt", capacity: 5, languages: ["pt"], skills: [], team: null };

export function Agents() {
  const of = useRows("/api/agents");
  const edited = useSignal(/** @type {any} */ (null));
  const link = useSignal("");
  const again = async () => (await of.again(), loadAgents());
  const invite = async (person) => {
    const made = await doing(() => post(`/api/agents/${person.id}/invitations`));
    if (made?.link) link.value = made.link;
  };
  return html`${may("admin") && html`<button type="button" class="primary" onClick=${() => (edited.value = NOBODY)}><${Icon} name="plus" />${t("agent.add")}</button>`}
    <${Listed} of=${of} icon="people" empty=${t("agent.none")}
      >${(people) =>
        html`<${Table} label=${t("settings.agents")} head=${[t("agent.name"), t("agent.role"), t("agent.languages"), t("agent.skills"), t("agent.capacity"), ""]}
          >${people.map((one) => html`<${Row} key=${one.id} one=${one} onEdit=${() => (edited.value = one)} onInvite=${() => invite(one)} />`)}<//
        >`}<//
    >
    ${edited.value && html`<${Form} one=${edited.value} onClose=${() => (edited.value = null)} onLink=${(made) => (link.value = made)} again=${again} />`}
    ${link.value && html`<${Secret} title=${t("agent.invitation")} text=${t("agent.invitationText")} secret=${link.value} onClose=${() => (link.value = "")} />`}`;
}

const Row = ({ one, onEdit, onInvite }) =>
  html`<tr class=${one.disabled_at ? "off" : ""}>
    <td>
      <span class="person"><${Avatar} name=${one.name} seed=${one.id} small presence=${one.presence} /><span><b>${one.name}</b><small>${one.email}</small></span></span>
    </td>
    <td>${t(`role.${one.role}`)}</td>
    <td>${(one.languages ?? []).join(", ").toUpperCase()}</td>
    <td>${(one.skills ?? []).join(", ")}</td>
    <td class="number">${one.capacity}</td>
    <td class="acts">
      ${may("admin") && html`<button type="button" class="quiet" onClick=${onEdit}>${t("app.edit")}</button><button type="button" class="quiet" onClick=${onInvite}>${t("agent.invite")}</button>`}
    </td>
  </tr>`;

function Form({ one, onClose, onLink, again }) {
  const draft = useSignal({ ...one, languages: (one.languages ?? []).join(", "), skills: (one.skills ?? []).join(", ") });
  const set = (name) => (value) => (draft.value = { ...draft.value, [name]: value });
  const { name, email, role, language, capacity, languages, skills, team } = draft.value;
  const save = () =>
    doing(async () => {
      const facts = { name, role, language, capacity: Number(capacity), languages: asList(languages), skills: asList(skills), team: team || null };
      if (one.id) return patch(`/api/agents/${one.id}`, { ...facts, is_disabled: Boolean(draft.value.disabled_at) });
      const made = await post("/api/agents", { ...facts, email });
      if (made?.invitation?.link) onLink(made.invitation.link);
      return made;
    }, again);
  return html`<${FormDialog} title=${one.id ? one.name : t("agent.add")} onSave=${save} onClose=${onClose} isReady=${Boolean(name && email)}>
    <${TextField} label=${t("agent.name")} value=${name} onInput=${set("name")} required maxlength="80" />
    ${!one.id && html`<${TextField} label=${t("agent.email")} type="email" value=${email} onInput=${set("email")} required />`}
    <div class="columns">
      <${SelectField} label=${t("agent.role")} value=${role} options=${ROLES.map((key) => [key, t(`role.${key}`)])} onChange=${set("role")} />
      <${SelectField} label=${t("agent.screens")} value=${language} options=${[["pt", t("language.pt")], ["en", t("language.en")]]} onChange=${set("language")} />
      <${TextField} label=${t("agent.languages")} hint="pt, en" value=${languages} onInput=${set("languages")} />
      <${TextField} label=${t("agent.capacity")} hint=${t("agent.noOffers")} type="number" min="0" max="200" value=${capacity} onInput=${set("capacity")} />
      <${TextField} label=${t("agent.skills")} value=${skills} onInput=${set("skills")} />
      <${TextField} label=${t("agent.team")} value=${team ?? ""} onInput=${set("team")} />
    </div>
    ${one.id &&
    html`<label class="check"
      ><input type="checkbox" checked=${Boolean(draft.value.disabled_at)} onChange=${(event) => set("disabled_at")(event.currentTarget.checked ? "now" : null)} />${t("agent.disabled")}</label
    >`}
  <//>`;
}

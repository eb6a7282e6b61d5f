// How people and conversations are marked: avatar, language, who holds it, how urgent.

import { classes, html } from "../html.js";
import { t } from "../words.js";
import { Icon } from "./icon.js";

const TONES = 6;

/** What a contact is called. @param {any} contact */
export const called = (contact) => contact.name || reachedAt(contact) || t("contact.unknown");

/** The number as people write it, or the user's name. @param {any} contact */
export function reachedAt({ phone, username, bsuid }) {
  if (phone) return phoneNumber(phone);
  return username ? `@${username}` : (bsuid ?? "");
}

function phoneNumber(digits) {
  const brazilian = /^55(\d\d)(\d{4,5})(\d{4})$/.exec(digits);
  return brazilian ? `+55 ${brazilian[1]} ${brazilian[2]}-${brazilian[3]}` : `+${digits}`;
}

function initials(name) {
  const parts = name.split(/\s+/).filter((part) => /\p{L}/u.test(part));
  const letters = [parts[0], parts.length > 1 ? parts.at(-1) : ""].map((part) => part?.match(/\p{L}/u)?.[0] ?? "");
  return letters.join("").toUpperCase() || "?";
}

/** @param {{name: string, seed: number, small?: boolean, presence?: string}} props */
export const Avatar = ({ name, seed, small, presence }) =>
  html`<span class=${classes("avatar", small && "small", `tone-${Math.abs(seed ?? 0) % TONES}`)} aria-hidden="true"
    >${initials(name)}${presence && html`<i class=${`dot ${presence}`} />`}</span
  >`;

/** @param {{tag: string|null|undefined}} props */
export function Language({ tag }) {
  if (!tag) return null;
  const key = `language.${tag.slice(0, 2)}`;
  return html`<abbr class="language" title=${t(key)}>${tag.slice(0, 2).toUpperCase()}</abbr>`;
}

/** @param {{owner: string, agent?: any}} props */
export const OwnerBadge = ({ owner, agent }) => {
  const name = t(`owner.${owner}`);
  return html`<span
    class=${`badge owner-${owner}`}
    data-testid="owner-badge"
    data-owner=${owner}
    title=${t("owner.label", { owner: agent?.name ?? name })}
    ><${Icon} name=${owner} /><span>${agent?.name ?? name}</span></span
  >`;
};

/** Only what is out of the ordinary is worth a mark. @param {{priority?: string}} props */
export function Priority({ priority }) {
  if (!priority || priority === "normal") return null;
  return html`<span class=${`badge priority-${priority}`}><${Icon} name="flag" />${t(`priority.short.${priority}`)}</span>`;
}

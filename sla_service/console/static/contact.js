// How a contact is called, and the marks that stand beside them.

import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

/** Groups a number as its owner would write it; other countries' keep their digits together. */
export function phone(digits) {
  if (!digits) return "";
  const brazil = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
  if (brazil) return `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}`;
  return /^\d+$/.test(digits) ? `+${digits}` : digits;
}

/** The best there is to call somebody by. */
export function called({ name, phone: digits, username, bsuid }) {
  return name || phone(digits) || (username && `@${username}`) || bsuid || t("contact.unknown");
}

/** What is left to tell them apart by, once they have been called. */
export function reachedAt(contact) {
  const known = [phone(contact.phone), contact.username && `@${contact.username}`];
  const parts = known.filter((part) => part && part !== called(contact));
  if (parts.length === 0 && contact.bsuid !== called(contact)) return contact.bsuid ?? "";
  return parts.join(" · ");
}

/** Two letters in a circle, always the same tone for one conversation. */
export function avatar(conversation) {
  const letters = called(conversation.contact)
    .replace(/[^\p{L}\p{N} ]/gu, "")
    .split(" ")
    .filter(Boolean);
  const initials = letters.length > 1 ? letters[0][0] + letters.at(-1)[0] : (letters[0] ?? "").slice(0, 2);
  return el(
    "span",
    { class: `avatar tone-${conversation.id % 5}`, "aria-hidden": "true" },
    initials.toUpperCase(),
  );
}

/** Who holds a conversation, in a sign and a word. */
export function ownerBadge(owner) {
  const word = t(`owner.${owner}`);
  return el(
    "span",
    { class: `badge owner-${owner}`, "data-testid": "owner-badge", "data-owner": owner },
    icon(owner),
    el("span", { class: "spoken" }, t("owner.label", { owner: "" })),
    word,
  );
}

/** "PT", with the language's whole name for those who hear it. */
export function languageMark(tag) {
  if (!tag) return null;
  return el("abbr", { class: "language", title: t(`language.${tag}`) }, tag.toUpperCase());
}

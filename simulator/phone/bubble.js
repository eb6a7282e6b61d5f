// Draws one message.

import { mediaUrl } from "./api.js";
import { el, icon } from "./dom.js";
import { formatted, plain } from "./formatting.js";
import { controls, templateParts } from "./options.js";
import { hour } from "./times.js";
import { say } from "./words.js";

const FILES = new Set(["image", "sticker", "video", "audio", "document", "location"]);

/**
 * @param {any} message
 * @param {{find: (id: string) => any, business: string, onMenu: Function, onQuote: Function}} chat
 */
export function bubble(message, chat) {
  const isMine = message.author === "shopper";
  const node = el(
    "article",
    {
      class: `bubble ${isMine ? "mine" : "theirs"} type-${message.type}${hasFile(message) ? " has-file" : ""}`,
      "data-testid": isMine ? "message-out" : "message-in",
      "data-id": message.id,
      "data-status": message.status,
      "aria-label": `${isMine ? say("you") : chat.business}, ${hour(message.at)}`,
    },
    menuButton(message, chat),
  );
  if (message.is_deleted) {
    node.append(el("p", { class: "gone" }, say("deleted")), footing(message, isMine));
    return node;
  }
  if (message.context?.id) node.append(quote(message.context.id, chat));
  node.append(...content(message));
  node.append(footing(message, isMine));
  const options = isMine ? null : controls(message, chat);
  if (options) node.append(options);
  const emoji = Object.values(message.reactions ?? {});
  if (emoji.length) node.append(el("span", { class: "reactions", "data-testid": "reactions" }, emoji.join("")));
  return node;
}

/** Whether there is something to see or hear in a message. */
function hasFile(message) {
  const header = message.content?.header;
  return FILES.has(message.type) || FILES.has(header?.type);
}

/** One line that stands for a message in lists and quotes, without markup. */
export function summary(message) {
  return plain(gist(message)).replace(/\s+/g, " ");
}

function gist(message) {
  const content = message.content ?? {};
  if (message.is_deleted) return say("deleted");
  switch (message.type) {
    case "text":
      return content.body;
    case "interactive":
      return replyTitle(content) ?? content.body?.text ?? "";
    case "template":
      return content.body ?? "";
    case "button":
      return content.text;
    case "image":
    case "video":
      return content.caption || say(message.type);
    case "sticker":
      return say("sticker");
    case "audio":
      return say("voiceNote");
    case "document":
      return content.filename || say("file");
    case "location":
      return content.name || say("location");
    case "contacts":
      return cardName(content[0]);
    case "order":
      return cartTitle(content);
    default:
      return say("unsupported");
  }
}

function content(message) {
  const value = message.content ?? {};
  switch (message.type) {
    case "text":
      return [text(value.body)];
    case "image":
    case "sticker":
    case "video":
    case "audio":
    case "document":
      return media(message.type, value);
    case "interactive":
      return value.body ? interactive(value) : [text(replyTitle(value) ?? ""), ...described(value)];
    case "template":
      return templateParts(value, mediaPart);
    case "button":
      return [text(value.text)];
    case "location":
      return [card("pin", value.name || say("location"), value.address || coordinates(value))];
    case "contacts":
      return value.map((one) => card("person", cardName(one), one.name && one.phones?.[0]?.phone));
    case "order":
      return [card("cart", cartTitle(value), value.text)];
    default:
      return [el("p", { class: "gone" }, say("unsupported"))];
  }
}

function interactive(value) {
  const parts = [];
  if (value.header?.type === "text") parts.push(el("p", { class: "heading" }, value.header.text));
  else if (value.header) parts.push(mediaPart(value.header.type, value.header[value.header.type]));
  parts.push(text(value.body.text));
  if (value.footer) parts.push(el("p", { class: "footer" }, value.footer.text));
  return parts;
}

function media(kind, value) {
  const parts = [mediaPart(kind, value)];
  if (value.caption) parts.push(text(value.caption));
  return parts;
}

function mediaPart(kind, value) {
  const url = value.id ? mediaUrl(value.id) : null;
  if (!url) return card("file", value.filename || say(kind === "document" ? "file" : kind), value.link);
  if (kind === "image" || kind === "sticker") {
    const picture = el("img", { src: url, alt: value.caption || say(kind), class: kind });
    return el("a", { href: url, target: "_blank", rel: "noopener", class: "picture" }, picture);
  }
  if (kind === "video") return el("video", { src: url, controls: true, "aria-label": say("video") });
  if (kind === "audio") return el("audio", { src: url, controls: true, "aria-label": say("voiceNote") });
  return el(
    "a",
    { href: url, target: "_blank", rel: "noopener", class: "card", download: value.filename || "" },
    icon("file"),
    el("span", { class: "card-text" }, el("b", {}, value.filename || say("file"))),
  );
}

function text(body) {
  const node = el("p", { class: "text" });
  node.append(formatted(body));
  return node;
}

function described(value) {
  const description = value.list_reply?.description;
  return description ? [el("p", { class: "footer" }, description)] : [];
}

function replyTitle(value) {
  return value.button_reply?.title ?? value.list_reply?.title ?? value.nfm_reply?.body;
}

function card(shape, title, detail) {
  const lines = el("span", { class: "card-text" }, el("b", {}, title), detail && el("small", {}, detail));
  return el("div", { class: "card" }, icon(shape), lines);
}

function cardName(one) {
  return one?.name?.formatted_name ?? one?.phones?.[0]?.phone ?? say("contactCard");
}

function cartTitle(value) {
  const count = (value.product_items ?? []).reduce((sum, item) => sum + Number(item.quantity ?? 1), 0);
  return say(count === 1 ? "cartOf" : "cartOfMany", { count });
}

function coordinates(value) {
  return `${Number(value.latitude).toFixed(4)}, ${Number(value.longitude).toFixed(4)}`;
}

function quote(id, chat) {
  const quoted = chat.find(id);
  if (!quoted) return el("div", { class: "quote" }, "…");
  const name = quoted.author === "shopper" ? say("you") : chat.business;
  return el(
    "button",
    { type: "button", class: "quote", on: { click: () => chat.onQuote(id) } },
    el("b", {}, name),
    el("span", {}, summary(quoted)),
  );
}

function footing(message, isMine) {
  const line = el("span", { class: "footing" });
  if (message.is_edited) line.append(`${say("edited")} · `);
  if (message.type === "template") line.append(`${say("template")} · `);
  line.append(el("time", { datetime: new Date(message.at * 1000).toISOString() }, hour(message.at)));
  if (isMine) {
    const shape = message.status === "sent" ? "tick" : "ticks";
    const label = say(message.status);
    const ticks = el("span", { class: `ticks is-${message.status}`, role: "img", "aria-label": label, title: label });
    ticks.append(icon(shape));
    line.append(ticks);
  }
  return line;
}

function menuButton(message, chat) {
  const open = (event) => chat.onMenu(message, event.currentTarget);
  return el(
    "button",
    { type: "button", class: "menu-button", "aria-label": say("actions"), "aria-haspopup": "menu", on: { click: open } },
    icon("more"),
  );
}

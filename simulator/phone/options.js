// The parts of a shop's message that can be pressed.

import { el, icon } from "./dom.js";
import { formatted } from "./formatting.js";
import { say } from "./words.js";

/** Buttons below a message, or null when there is nothing to press. */
export function controls(message, chat) {
  const buttons = message.type === "template" ? ofTemplate(message, chat) : ofInteractive(message, chat);
  return buttons.length ? el("div", { class: "options" }, ...buttons) : null;
}

/** What a template says, above its buttons; `mediaPart` draws a file. */
export function templateParts(value, mediaPart) {
  const parts = [];
  if (typeof value.header === "string") parts.push(el("p", { class: "heading" }, value.header));
  else if (value.header) parts.push(mediaPart(value.header.type, value.header[value.header.type]));
  const body = el("p", { class: "text" });
  body.append(formatted(value.body));
  parts.push(body);
  if (value.footer) parts.push(el("p", { class: "footer" }, value.footer));
  return parts;
}

function ofInteractive(message, chat) {
  const value = message.content ?? {};
  if (message.type !== "interactive") return [];
  const action = value.action ?? {};
  switch (value.type) {
    case "button":
      return action.buttons.map(({ reply }) =>
        option(reply.title, "reply", () =>
          chat.onReply("interactive", { type: "button_reply", button_reply: { id: reply.id, title: reply.title } }, message.id),
        ),
      );
    case "list":
      return [option(action.button, "list", () => chat.onList(message), { "data-testid": "open-list" })];
    case "cta_url":
      return [linkOption(action.parameters.display_text, action.parameters.url)];
    case "location_request_message":
      return [option(say("shareLocation"), "pin", () => chat.onLocation(message.id))];
    case "request_contact_info":
      return [option(say("shareContact"), "person", () => chat.onContact(message.id))];
    default:
      return [];
  }
}

function ofTemplate(message, chat) {
  return (message.content.buttons ?? []).map((button) => {
    if (button.url) return linkOption(button.text, button.url);
    return option(button.text, "reply", () =>
      chat.onReply("button", { payload: button.payload ?? button.text, text: button.text }, message.id),
    );
  });
}

function option(label, shape, onClick, attributes = {}) {
  return el(
    "button",
    { type: "button", class: "option", "data-testid": "option-button", on: { click: onClick }, ...attributes },
    icon(shape),
    label,
  );
}

function linkOption(label, url) {
  return el(
    "a",
    { class: "option", "data-testid": "option-button", href: url, target: "_blank", rel: "noopener noreferrer" },
    icon("link"),
    label,
  );
}

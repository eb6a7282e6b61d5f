// The open conversation: header, bubbles, what people do with them.

import * as api from "./api.js";
import { bubble } from "./bubble.js";
import { composer } from "./composer.js";
import { el, iconButton } from "./dom.js";
import { messageMenu } from "./menu.js";
import { chooseLocation, chooseRow } from "./sheets.js";
import { day } from "./times.js";
import { say } from "./words.js";

const LONG_PRESS = 450;

/** @param {{shopper: any, business: string, draft?: string, onBack: () => void, onTrouble: (message: string) => void}} given */
export function openChat({ shopper, business, draft, onBack, onTrouble }) {
  const key = shopper.key;
  const messages = new Map();
  // What came in while the whole chat was being fetched; it is newer than what was fetched.
  const recent = new Map();
  const thread = el("div", { class: "thread", role: "log", "aria-live": "polite", tabindex: "0" });
  const presence = el("small", { class: "presence" }, say("on", { name: shopper.name }));
  const typing = el("div", { class: "typing", hidden: true, "data-testid": "typing", "aria-label": say("typing") }, el("i"), el("i"), el("i"));
  let typingTimer = 0;
  let isPinned = true;
  let lastTop = 0;
  let loads = 0;

  const attempt = async (act) => {
    try {
      return await act();
    } catch {
      onTrouble(say("failed"));
      return null;
    }
  };
  const send = (type, content, replyTo) => attempt(() => api.send(key, type, content, replyTo));

  const contactCard = () => {
    const phone = shopper.number;
    const phones = phone ? [{ phone: `+${phone}`, wa_id: phone, type: "CELL" }] : [];
    return { name: { formatted_name: shopper.name }, phones };
  };
  const face = {
    business,
    find: (id) => messages.get(id),
    onReply: send,
    onList: (message) => chooseRow(message.content, (row) => {
      const reply = { id: row.id, title: row.title };
      if (row.description) reply.description = row.description;
      send("interactive", { type: "list_reply", list_reply: reply }, message.id);
    }),
    onLocation: (replyTo) => chooseLocation((place) => send("location", place, replyTo)),
    onContact: (replyTo) => {
      // A number asked for comes back without the name, marked as asked for.
      const { phones } = contactCard();
      send("contacts", [{ origin: "contact_request", phones }], replyTo);
    },
    onQuote: (id) => {
      const node = nodeOf(id);
      node?.scrollIntoView({ block: "center" });
      node?.animate([{ filter: "brightness(.85)" }, { filter: "none" }], 900);
    },
    onMenu: (message, anchor) => messageMenu(message, anchor, {
      onReply: () => line.quote(message),
      onEdit: () => line.edit(message),
      onRemove: () => send("revoke", { original_message_id: message.id }),
      onReact: (emoji) => send("reaction", emoji ? { message_id: message.id, emoji } : { message_id: message.id }),
    }),
  };

  const line = composer({
    send,
    sendFile: (file, options) => attempt(() => api.sendFile(key, file, options)),
    sendSample: () => attempt(() => api.voiceSample(key)),
    onLocation: () => chooseLocation((place) => send("location", place)),
    sendContact: () => send("contacts", [contactCard()]),
    onTrouble,
  }, draft);

  const node = el(
    "section",
    { class: "chat", "aria-label": business },
    el(
      "header",
      { class: "chat-head" },
      iconButton("back", say("back"), onBack, { class: "icon back" }),
      el("span", { class: "avatar shop", "aria-hidden": "true" }, business.slice(0, 1)),
      el("span", { class: "who" }, el("b", {}, business), presence),
      iconButton("photo", say("mediaOnly"), toggleMedia, { "data-testid": "media-only", "aria-pressed": "false" }),
    ),
    thread,
    line.node,
  );
  thread.addEventListener("scroll", () => {
    // Growing content fires this too: only going up means that somebody reads further back.
    isPinned = isAtEnd() || (isPinned && thread.scrollTop >= lastTop);
    lastTop = thread.scrollTop;
  });
  // Pictures take their height after they have loaded ("load" does not bubble).
  thread.addEventListener("load", () => isPinned && scrollToEnd(), true);
  watchLongPress(thread, (id) => face.onMenu(messages.get(id), nodeOf(id)));
  watchDrops(node, line.take);

  function toggleMedia(event) {
    const isOn = thread.classList.toggle("only-media");
    event.currentTarget.setAttribute("aria-pressed", String(isOn));
    scrollToEnd();
  }

  function nodeOf(id) {
    return thread.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  function isAtEnd() {
    return thread.scrollHeight - thread.scrollTop - thread.clientHeight < 120;
  }

  function scrollToEnd() {
    isPinned = true;
    thread.scrollTop = thread.scrollHeight;
  }

  function markRead() {
    if (document.visibilityState === "visible") api.markRead(key).catch(() => {});
  }

  async function load() {
    const mine = ++loads;
    recent.clear();
    const fetched = (await api.messages(key)).messages;
    if (mine !== loads) return; // asked for once more meanwhile, and what came before that is gone
    const whole = new Map(fetched.map((message) => [message.id, message]));
    for (const [id, message] of recent) whole.set(id, message);
    draw([...whole.values()]);
  }

  function draw(all) {
    messages.clear();
    thread.replaceChildren();
    for (const message of all) place(message);
    thread.append(typing);
    if (all.length === 0) thread.prepend(el("p", { class: "empty" }, say("empty")));
    requestAnimationFrame(scrollToEnd);
    markRead();
  }

  function place(message) {
    const drawn = bubble(message, face);
    const before = nodeOf(message.id);
    if (before) {
      messages.set(message.id, message);
      before.replaceWith(drawn);
      return;
    }
    const last = [...messages.values()].at(-1);
    messages.set(message.id, message);
    thread.querySelector(".empty")?.remove();
    if (!last || day(last.at) !== day(message.at)) {
      insert(el("p", { class: "day" }, el("span", {}, day(message.at))));
    }
    insert(drawn);
  }

  function insert(child) {
    thread.insertBefore(child, typing.parentNode === thread ? typing : null);
  }

  function show(message) {
    const stays = isAtEnd() || message.author === "shopper";
    const isNew = !messages.has(message.id);
    recent.set(message.id, message);
    place(message);
    if (isNew && message.author === "business") {
      showTyping(0);
      markRead();
    }
    if (isNew && stays) scrollToEnd();
  }

  function showTyping(seconds) {
    clearTimeout(typingTimer);
    const stays = isAtEnd();
    typing.hidden = seconds === 0;
    presence.textContent = seconds ? say("typing") : say("on", { name: shopper.name });
    if (seconds) typingTimer = setTimeout(() => showTyping(0), seconds * 1000);
    if (stays) scrollToEnd();
  }

  return { node, key, load, show, showTyping, markRead, focus: line.focus, draft: line.draft };
}

function watchLongPress(thread, onPress) {
  let timer = 0;
  thread.addEventListener("pointerdown", (event) => {
    const pressed = event.target.closest("[data-id]");
    if (event.pointerType === "mouse" || !pressed) return;
    timer = setTimeout(() => onPress(pressed.dataset.id), LONG_PRESS);
  });
  for (const end of ["pointerup", "pointercancel", "pointermove", "scroll"]) {
    thread.addEventListener(end, () => clearTimeout(timer));
  }
}

function watchDrops(node, take) {
  node.addEventListener("dragover", (event) => event.preventDefault());
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer?.files[0]) take(event.dataTransfer.files[0]);
  });
}

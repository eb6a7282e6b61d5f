// The line people write in: text, files, voice, and what they answer to.

import { summary } from "./bubble.js";
import { el, icon, iconButton } from "./dom.js";
import { popup } from "./menu.js";
import { recorder } from "./voice.js";
import { say } from "./words.js";

const CART = {
  catalog_id: "1948",
  text: "",
  product_items: [
    { product_retailer_id: "TN-BRISA-38", quantity: 1, item_price: 299.9, currency: "BRL" },
    { product_retailer_id: "MEIA-3P", quantity: 2, item_price: 39.9, currency: "BRL" },
  ],
};

export function composer(chat, draft = "") {
  const state = /** @type {{replyTo: any, editing: any, file: File|null, preview: string|null}} */ ({ replyTo: null, editing: null, file: null, preview: null });
  const field = el("textarea", {
    rows: "1",
    maxlength: "4096",
    placeholder: say("message"),
    "aria-label": say("message"),
    "data-testid": "composer",
    on: { input: fit, keydown: onKey, paste: onPaste },
  });
  const above = el("div", { class: "above" });
  const photo = fileInput("image/*,video/mp4", "file-photo");
  const document_ = fileInput("", "file-document");
  const row = el(
    "div",
    { class: "line" },
    iconButton("clip", say("attach"), (event) => openAttachments(event.currentTarget), { "aria-haspopup": "menu", "data-testid": "attach" }),
    field,
    iconButton("mic", say("voice"), record, { "data-testid": "voice" }),
    iconButton("send", say("send"), submit, { class: "icon send", "data-testid": "send" }),
  );
  const node = el("footer", { class: "composer" }, above, row, photo, document_);

  function fileInput(accept, name) {
    const input = el("input", {
      type: "file",
      accept,
      hidden: true,
      "data-testid": name,
      "aria-label": say("attach"),
      on: { change: () => input.files?.[0] && take(input.files[0]) },
    });
    return input;
  }

  function fit() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 140)}px`;
  }

  function onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape") {
      reset({ keepText: !state.editing });
    }
  }

  function onPaste(event) {
    const file = event.clipboardData?.files[0];
    if (file) {
      event.preventDefault();
      take(file);
    }
  }

  async function submit() {
    const text = field.value.trim();
    const { replyTo, editing, file } = state;
    if (!text && !file) return;
    reset({});
    if (file) {
      await chat.sendFile(file, { caption: text, replyTo });
    } else if (editing) {
      const message = { context: { id: "M0" }, type: "text", text: { body: text } };
      await chat.send("edit", { original_message_id: editing, message });
    } else {
      await chat.send("text", { body: text }, replyTo);
    }
  }

  function reset({ keepText = false }) {
    if (state.preview) URL.revokeObjectURL(state.preview);
    Object.assign(state, { replyTo: null, editing: null, file: null, preview: null });
    if (!keepText) field.value = "";
    field.placeholder = say("message");
    photo.value = document_.value = "";
    above.replaceChildren();
    fit();
    field.focus();
  }

  function showAbove(...parts) {
    const cancel = iconButton("close", say("cancel"), () => reset({ keepText: !state.editing }));
    above.replaceChildren(el("div", { class: "note" }, ...parts, cancel));
  }

  function quote(message) {
    reset({ keepText: true });
    state.replyTo = message.id;
    showAbove(el("span", { class: "note-text" }, el("b", {}, say("reply")), el("span", {}, summary(message))));
  }

  function edit(message) {
    reset({});
    state.editing = message.id;
    field.value = message.content.body;
    fit();
    showAbove(el("span", { class: "note-text" }, el("b", {}, say("editing"))));
  }

  function take(file) {
    const { replyTo } = state;
    reset({ keepText: true });
    state.replyTo = replyTo;
    state.file = file;
    field.placeholder = say("caption");
    let sight = /** @type {Element} */ (icon("file"));
    if (file.type.startsWith("image/")) {
      state.preview = URL.createObjectURL(file);
      sight = el("img", { src: state.preview, alt: "" });
    }
    const size = `${Math.max(1, Math.round(file.size / 1024))} KB`;
    showAbove(sight, el("span", { class: "note-text", "data-testid": "preview" }, el("b", {}, file.name), el("small", {}, size)));
  }

  function openAttachments(anchor) {
    popup(anchor, [
      { label: say("photo"), shape: "photo", act: () => photo.click() },
      { label: say("document"), shape: "file", act: () => document_.click() },
      { label: say("location"), shape: "pin", act: chat.onLocation },
      { label: say("contactCard"), shape: "person", act: chat.sendContact },
      { label: say("cart"), shape: "cart", act: () => chat.send("order", CART) },
      { label: say("poll"), shape: "poll", act: () => chat.send("unsupported", { type: "poll_creation" }) },
    ]);
  }

  async function record() {
    const recording = await recorder();
    if (!recording) {
      chat.onTrouble(say("noMic"));
      await chat.sendSample();
      return;
    }
    const finish = async (isKept) => {
      const file = await recording.stop();
      above.replaceChildren();
      if (isKept) await chat.sendFile(file, { isVoice: true });
    };
    above.replaceChildren(
      el(
        "div",
        { class: "note recording", role: "status" },
        icon("mic"),
        el("span", { class: "note-text" }, say("recording")),
        iconButton("close", say("cancel"), () => finish(false)),
        iconButton("send", say("send"), () => finish(true), { class: "icon send" }),
      ),
    );
  }

  field.value = draft;
  return { node, quote, edit, take, draft: () => field.value, focus: () => field.focus({ preventScroll: true }) };
}

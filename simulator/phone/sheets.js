// Dialogs: list rows, places, and a new shopper.

import * as api from "./api.js";
import { el, icon, iconButton } from "./dom.js";
import { language, say } from "./words.js";

const PLACES = [
  { latitude: -23.5614, longitude: -46.6559, name: "Av. Paulista", address: "Av. Paulista, 900, São Paulo" },
  { latitude: -30.0346, longitude: -51.2177, name: "Centro Histórico", address: "Rua dos Andradas, 1001, Porto Alegre" },
  { latitude: -22.9711, longitude: -43.1822, name: "Copacabana", address: "Av. Atlântica, 1702, Rio de Janeiro" },
  { latitude: 51.5136, longitude: -0.1365, name: "Soho", address: "27 Berwick Street, London" },
];

/** Opens a dialog with a title; returns it and a way to close it. */
export function sheet(title, ...children) {
  const dialog = el("dialog", { class: "sheet", "aria-label": title });
  const close = () => dialog.close();
  dialog.append(
    el("header", {}, el("h2", {}, title), iconButton("close", say("close"), close)),
    el("div", { class: "sheet-body" }, ...children),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, close };
}

/** Lets the shopper pick a row of a list message. */
export function chooseRow(content, onChosen) {
  const groups = content.action.sections.map((section) =>
    el(
      "section",
      {},
      section.title && el("h3", {}, section.title),
      ...section.rows.map((row) => {
        const choose = () => {
          opened.close();
          onChosen(row);
        };
        return el(
          "button",
          { type: "button", class: "row", "data-testid": "list-row", "data-row": row.id, on: { click: choose } },
          el("span", { class: "row-text" }, el("b", {}, row.title), row.description && el("small", {}, row.description)),
          el("i", { class: "radio" }),
        );
      }),
    ),
  );
  const opened = sheet(content.action.button || say("choose"), ...groups);
}

export function chooseLocation(onChosen) {
  const rows = PLACES.map((place) => {
    const choose = () => {
      opened.close();
      onChosen(place);
    };
    return el(
      "button",
      { type: "button", class: "row", "data-testid": "place", on: { click: choose } },
      icon("pin"),
      el("span", { class: "row-text" }, el("b", {}, place.name), el("small", {}, place.address)),
    );
  });
  const opened = sheet(say("whereFrom"), ...rows);
}

export function newShopper(onMade) {
  const name = el("input", { name: "name", required: true, maxlength: "100", autocomplete: "off" });
  const number = el("input", { name: "number", inputmode: "tel", autocomplete: "off" });
  const username = el("input", { name: "username", maxlength: "35", autocomplete: "off" });
  const writes = el(
    "select",
    { name: "language" },
    el("option", { value: "pt", selected: language() === "pt" }, "Português"),
    el("option", { value: "en", selected: language() === "en" }, "English"),
  );
  const wrong = el("p", { class: "wrong", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    try {
      const made = await api.newShopper({
        name: name.value,
        number: number.value.trim() || null,
        username: username.value.trim() || null,
        language: writes.value,
      });
      opened.close();
      onMade(made.key);
    } catch (error) {
      wrong.textContent = say(error.status === 409 ? "numberTaken" : error.status === 422 ? "numberWrong" : "failed");
    }
  };
  const form = el(
    "form",
    { class: "fields", "data-testid": "new-shopper-form", on: { submit } },
    el("label", {}, say("name"), name),
    el("label", {}, say("number"), number, el("small", {}, say("numberHint"))),
    el("label", {}, say("username"), username),
    el("label", {}, say("writesIn"), writes),
    wrong,
    el("button", { class: "primary" }, say("create")),
  );
  const opened = sheet(say("newShopper"), form);
  name.focus();
}

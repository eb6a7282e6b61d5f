// The demo shop's screen: the bar on top, and which page stands below it.

import { showCatalogue } from "./catalogue.js";
import { h } from "./dom.js";
import { faultBar } from "./faults.js";
import { showOrders } from "./orders.js";
import { currentLanguage, loadWords, speak, t } from "./words.js";

const top = document.getElementById("top");
const page = document.getElementById("page");

function where() {
  const [name = "orders", detail = ""] = location.hash.replace(/^#\/?/, "").split("/");
  return { name: name === "catalogue" ? name : "orders", detail: decodeURIComponent(detail) };
}

function drawTop() {
  const { name } = where();
  const focused = top.contains(document.activeElement) ? document.activeElement.dataset.testid : "";
  const tab = (key) =>
    h(
      "a",
      { href: `#/${key}`, "aria-current": name === key ? "page" : null, "data-testid": `tab-${key}` },
      t(`nav.${key}`),
    );
  top.replaceChildren(
    h(
      "div",
      { class: "brand" },
      h("img", { src: "/shop/static/icon.svg", alt: "", width: 30, height: 30 }),
      h("span", {}, h("strong", {}, "Passo Firme"), h("small", {}, t("tagline"))),
    ),
    h("nav", {}, tab("orders"), tab("catalogue")),
    faultBar(),
    h(
      "div",
      { class: "right" },
      h("div", { class: "pair", role: "group", "aria-label": t("language") },
        languageButton("pt-BR", "PT"), languageButton("en", "EN")),
      h("a", { class: "phone", href: "/phone", title: t("nav.phone.hint"), "data-testid": "link-phone" },
        t("nav.phone")),
    ),
  );
  if (focused) top.querySelector(`[data-testid="${focused}"]`)?.focus();
}

function languageButton(language, label) {
  const choose = async () => {
    await speak(language);
    draw();
  };
  return h(
    "button",
    {
      type: "button",
      lang: language,
      onclick: choose,
      "aria-pressed": String(currentLanguage() === language),
      "data-testid": `language-${language}`,
    },
    label,
  );
}

function draw() {
  drawTop();
  const { name, detail } = where();
  page.classList.toggle("catalogue", name === "catalogue");
  page.classList.toggle("orders", name === "orders");
  if (name === "catalogue") showCatalogue(page, detail);
  else showOrders(page, detail);
}

addEventListener("hashchange", draw);
await loadWords();
draw();

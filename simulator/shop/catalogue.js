// The catalogue: every product with its colours, sizes and two prices.

import { h, notice, picture } from "./dom.js";
import { readProducts } from "./client.js";
import { dataLanguage, money, t } from "./words.js";

let stock;
let shelf = "";

/** Fills the page with the products, and brings the one with this SKU into view. */
export async function showCatalogue(page, sku) {
  try {
    stock ??= await readProducts();
  } catch {
    notice(t("error"), true);
    return;
  }
  if (sku) shelf = "";
  const shown = stock.products.filter((product) => !shelf || product.kind === shelf);
  page.replaceChildren(
    h("header", { class: "shelves" },
      h("h1", {}, t("catalogue.title")),
      h("span", { class: "count", "data-testid": "product-count" }, t("catalogue.count", { n: shown.length })),
      h("div", { class: "filters" }, chip(page, "", t("catalogue.all")), shelfChips(page))),
    h("div", { class: "products" }, shown.map((product) => cardOf(product, sku))),
  );
  if (sku) document.getElementById(`product-${sku}`)?.scrollIntoView({ block: "center" });
}

function shelfChips(page) {
  return Object.entries(stock.kinds).map(([key, kind]) => chip(page, key, kind[dataLanguage()]));
}

function chip(page, key, label) {
  const choose = () => {
    shelf = key;
    showCatalogue(page, "");
  };
  return h(
    "button",
    { type: "button", class: "chip", onclick: choose, "aria-pressed": String(shelf === key), "data-testid": `shelf-${key || "all"}` },
    label,
  );
}

function cardOf(product, sku) {
  const mine = dataLanguage();
  const other = mine === "pt" ? "en" : "pt";
  const image = picture(product.picture, product.colors[0].hex);
  return h(
    "article",
    {
      class: product.sku === sku ? "product chosen" : "product",
      id: `product-${product.sku}`,
      "data-testid": "product",
      "data-sku": product.sku,
    },
    h("div", { class: "tile" }, image),
    h("h2", {}, product.name[mine]),
    h("p", { class: "other", lang: other }, product.name[other]),
    h("p", { class: "prices" },
      h("b", {}, money({ amount: product.prices.BRL, currency: "BRL" })),
      h("span", {}, money({ amount: product.prices.USD, currency: "USD" }))),
    h("div", { class: "swatches" }, product.colors.map((color) => swatch(product, color, image))),
    h("footer", {},
      h("small", {}, sizes(product.sizes)),
      h("button", { type: "button", class: "quiet", onclick: () => copyLink(product) }, t("catalogue.link"))),
  );
}

function swatch(product, color, image) {
  const mine = dataLanguage();
  const label = t("catalogue.color", { name: product.name[mine], color: color[mine] });
  const paint = () => {
    image.style.color = color.hex;
  };
  const dot = h("button", { type: "button", class: "swatch", title: color[mine], "aria-label": label, onclick: paint });
  dot.style.backgroundColor = color.hex;
  return dot;
}

function sizes(all) {
  if (all.length === 1) return t("catalogue.onesize");
  if (all.length < 5) return t("catalogue.sizes", { sizes: all.join(" ") });
  return t("catalogue.sizes", { sizes: `${all[0]}–${all[all.length - 1]}` });
}

async function copyLink(product) {
  try {
    await navigator.clipboard.writeText(product.url);
    notice(t("catalogue.copied", { name: product.name[dataLanguage()] }));
  } catch {
    notice(product.url);
  }
}

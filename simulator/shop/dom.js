// Builds elements; text only ever becomes text.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes, listeners (`onclick`) and children; null children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A product's silhouette in its colour. */
export function picture(name, tint) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "picture");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/shop/static/pictures.svg#${name}`);
  svg.append(use);
  // Through the object model: an attribute would fall under the style policy of the page.
  svg.style.color = tint;
  return svg;
}

let fading;

/** Says something that happened, for a few seconds. */
export function notice(text, isError = false) {
  const box = document.getElementById("notice");
  box.textContent = text;
  box.className = isError ? "shown error" : "shown";
  clearTimeout(fading);
  fading = setTimeout(() => {
    box.className = "";
  }, 4000);
}

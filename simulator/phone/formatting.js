// Turns the messenger's own markup into elements: *bold* _italic_ ~struck~ `code` and links.

import { el } from "./dom.js";

const LINK = /(https?:\/\/[^\s<>"]+)/;
const MARKS = { "*": "strong", _: "em", "~": "s" };
const MARKED = /(^|[\s.,;:!?()[\]"'“”*_~-])([*_~])(?=\S)([^\n]*?\S)\2(?=$|[\s.,;:!?()[\]"'“”*_~-])/;
const CODE = /```([\s\S]+?)```|`([^`\n]+)`/;

/** @param {string} text @returns {DocumentFragment} */
export function formatted(text) {
  const result = document.createDocumentFragment();
  let rest = String(text ?? "");
  for (let found = CODE.exec(rest); found; found = CODE.exec(rest)) {
    appendLinked(result, rest.slice(0, found.index));
    result.append(el("code", {}, found[1] ?? found[2]));
    rest = rest.slice(found.index + found[0].length);
  }
  appendLinked(result, rest);
  return result;
}

/** The same text without its markup. @param {string} text */
export function plain(text) {
  return formatted(text).textContent ?? "";
}

function appendLinked(parent, text) {
  text.split(LINK).forEach((part, index) => {
    if (index % 2 === 0) {
      appendMarked(parent, part);
      return;
    }
    const url = part.replace(/[.,;:!?)\]]+$/, "");
    parent.append(
      el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url),
      part.slice(url.length),
    );
  });
}

function appendMarked(parent, text) {
  const found = MARKED.exec(text);
  if (!found) {
    if (text) parent.append(text);
    return;
  }
  const [whole, before, mark, inner] = found;
  parent.append(text.slice(0, found.index) + before);
  const node = el(MARKS[mark]);
  appendMarked(node, inner);
  parent.append(node);
  appendMarked(parent, text.slice(found.index + whole.length));
}

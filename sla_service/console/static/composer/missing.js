// What a ready reply lacks: marked where it stands, named below, and filled in with a click.

import { useEffect, useRef } from "preact/hooks";

import { html } from "../html.js";
import { Icon } from "../parts/icon.js";
import { beside, chooseOrder, lookUpOrders } from "../store/orders.js";
import { named, t } from "../words.js";
import { filledWith, missingIn, ORDER, pieces, placeIn } from "./ready.js";

const MOST = 6;

/** Marks behind the words of a box, which has no marks of its own. @param {{text: string, box: import("preact").RefObject<HTMLTextAreaElement|null>}} props */
export function Marks({ text, box }) {
  const place = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    const node = box.current;
    const follow = () => place.current?.scrollTo(0, node?.scrollTop ?? 0);
    follow();
    node?.addEventListener("scroll", follow);
    return () => node?.removeEventListener("scroll", follow);
  }, [text]);
  return html`<div class="marks" ref=${place} aria-hidden="true">
    ${pieces(text).map(({ words, isMissing }, at) => (isMissing ? html`<mark key=${at}>${words}</mark>` : words))}${"\n"}
  </div>`;
}

/** Names what is missing; an order is picked, all else is written. @param {{id: number, text: string, write: (words: string) => void, box: import("preact").RefObject<HTMLTextAreaElement|null>}} props */
export function Missing({ id, text, write, box }) {
  const names = missingIn(text);
  const isOrderMissing = names.includes(ORDER);
  useEffect(() => void (isOrderMissing && lookUpOrders(id)), [id, isOrderMissing]);
  if (!names.length) return null;
  const orders = isOrderMissing && beside.value.id === id ? beside.value.numbers.slice(0, MOST) : [];
  const pick = (number) => {
    chooseOrder(number);
    write(filledWith(text, ORDER, number));
    box.current?.focus();
  };
  return html`<div class="missing" role="status" data-testid="missing">
    <${Icon} name="alert" />
    <span>${t("composer.missing")}</span>
    ${names.map((name) => html`<button type="button" class="link" key=${name} onClick=${() => point(box.current, name)}>${named("placeholder", name)}</button>`)}
    ${orders.length > 0 &&
    html`<span class="choices">
      ${orders.map((number) => html`<button type="button" key=${number} aria-label=${t("composer.useOrder", { number })} onClick=${() => pick(number)}>#${number}</button>`)}
    </span>`}
  </div>`;
}

/** Selects the first place that is missing, so that what is typed stands there. @param {HTMLTextAreaElement|null} node @param {string} [name] */
export function point(node, name) {
  const place = node && placeIn(node.value, name);
  if (!place) return;
  node.focus();
  node.setSelectionRange(...place);
}

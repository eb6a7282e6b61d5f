// Controls of every screen: dialogs, menus, fields, and what shows while there is nothing to show.

import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";

import { classes, html } from "../html.js";
import { t } from "../words.js";
import { Icon } from "./icon.js";

/** A modal dialog. @param {{title: string, onClose: () => void, children: any, wide?: boolean, kind?: string}} props */
export function Dialog({ title, onClose, children, wide, kind }) {
  const place = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const id = useId();
  useEffect(() => {
    const node = place.current;
    const before = document.activeElement;
    node?.showModal();
    return () => {
      node?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const leave = (event) => event.target === place.current && onClose();
  return html`<dialog
    ref=${place}
    class=${classes("dialog", wide && "wide", kind)}
    aria-labelledby=${id}
    onCancel=${(event) => (event.preventDefault(), onClose())}
    onMouseDown=${leave}
  >
    <header>
      <h2 id=${id}>${title}</h2>
      <button type="button" class="quiet square" aria-label=${t("app.close")} onClick=${onClose}>
        <${Icon} name="close" />
      </button>
    </header>
    ${children}
  </dialog>`;
}

/**
 * A button with a menu below it.
 * @param {{label: string, icon?: string, text?: any, items: {id: string, label: string, icon?: string, keys?: string, isOn?: boolean, run: () => void}[], class?: string, testid?: string, children?: any}} props
 */
export function Menu({ label, icon, text, items, class: name, testid, children }) {
  const id = useId();
  const list = useRef(/** @type {HTMLElement|null} */ (null));
  const button = useRef(/** @type {HTMLElement|null} */ (null));
  const onToggle = (event) => {
    if (event.newState !== "open") return;
    stand(list.current, button.current);
    list.current?.querySelector("button")?.focus();
  };
  const onKeyDown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...(list.current?.querySelectorAll("button") ?? [])];
    all.at((all.indexOf(/** @type {any} */ (document.activeElement)) + step) % all.length)?.focus();
  };
  return html`<button
      type="button"
      ref=${button}
      class=${name ?? "quiet square"}
      popovertarget=${id}
      aria-haspopup="menu"
      aria-label=${label}
      title=${label}
      data-testid=${testid}
    >
      ${icon && html`<${Icon} name=${icon} />`}${text}${children}
    </button>
    <div id=${id} ref=${list} popover="auto" class="menu" role="menu" aria-label=${label} onToggle=${onToggle} onKeyDown=${onKeyDown}>
      ${items.map(
        (item) => html`<button
          type="button"
          key=${item.id}
          role=${item.isOn === undefined ? "menuitem" : "menuitemradio"}
          aria-checked=${item.isOn}
          onClick=${() => (list.current?.hidePopover(), item.run())}
        >
          <${Icon} name=${item.isOn ? "check" : (item.icon ?? "none")} /><span>${item.label}</span>${item.keys &&
          html`<kbd>${item.keys}</kbd>`}
        </button>`,
      )}
    </div>`;
}

/** Puts a popover where its button is, within the window. */
function stand(node, button) {
  if (!node || !button) return;
  const place = button.getBoundingClientRect();
  const below = innerHeight - place.bottom > node.offsetHeight + 12;
  const top = below ? place.bottom + 4 : Math.max(8, place.top - node.offsetHeight - 4);
  const left = Math.min(Math.max(8, place.left), innerWidth - node.offsetWidth - 8);
  node.style.top = `${top}px`;
  node.style.left = `${left}px`;
}

/** A control with its name and what to know about it. @param {{label: string, hint?: string, problem?: string, children: (id: string) => any}} props */
export function Field({ label, hint, problem, children }) {
  const id = useId();
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${children(id)} ${hint && html`<p class="field-hint">${hint}</p>`} ${problem && html`<p class="problem" role="alert">${problem}</p>`}
  </div>`;
}

/** @param {{label: string, value: any, onInput: (value: string) => void, hint?: string, type?: string, [more: string]: any}} props */
export const TextField = ({ label, value, onInput, hint, type = "text", ...more }) =>
  html`<${Field} label=${label} hint=${hint}
    >${(id) =>
      html`<input id=${id} type=${type} value=${value} onInput=${(event) => onInput(event.currentTarget.value)} ...${more} />`}<//
  >`;

/** @param {{label: string, value: any, onChange: (value: string) => void, options: [string, string][], hint?: string}} props */
export const SelectField = ({ label, value, onChange, options, hint }) =>
  html`<${Field} label=${label} hint=${hint}
    >${(id) =>
      html`<select id=${id} value=${value} onChange=${(event) => onChange(event.currentTarget.value)}>
        ${options.map(([key, name]) => html`<option key=${key} value=${key} selected=${key === value}>${name}</option>`)}
      </select>`}<//
  >`;

/** A few words where there is nothing else, with a way on. @param {{icon?: string, title: string, text?: string, children?: any}} props */
export const Blank = ({ icon, title, text, children }) =>
  html`<div class="blank">
    ${icon && html`<span class="blank-icon"><${Icon} name=${icon} /></span>`}
    <p class="blank-title">${title}</p>
    ${text && html`<p>${text}</p>`} ${children}
  </div>`;

/** Lines that hold the place of what is coming. @param {{lines?: number}} props */
export const Skeleton = ({ lines = 3 }) =>
  html`<div class="skeleton" aria-hidden="true">${Array.from({ length: lines }, (_, at) => html`<i key=${at} />`)}</div>`;

/** Calls `act` when a size changes. @param {import("preact").RefObject<HTMLElement|null>} place @param {(height: number) => void} act */
export function useHeight(place, act) {
  useLayoutEffect(() => {
    const node = place.current;
    if (!node) return undefined;
    const watch = new ResizeObserver(() => act(node.clientHeight));
    watch.observe(node);
    act(node.clientHeight);
    return () => watch.disconnect();
  }, []);
}

// What every part of the reports stands in, and how what was asked for comes in.

import { Refused } from "../api.js";
import { html } from "../html.js";
import { reasonOf } from "../store/toasts.js";
import { language } from "../words.js";

/** @param {{title: string, children?: any}} props */
export const Panel = ({ title, children }) => html`<section class="card panel"><h3>${title}</h3>${children}</section>`;

/** "21 de nov." @param {string} day */
export const shortDay = (day) => new Intl.DateTimeFormat(language.value, { day: "numeric", month: "short" }).format(new Date(`${day}T12:00:00`));

/**
 * Hands on what was asked for; what nobody waits for any more is dropped, and a refusal is told.
 * @param {Promise<any>} asked @param {import("@preact/signals").Signal<string>} failed @param {(found: any) => void} use
 */
export async function unlessOver(asked, failed, use) {
  try {
    use(await asked);
    failed.value = "";
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Refused)) throw error;
    failed.value = reasonOf(error);
  }
}

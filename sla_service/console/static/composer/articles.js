// Articles that answer what everybody asks: searched while one writes, and put into the reply.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { get, Refused } from "../api.js";
import { html } from "../html.js";
import { Dialog } from "../parts/controls.js";
import { steered } from "../parts/steering.js";
import { draft } from "../store/drafts.js";
import { dialog } from "../store/page.js";
import { reasonOf } from "../store/toasts.js";
import { t } from "../words.js";
import { beginWriting } from "./composer.js";

const PAUSE = 180; // milliseconds between a letter and the search for it
const MOST = 6;

/** @param {{one: any}} props */
export function Articles({ one }) {
  const words = useSignal("");
  const chosen = useSignal(0);
  const { found, failed } = useFound(words.value, one.language?.startsWith("en") ? "en" : "pt");
  const close = () => (dialog.value = null);
  const take = (article, isLinkAlone) => {
    const { text } = draft(one.id);
    const said = isLinkAlone ? article.url : `${article.answer}\n${article.url}`;
    const before = text.peek().trimEnd();
    close();
    requestAnimationFrame(() => beginWriting(one.id, "reply", before ? `${before}\n${said}` : said));
  };
  const pressed = (event) => steered(event, chosen, found, (article) => take(article, event.shiftKey));
  return html`<${Dialog} title=${t("articles.find")} onClose=${close} kind="palette">
    <input
      type="text"
      role="combobox"
      autofocus
      autocomplete="off"
      maxlength="200"
      data-testid="article-search"
      aria-label=${t("articles.find")}
      aria-expanded="true"
      aria-controls="article-list"
      aria-activedescendant=${found.length ? `article-${chosen.value}` : undefined}
      placeholder=${t("articles.hint")}
      onInput=${(event) => ((words.value = event.currentTarget.value), (chosen.value = 0))}
      onKeyDown=${pressed}
    />
    <ul id="article-list" role="listbox" aria-label=${t("articles.find")}>
      ${found.map(
        (article, at) =>
          html`<li key=${article.id} id=${`article-${at}`} role="option" aria-selected=${at === chosen.value} onClick=${(event) => take(article, event.shiftKey)}>
            <span dir="auto"><b>${article.title}</b><br />${article.answer}</span>
          </li>`,
      )}
    </ul>
    <p class="hint" role="status">${failed || (words.value.trim() && !found.length ? t("articles.none") : t("articles.keys"))}</p>
  <//>`;
}

/** What the desk finds for words in a language. @param {string} words @param {string} language @returns {{found: any[], failed: string}} */
function useFound(words, language) {
  const found = useSignal(/** @type {any[]} */ ([]));
  const failed = useSignal("");
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const q = words.trim();
        found.value = q ? await get("/api/knowledge/search", { q, language, limit: MOST }, stop.signal) : [];
        failed.value = "";
      } catch (error) {
        if (error instanceof Refused) failed.value = reasonOf(error);
        else if (error.name !== "AbortError") throw error;
      }
    }, PAUSE);
    return () => (clearTimeout(timer), stop.abort());
  }, [words, language]);
  return { found: found.value, failed: failed.value };
}

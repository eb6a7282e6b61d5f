// Files and places in a message, shown where they stand.

import { useSignal } from "@preact/signals";

import { html } from "../html.js";
import { Dialog } from "../parts/controls.js";
import { Icon } from "../parts/icon.js";
import { has, t } from "../words.js";

const PICTURES = /^image\/(jpeg|png|gif|webp)$/;

/** A file, a place, or whatever else is not words. @param {{message: any}} props */
export function Thing({ message }) {
  const { kind, media, place } = message;
  const source = media?.url ?? null;
  const name = kind === "audio" && media?.voice ? t("kind.voice") : has(`kind.${kind}`) ? t(`kind.${kind}`) : t("kind.unknown");
  const isShown = source && media.shown !== false;
  if (isShown && isPicture(kind, media)) return html`<${Picture} source=${source} name=${media.filename ?? name} />`;
  if (isShown && kind === "audio") {
    return html`<figure class="sound" data-testid="thing">
      <figcaption><${Icon} name="audio" />${name}</figcaption>
      <audio controls preload="none" src=${source}></audio>
    </figure>`;
  }
  if (isShown && kind === "video") {
    return html`<figure class="film" data-testid="thing"
      ><figcaption class="spoken">${name}</figcaption><video controls preload="none" src=${source}></video
    ></figure>`;
  }
  return html`<${Card} kind=${kind} name=${name} media=${media} place=${place} source=${source} />`;
}

/** What was said in a recording, under it. @param {{transcript: {text: string, language: string | null, heard: boolean}}} props */
export const Transcript = ({ transcript: { text, language, heard } }) =>
  html`<p class="transcript" data-testid="transcript">
    <span class="detail">${t(heard ? "message.transcribed" : "message.transcribedUnsure")}</span>
    <q lang=${language ?? undefined} dir="auto">${text}</q>
  </p>`;

const isPicture = (kind, media) => (kind === "image" || kind === "sticker") && (!media.mime_type || PICTURES.test(media.mime_type));

/** Holds its place before it is there, and shows itself whole when asked. */
function Picture({ source, name }) {
  const isOpen = useSignal(false);
  const isGone = useSignal(false);
  if (isGone.value) return html`<${Card} kind="image" name=${t("kind.image")} media=${{ filename: name }} />`;
  return html`<button type="button" class="picture" data-testid="thing" onClick=${() => (isOpen.value = true)}>
      <img src=${source} alt=${t("message.picture", { name })} loading="lazy" decoding="async" onError=${() => (isGone.value = true)} />
    </button>
    ${isOpen.value &&
    html`<${Dialog} title=${name} wide kind="gallery" onClose=${() => (isOpen.value = false)}><img src=${source} alt=${name} /><//>`}`;
}

function Card({ kind, name, media, place, source }) {
  const details = [media?.filename, place?.name, place?.address, coordinates(place), type(kind, media)].filter(Boolean);
  const link = source ?? (isWebAddress(media?.link) ? media.link : map(place));
  const isSaved = link === source && media?.shown === false; // no browser shows it in place
  return html`<div class="thing" data-testid="thing">
    <span class="thing-icon"><${Icon} name=${kind} /></span>
    <span class="thing-words">
      <span class="thing-name">${name}</span>
      ${details.map((detail) => html`<span class="detail" dir="auto">${detail}</span>`)}
    </span>
    ${link && html`<a href=${link} target="_blank" rel="noopener noreferrer"><${Icon} name=${isSaved ? "down" : "external"} />${t(isSaved ? "message.save" : "message.openLink")}</a>`}
  </div>`;
}

const coordinates = (place) => place && !place.name && `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
const map = (place) => place && `https://www.openstreetmap.org/?mlat=${place.latitude}&mlon=${place.longitude}#map=16/${place.latitude}/${place.longitude}`;
const isWebAddress = (link) => /^https?:\/\//i.test(link ?? "");
const type = (kind, media) =>
  kind === "document" && media?.mime_type ? media.mime_type.split("/").at(-1).split(";")[0].toUpperCase() : null;

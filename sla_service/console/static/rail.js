// The rail: where one can go, what waits to be noticed, and who one is here.

import { patch, remove } from "./api.js";
import { html } from "./html.js";
import { Menu } from "./parts/controls.js";
import { Icon } from "./parts/icon.js";
import { Avatar } from "./parts/person.js";
import { counts } from "./store/conversations.js";
import { openNotices, setPresence } from "./store/desk.js";
import { forgetEverything } from "./store/kept.js";
import { dialog, go, may, me, place, theme } from "./store/page.js";
import { complain } from "./store/toasts.js";
import { speak, language, LANGUAGES, t } from "./words.js";

const PAGES = [
  { page: "inbox", hash: "", icon: "inbox", role: "agent" },
  { page: "reports", hash: "reports", icon: "chart", role: "supervisor" },
  { page: "settings", hash: "settings", icon: "settings", role: "agent" },
];
const THEMES = { system: "settings", light: "sun", dark: "moon" };

export function Rail() {
  return html`<header class="rail">
    <img class="mark" src=${new URL("./icon.svg", import.meta.url).pathname} alt="" width="32" height="32" />
    <nav aria-label=${t("nav.title")}>
      ${PAGES.filter((one) => may(one.role)).map((one) => html`<${Way} key=${one.page} ...${one} />`)}
    </nav>
    <span class="rail-space"></span>
    <button type="button" class="rail-button" aria-label=${t("palette.title")} title=${t("nav.withKey", { name: t("palette.title"), key: "Ctrl K" })} onClick=${() => (dialog.value = { kind: "palette" })}>
      <${Icon} name="search" />
    </button>
    <${Bell} />
    <${Me} />
  </header>`;
}

function Way({ page, hash, icon }) {
  const name = t(`nav.${page}`);
  const waits = page === "inbox" ? (counts.value.waiting ?? 0) : 0;
  const lead = (event) => {
    event.preventDefault();
    go(hash);
  };
  return html`<a href=${`#${hash}`} class="rail-button" aria-label=${name} title=${name} aria-current=${place.value.page === page ? "page" : undefined} onClick=${lead}>
    <${Icon} name=${icon} />${waits > 0 && html`<b class="count" aria-label=${t("nav.waiting", { count: waits })}>${waits > 99 ? "99+" : waits}</b>`}
  </a>`;
}

function Bell() {
  const count = openNotices.value.length;
  return html`<button
    type="button"
    class="rail-button"
    data-testid="bell"
    aria-label=${t("notice.bell", { count })}
    title=${t("notice.title")}
    onClick=${() => (dialog.value = { kind: "notices" })}
  >
    <${Icon} name="bell" />${count > 0 && html`<b class="count loud" aria-hidden="true">${count > 99 ? "99+" : count}</b>`}
  </button>`;
}

function Me() {
  const person = me.value;
  if (!person) return null;
  const presences = ["available", "away"].map((presence) => ({
    id: presence,
    label: t(`presence.${presence}`),
    isOn: person.presence === presence,
    run: () => setPresence(presence).catch(complain),
  }));
  const other = LANGUAGES.find((tag) => tag !== language.value) ?? "en";
  const next = { system: "light", light: "dark", dark: "system" }[theme.value] ?? "system";
  const items = [
    ...presences,
    { id: "language", label: t("app.language"), icon: "language", run: () => changeLanguage(other) },
    { id: "theme", label: t(`theme.to.${next}`), icon: THEMES[next], run: () => (theme.value = next) },
    { id: "keys", label: t("keys.title"), icon: "key", keys: "?", run: () => (dialog.value = { kind: "keys" }) },
    { id: "out", label: t("app.signOut"), icon: "external", run: signOut },
  ];
  const label = t("me.menu", { name: person.name, presence: t(`presence.${person.presence}`) });
  return html`<${Menu} label=${label} class="rail-button me" items=${items} testid="me"
    ><${Avatar} name=${person.name || "·"} seed=${person.id ?? 0} small presence=${person.presence}
  /><//>`;
}

async function changeLanguage(tag) {
  await speak(tag);
  if (me.peek()?.id) patch("/api/me", { language: tag.slice(0, 2) }).catch(() => null);
}

async function signOut() {
  try {
    await remove("/api/session");
    forgetEverything();
    location.reload();
  } catch (error) {
    complain(error);
  }
}


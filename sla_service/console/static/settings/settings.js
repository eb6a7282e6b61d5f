// The settings: one screen for each thing that the desk can be told.

import { classes, html } from "../html.js";
import { Icon } from "../parts/icon.js";
import { go, may, place } from "../store/page.js";
import { t } from "../words.js";
import { Account } from "./account.js";
import { Agents } from "./agents.js";
import { ArticlesScreen } from "./articles.js";
import { Audit } from "./audit.js";
import { Canned } from "./canned.js";
import { Hours } from "./hours.js";
import { ApiKeys } from "./keys.js";
import { OrderNotices } from "./order_notices.js";
import { Policies } from "./policies.js";
import { Routing } from "./routing.js";
import { Teams } from "./teams.js";
import { TemplateStates } from "./templates.js";
import { Webhooks } from "./webhooks.js";

const PARTS = [
  { part: "account", icon: "agent", role: "agent", screen: Account },
  { part: "canned", icon: "reply", role: "agent", screen: Canned },
  { part: "articles", icon: "bookmark", role: "supervisor", screen: ArticlesScreen },
  { part: "agents", icon: "people", role: "supervisor", screen: Agents },
  { part: "routing", icon: "route", role: "supervisor", screen: Routing },
  { part: "hours", icon: "calendar", role: "supervisor", screen: Hours },
  { part: "policies", icon: "clock", role: "supervisor", screen: Policies },
  { part: "teams", icon: "bell", role: "supervisor", screen: Teams },
  { part: "order_notices", icon: "box", role: "supervisor", screen: OrderNotices },
  { part: "templates", icon: "template", role: "supervisor", screen: TemplateStates },
  { part: "webhooks", icon: "webhook", role: "admin", screen: Webhooks },
  { part: "keys", icon: "key", role: "admin", screen: ApiKeys },
  { part: "audit", icon: "document", role: "admin", screen: Audit },
];

export function Settings() {
  const allowed = PARTS.filter((one) => may(one.role));
  const chosen = allowed.find((one) => one.part === place.value.part) ?? allowed[0];
  const lead = (part) => (event) => {
    event.preventDefault();
    go(`settings/${part}`);
  };
  return html`<div class="settings">
    <nav class="settings-nav" aria-label=${t("nav.settings")}>
      <h2>${t("nav.settings")}</h2>
      ${allowed.map(
        ({ part, icon }) =>
          html`<a
            key=${part}
            href=${`#settings/${part}`}
            class=${classes(part === chosen.part && "on")}
            aria-current=${part === chosen.part ? "page" : undefined}
            onClick=${lead(part)}
            ><${Icon} name=${icon} />${t(`settings.${part}`)}</a
          >`,
      )}
    </nav>
    <section class="screen" key=${chosen.part} aria-labelledby="screen-title">
      <header class="screen-head">
        <h2 id="screen-title">${t(`settings.${chosen.part}`)}</h2>
        <p>${t(`settings.about.${chosen.part}`)}</p>
      </header>
      <${chosen.screen} />
    </section>
  </div>`;
}

// Puts the page together and keeps it live.

import * as api from "./api.js";
import { busyPanel } from "./busy.js";
import { openChat } from "./chat.js";
import { el } from "./dom.js";
import { phones } from "./phones.js";
import { newShopper } from "./sheets.js";
import { troublePanel } from "./trouble.js";
import { language, say, speak } from "./words.js";

const app = /** @type {HTMLElement} */ (document.getElementById("app"));
const side = el("div", { class: "side" });
const stage = el("main", { class: "stage" });
const banner = el("p", { class: "banner", role: "status", hidden: true });
const toast = el("p", { class: "toast", role: "status", hidden: true });
const world = { business: "", shoppers: /** @type {any[]} */ ([]), isBusy: false };
let chat = /** @type {ReturnType<typeof openChat>|null} */ (null);
let refreshTrouble = /** @type {(() => void)|null} */ (null);
let refreshBusy = /** @type {(() => void)|null} */ (null);
let toastTimer = 0;

function shopperOf(key) {
  return world.shoppers.find((one) => one.key === key);
}

function tell(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), 4000);
}

function drawSide() {
  const active = document.activeElement;
  const focused = active instanceof HTMLElement && side.contains(active) ? active.dataset.testid : null;
  const scrolled = side.querySelector(".people")?.scrollTop ?? 0;
  side.replaceChildren(
    phones({
      shoppers: world.shoppers,
      openKey: chat?.key ?? null,
      onOpen: open,
      onNew: () => newShopper(async (key) => {
        await refresh();
        open(key);
      }),
      isBusy: world.isBusy,
      onBusy: () => (refreshBusy = busyPanel()),
      onTrouble: () => (refreshTrouble = troublePanel()),
      onLanguage: changeLanguage,
    }),
  );
  side.querySelector(".people")?.scrollTo(0, scrolled);
  if (focused) focus(focused);
}

/** @param {string} name of what is to have the focus */
function focus(name) {
  const found = side.querySelector(`[data-testid="${CSS.escape(name)}"]`);
  if (found instanceof HTMLElement) found.focus();
}

function drawStage() {
  app.classList.toggle("has-chat", chat !== null);
  stage.replaceChildren(chat ? el("div", { class: "device" }, chat.node) : el("p", { class: "pick" }, say("pick")));
}

async function open(key, { isQuiet = false, draft = "" } = {}) {
  const shopper = shopperOf(key);
  if (!shopper) return close();
  if (location.hash !== `#${key}`) history.replaceState(null, "", `#${key}`);
  const opened = openChat({ shopper, business: world.business, draft, onBack: close, onTrouble: tell });
  chat = opened;
  drawStage();
  drawSide();
  await opened.load();
  if (opened !== chat) return;
  if (!isQuiet && matchMedia("(hover: hover)").matches) opened.focus();
}

function close() {
  const key = chat?.key;
  chat = null;
  history.replaceState(null, "", location.pathname);
  drawStage();
  drawSide();
  const shopper = shopperOf(key);
  if (shopper) focus(`shopper-${shopper.address}`);
}

async function refresh() {
  const [state, busy] = await Promise.all([api.state(), api.busy()]);
  world.isBusy = busy.on;
  world.business = state.business;
  world.shoppers = state.shoppers;
  drawSide();
}

async function begin() {
  banner.hidden = true;
  await refresh();
  const wanted = chat?.key ?? decodeURIComponent(location.hash.slice(1));
  const first = matchMedia("(min-width: 800px)").matches ? world.shoppers[0]?.key : null;
  const key = shopperOf(wanted) ? wanted : first;
  if (chat && chat.key === key) {
    await chat.load();
  } else if (key) {
    await open(key, { isQuiet: true });
  } else {
    chat = null;
    drawStage();
  }
}

const refreshSoon = later(() => refresh().catch(() => {}));
const drawSideSoon = later(drawSide);

/** Several calls in quick succession act once, a moment after the first. */
function later(act) {
  let timer = 0;
  return () => {
    timer ||= setTimeout(() => {
      timer = 0;
      act();
    }, 60);
  };
}

function onEvent(event) {
  switch (event.type) {
    case "message": {
      const shopper = shopperOf(event.shopper);
      if (shopper && !(shopper.last?.at > event.message.at)) shopper.last = event.message;
      if (chat?.key === event.shopper) chat?.show(event.message);
      drawSideSoon();
      break;
    }
    case "typing":
      if (chat?.key === event.shopper) chat?.showTyping(event.seconds);
      break;
    case "busy":
      world.isBusy = event.on;
      refreshBusy?.();
      drawSideSoon();
      break;
    case "faults":
      refreshTrouble?.();
      break;
    case "reset":
      chat = null;
      begin();
      break;
    default:
      refreshSoon();
  }
}

function changeLanguage(code) {
  speak(code);
  drawSide();
  if (chat) open(chat.key, { isQuiet: true, draft: chat.draft() });
  else drawStage();
}

speak(language());
app.append(banner, side, stage, toast);
document.addEventListener("visibilitychange", () => chat?.markRead());
addEventListener("hashchange", () => open(decodeURIComponent(location.hash.slice(1))));
api.listen({
  onEvent,
  onReady: () => begin().catch(() => tell(say("failed"))),
  onLost: () => {
    banner.textContent = say("offline");
    banner.hidden = false;
  },
});

"""The console by itself, before a made-up desk: what it feels like, whatever the server does."""

from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.axe import violations
from tests.e2e.browser import opened, session
from tests.e2e.desk import until
from tests.e2e.made_up import NARROW, WIDE
from tests.e2e.wording import console as words

_SETTINGS = (
    "account", "agents", "audit", "canned", "hours", "keys", "policies", "routing", "teams",
    "webhooks",
)  # fmt: skip
SCREENS = ["", "?signin", "#c1", "#c2", "#reports", *(f"#settings/{part}" for part in _SETTINGS)]
_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def _happens(address: str, kind: str, data: dict[str, Any]) -> None:
    httpx2.post(f"{address}/made-up/{kind}", json=data).raise_for_status()


def test_a_reply_is_there_before_the_server_answers(page: Page) -> None:
    waiting: list[Route] = []
    page.route("**/api/conversations/2/messages", lambda route: _hold(route, waiting))
    box = page.get_by_test_id("reply-box")
    box.fill("Já vou ver isso.")
    box.press("Enter")
    bubble = page.locator("[data-sending=sending]").filter(has_text="Já vou ver isso.")
    expect(bubble).to_be_visible()
    expect(box).to_have_value("")
    until(lambda: _turn(page, waiting), "the reply to be sent")
    waiting[0].continue_()
    expect(bubble).to_have_count(0)
    expect(page.get_by_test_id("message").last).to_contain_text("Já vou ver isso.")
    expect(page.get_by_text("Já vou ver isso.")).to_have_count(2)  # the bubble, and the list


def _hold(route: Route, waiting: list[Route]) -> None:
    if route.request.method == "POST":
        waiting.append(route)
    else:
        route.continue_()


def _turn(page: Page, waiting: list[Route]) -> bool:
    page.wait_for_timeout(20)  # lets the driver hear of requests
    return bool(waiting)


def test_what_was_refused_stays_and_can_be_sent_again(browser: Browser, address: str) -> None:
    refusal = {"status": 409, "json": {"type": "already_held", "title": "", "status": 409}}
    with session(browser, viewport=WIDE) as context:
        page = context.new_page()
        page.goto(f"{address}/console#c4")
        keys: list[str | None] = []

        def refuse(route: Route) -> None:
            if route.request.method != "POST":
                route.continue_()
                return
            keys.append(route.request.headers.get("idempotency-key"))
            if len(keys) == 1:
                route.fulfill(**refusal)
            else:
                route.continue_()

        page.route("**/api/conversations/4/messages*", refuse)
        page.get_by_test_id("reply-box").fill("Olá de novo")
        page.get_by_test_id("reply-box").press("Enter")
        failed = page.locator("[data-sending=failed]")
        held = words()["problem.already_held"].format(holder=words()["author.agent"])
        expect(failed).to_contain_text(held)
        failed.get_by_role("button", name=words()["app.retry"]).click()
        expect(failed).to_have_count(0)
        expect(page.get_by_test_id("message").last).to_contain_text("Olá de novo")
        assert keys[0] is not None
        assert keys == [keys[0]] * 2


def test_a_note_looks_like_one_and_never_goes_to_the_contact(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(f"{asked.method} {asked.url}"))
    page.keyboard.press("n")
    expect(page.get_by_text(words()["composer.onlyUs"])).to_be_visible()
    box = page.get_by_test_id("reply-box")
    expect(box).to_be_focused()
    box.press_sequentially("@emma")
    page.get_by_role("option", name="Emma Hughes").click()
    box.press_sequentially("você viu isso?")
    box.press("Enter")
    expect(page.get_by_test_id("note").last).to_contain_text("@Emma Hughes você viu isso?")
    posts = [one for one in sent if one.startswith("POST")]
    assert any(one.endswith("/api/tickets/1002/notes") for one in posts)
    assert not any(one.endswith("/messages") for one in posts)


def test_ready_replies_come_with_a_slash_filled_in(page: Page) -> None:
    box = page.get_by_test_id("reply-box")
    box.press_sequentially("/pra")
    expect(page.get_by_role("option", name="/prazo")).to_be_visible()
    box.press("Enter")
    name = page.locator("#thread h2").inner_text().split()[0]
    expect(box).to_have_value(f"Oi, {name}! O prazo para a sua região é de 3 a 5 dias úteis.")


def test_everything_can_be_done_with_keys(page: Page) -> None:
    before = page.url
    page.keyboard.press("j")
    expect(page).not_to_have_url(before)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name=words()["keys.title"])).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("w")
    waiting = page.get_by_role("button", name=words()["view.waiting"])
    expect(waiting).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("relat")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=words()["nav.reports"])).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("search")).to_be_visible()


def test_single_keys_do_nothing_while_somebody_writes(page: Page) -> None:
    before = page.url
    page.get_by_test_id("reply-box").press_sequentially("jake?")
    expect(page.get_by_test_id("reply-box")).to_have_value("jake?")
    expect(page).to_have_url(before)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_list_keeps_its_order_under_the_pointer(page: Page, address: str) -> None:
    rows = page.locator("[data-testid^=conversation-]")
    first, third = (rows.nth(place).get_attribute("data-testid") for place in (0, 2))
    assert first is not None
    rows.nth(2).hover()
    number = first.removeprefix("conversation-")
    httpx2.post(f"{address}/api/conversations/{number}/bot", json={})
    expect(page.get_by_test_id(first).locator(".row-owner")).to_have_text(words()["owner.bot"])
    assert rows.nth(2).get_attribute("data-testid") == third
    page.mouse.move(900, 400)
    expect(page.get_by_test_id(first)).to_have_count(0)


def test_a_row_under_the_pointer_shows_what_was_missed_meanwhile(page: Page, address: str) -> None:
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
    rows = page.locator("[data-testid^=conversation-]")
    row = page.get_by_test_id(rows.nth(1).get_attribute("data-testid") or "")
    number = int((row.get_attribute("data-testid") or "").removeprefix("conversation-"))
    rows.nth(2).hover()
    _happens(address, "unheard", {"id": number, "owner": "bot", "agent": None, "promise": None})
    _happens(address, "everything", {})
    expect(row.locator(".row-owner")).to_have_text(words()["owner.bot"])


def test_what_happens_within_the_second_of_the_last_message_is_shown(
    page: Page, address: str
) -> None:
    rating = {"score": 4, "comment": "Rápido", "rated_at": "2026-10-12T16:00:00Z"}
    tickets = httpx2.get(f"{address}/api/conversations/2/tickets").json()
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
    expect(page.get_by_test_id("rating")).to_have_count(0)
    rated = [{**tickets[0], "rating": rating}, *tickets[1:]]
    page.route("**/api/conversations/2/tickets", lambda route: route.fulfill(json=rated))
    last = httpx2.get(f"{address}/api/conversations/2").json()["last_message"]
    _happens(address, "unheard", {"id": 2, "last_message": {**last, "text": "4"}})
    _happens(address, "conversation", {"id": 2})
    expect(page.get_by_test_id("rating")).to_contain_text("Rápido")


def test_an_offer_is_taken_with_one_key(page: Page, address: str) -> None:
    accepted: list[str] = []
    page.on("request", lambda asked: accepted.append(asked.url))
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
    _happens(address, "offer", {"id": 77, "conversation": 6})
    expect(page.get_by_test_id("offer")).to_be_visible()
    page.keyboard.press("o")
    expect(page.get_by_test_id("offer")).to_have_count(0)
    expect(page).to_have_url(f"{address}/console#c6")
    assert any(url.endswith("/api/offers/77/acceptance") for url in accepted)


def test_several_offers_at_once_leave_the_page_to_work_on(page: Page, address: str) -> None:
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
    for number in range(4):
        _happens(address, "offer", {"id": 80 + number, "conversation": 7 + number})
    others = page.get_by_test_id("other-offers")
    expect(others).to_contain_text(words()["offer.others.other"].format(count=3))
    expect(page.get_by_test_id("offer")).to_have_count(1)
    expect(others.get_by_role("listitem")).to_have_count(0)
    others.locator("summary").click()
    expect(others.get_by_role("listitem")).to_have_count(3)
    assert violations(page) == []
    others.get_by_role("button", name=words()["offer.accept"]).last.click()
    expect(page).to_have_url(f"{address}/console#c10")
    expect(others.get_by_role("listitem")).to_have_count(2)


def test_an_offer_leaves_the_place_to_write_free_on_a_phone(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/console#c2", viewport=NARROW) as page:
        expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
        _happens(address, "offer", {"id": 90, "conversation": 6})
        offer = page.get_by_test_id("offer").bounding_box()
        written = page.get_by_test_id("composer").bounding_box()
        assert offer is not None
        assert written is not None
        assert offer["y"] + offer["height"] <= written["y"]


def test_one_sees_that_a_colleague_is_replying(page: Page, address: str) -> None:
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
    _happens(address, "viewing", {"conversation": 2, "agent": 4, "doing": "replying"})
    said = words()["looks.replying.one"].format(names="Emma Hughes")
    expect(page.get_by_text(said)).to_be_visible()
    _happens(address, "viewing", {"conversation": 2, "agent": 4, "doing": "left"})
    expect(page.get_by_text(said)).to_have_count(0)


@pytest.mark.parametrize(("language", "names"), [("pt-BR", "{} e {}"), ("en", "{} and {}")])
def test_two_colleagues_who_reply_are_told_in_the_plural(
    browser: Browser, address: str, language: str, names: str
) -> None:
    with opened(browser, f"{address}/console?lang={language}#c2", viewport=WIDE) as page:
        expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
        for agent in (3, 4):
            _happens(address, "viewing", {"conversation": 2, "agent": agent, "doing": "replying"})
        both = names.format("Diego Rocha", "Emma Hughes")
        said = words(language)["looks.replying.other"].format(names=both)
        expect(page.get_by_text(said)).to_be_visible()
        for agent in (3, 4):
            _happens(address, "viewing", {"conversation": 2, "agent": agent, "doing": "left"})


def test_tabs_share_one_stream(browser: Browser, address: str) -> None:
    streams: list[str] = []
    with session(browser, viewport=WIDE) as context:
        context.on("request", lambda asked: streams.append(asked.url))
        pages = [context.new_page() for _ in range(3)]
        for page in pages:
            page.goto(f"{address}/console")
            expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
        assert sum("/api/events" in url for url in streams) == 1
        pages[0].close()
        until(lambda: _is_taken_over(pages[1], streams), "another tab to take the stream over")
        expect(pages[2].get_by_test_id("live")).to_have_attribute("data-state", "on")


def _is_taken_over(page: Page, streams: list[str]) -> bool:
    page.wait_for_timeout(20)  # lets the driver hear of requests
    return sum("/api/events" in url for url in streams) == 2


def test_the_language_changes_without_a_reload(page: Page) -> None:
    page.get_by_test_id("me").click()
    page.get_by_role("menuitem", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name=words("en")["view.waiting"])).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_screen_is_accessible_and_fits(
    browser: Browser, address: str, screen: str, scheme: str, size: dict[str, int]
) -> None:
    looks = {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"}
    with opened(browser, f"{address}/console{screen}", bypass_csp=True, **looks) as page:
        expect(page.locator("h1, h2").first).to_be_attached()
        expect(page.locator(".skeleton, .rows-waiting, .bubbles-waiting")).to_have_count(0)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_nothing_jumps_while_the_page_comes_in(browser: Browser, address: str) -> None:
    with session(browser, viewport=WIDE) as context:
        page = context.new_page()
        page.add_init_script(_SHIFTS)
        page.goto(f"{address}/console#c1")
        expect(page.get_by_test_id("message").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.shifts") < 0.02

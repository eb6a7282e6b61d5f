"""A page that closes loses nothing that was begun, and what is typed goes where it should."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.e2e.browser import opened
from tests.e2e.made_up import WIDE
from tests.e2e.wording import console as words

_AGE = """(hours) => Object.keys(localStorage).filter((name) => name.includes(".unsent."))
  .forEach((name) => {
    const item = JSON.parse(localStorage.getItem(name));
    item.at = new Date(Date.parse(item.at) - hours * 3600_000).toISOString();
    localStorage.setItem(name, JSON.stringify(item));
  })"""
_KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('balcao.kept.'))"
_MESSAGES = "**/api/conversations/2/messages"


def _sent(page: Page, path: str) -> list[Request]:
    """What the page posts to an address from now on."""
    posts: list[Request] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith(path):
            posts.append(request)

    page.on("request", note)
    return posts


def _body(request: Request) -> Any:
    return json.loads(request.post_data or "null")


def _say(page: Page, text: str) -> None:
    page.keyboard.press("r")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def _stay_silent(route: Route) -> None:
    if route.request.method != "POST":
        route.continue_()


def _refuse(route: Route) -> None:
    if route.request.method == "POST":
        route.fulfill(status=409, json={"type": "not_held", "title": "", "status": 409})
    else:
        route.continue_()


def test_what_was_refused_is_there_after_a_reload_and_does_not_go_out_by_itself(
    browser: Browser, address: str
) -> None:
    where = f"{address}/console#c2"
    with opened(browser, where, may_be_refused=True, viewport=WIDE) as page:
        expect(page.get_by_test_id("message").first).to_be_visible()
        page.route(_MESSAGES, _refuse)
        _say(page, "Já separei o seu reembolso.")
        failed = page.locator("[data-sending=failed]")
        expect(failed).to_contain_text("Já separei o seu reembolso.")
        posts = _sent(page, "/messages")
        page.reload()
        expect(failed).to_contain_text("Já separei o seu reembolso.")
        assert posts == []
        failed.get_by_role("button", name=words()["sending.discard"]).click()
        page.reload()
        expect(page.get_by_test_id("message").first).to_be_visible()
        expect(failed).to_have_count(0)


def test_what_is_hours_old_waits_for_a_word_and_is_the_same_message_then(page: Page) -> None:
    posts = _sent(page, "/messages")
    page.route(_MESSAGES, _stay_silent)
    _say(page, "O reembolso cai amanhã.")
    expect(page.locator("[data-sending=sending]")).to_have_count(1)
    page.evaluate(_AGE, 3)
    page.reload()
    failed = page.locator("[data-sending=failed]")
    expect(failed).to_contain_text(words()["problem.left_unsent"])
    assert len(posts) == 1
    page.unroute(_MESSAGES)
    failed.get_by_role("button", name=words()["app.retry"]).click()
    expect(page.get_by_test_id("message").last).to_contain_text("O reembolso cai amanhã.")
    expect(page.locator("[data-sending]")).to_have_count(0)
    first, again = (one.headers["idempotency-key"] for one in posts)
    assert first == again
    assert page.evaluate(_KEPT) == []


def test_signing_out_leaves_nothing_behind(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.type("O CPF dela é")
    assert page.evaluate(_KEPT) != []
    page.route("**/api/session", lambda route: route.fulfill(status=204))
    page.get_by_test_id("me").click()
    with page.expect_navigation():
        page.get_by_role("menuitem", name=words()["app.signOut"]).click()
    expect(page.get_by_test_id("reply-box")).to_have_value("")
    assert page.evaluate(_KEPT) == []


@pytest.mark.parametrize(("key", "kind"), [("r", "reply"), ("n", "note")])
def test_what_is_typed_right_after_the_key_is_text_of_that_kind(
    page: Page, key: str, kind: str
) -> None:
    page.keyboard.press(key)
    page.keyboard.type("É a reserva, caro")
    expect(page.get_by_test_id("reply-box")).to_have_value("É a reserva, caro")
    expect(page.get_by_test_id(f"kind-{kind}")).to_have_attribute("aria-pressed", "true")


def test_the_bot_is_told_what_to_do_by_keyboard_alone(page: Page) -> None:
    posts = _sent(page, "/bot")
    page.keyboard.press("b")
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    page.keyboard.type("rastrear o pedido 48213")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    (told,) = posts
    assert _body(told) == {"instruction": "rastrear o pedido 48213"}


def test_who_takes_over_says_what_they_saw(page: Page, address: str) -> None:
    page.goto(f"{address}/console#c7")
    expect(page.get_by_test_id("owner-badge")).to_have_text("Bruno Tavares")
    posts = _sent(page, "/assignment")
    page.keyboard.press("a")
    expect(page.get_by_test_id("owner-badge")).to_have_text("Carla Mendes")
    (taken,) = posts
    assert _body(taken) == {"agent": "me", "owner_fence": 1}

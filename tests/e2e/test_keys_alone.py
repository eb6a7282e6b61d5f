"""The console by itself, without a mouse: what keys take back, and what they find."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.wording import console as words


@pytest.mark.parametrize(
    ("keys", "done"),
    [(["q"], "did.queued"), (["b", "Enter"], "did.toBot"), (["e"], "thread.resolved")],
    ids=["queue", "bot", "resolved"],
)
def test_what_was_let_go_of_comes_back(page: Page, keys: list[str], done: str) -> None:
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
    page.keyboard.press("a")
    expect(_owner(page)).to_have_text("Carla Mendes")
    for key in keys:
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_have_count(1 if key == "b" else 0)
    name = page.locator("#thread h2").inner_text()
    told = words()[done].format(name=name, number="#1002")
    expect(page.get_by_test_id("toast").filter(has_text=told)).to_be_visible()
    expect(_owner(page)).not_to_have_attribute("data-owner", "agent")
    page.keyboard.press("u")
    expect(page.get_by_test_id("toast").filter(has_text=told)).to_have_count(0)
    expect(_owner(page)).to_have_text("Carla Mendes")
    page.wait_for_load_state("networkidle")
    expect(_owner(page)).to_have_text("Carla Mendes")
    expect(page.get_by_text(words()["problem.changed_meanwhile"])).to_have_count(0)


def test_enter_opens_the_first_that_was_found(page: Page) -> None:
    third = page.locator("[data-testid^=conversation-]").nth(2)
    name = third.locator("strong").inner_text()
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator("#thread h2")).to_have_text(name)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name=words()["keys.title"])).to_be_visible()


def test_one_goes_away_by_the_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill(words()["presence.away"])
    page.keyboard.press("Enter")
    label = words()["me.menu"].format(name="Carla Mendes", presence=words()["presence.away"])
    expect(page.get_by_test_id("me")).to_have_accessible_name(label)


def _owner(page: Page) -> Locator:
    return page.locator("#thread").get_by_test_id("owner-badge")

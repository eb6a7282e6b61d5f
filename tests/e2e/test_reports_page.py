"""The reports, before a made-up desk: promises and satisfaction, both languages, any width."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import opened
from tests.e2e.made_up import NARROW, WIDE
from tests.e2e.wording import console as words

_HUGE = {"width": 1920, "height": 1080}


@pytest.mark.parametrize("language", ["pt-BR", "en"])
@pytest.mark.parametrize("size", [NARROW, WIDE, _HUGE], ids=["narrow", "wide", "huge"])
def test_satisfaction_stands_beside_the_promises(
    browser: Browser, address: str, language: str, size: dict[str, int]
) -> None:
    said = words(language)
    with opened(browser, f"{address}/console?lang={language}#reports", viewport=size) as page:
        people, bot = page.get_by_test_id("grade-people"), page.get_by_test_id("grade-bot")
        for card, kind in ((people, "report.byPeople"), (bot, "report.byBot")):
            expect(card).to_contain_text(said["report.satisfaction"].format(kind=said[kind]))
            expect(card).to_contain_text("%")
        for chart in ("report.keptByDay", "report.spread", "report.averageByDay"):
            expect(page.get_by_role("img", name=said[chart]).locator("svg")).to_be_attached()
        expect(page.get_by_role("cell", name="Bruno Tavares").first).to_be_attached()
        expect(page.get_by_test_id("comment")).to_have_count(5)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_low_scores_are_seen_by_themselves(page: Page, address: str) -> None:
    said = words()
    page.goto(f"{address}/console#reports")
    comments = page.get_by_test_id("comment")
    expect(comments).to_have_count(5)
    page.get_by_role("button", name=said["report.lowScores"]).click()
    expect(comments).to_have_count(2)
    expect(comments.first).to_contain_text(said["author.bot"])
    expect(comments.first).to_contain_text(said["ticket.rating"].format(score=1))
    page.get_by_role("button", name=said["report.allScores"]).click()
    expect(comments).to_have_count(5)


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_what_is_on_the_bill_stands_beside_the_promises(
    browser: Browser, address: str, language: str
) -> None:
    said = words(language)
    with opened(browser, f"{address}/console?lang={language}#reports", viewport=NARROW) as page:
        bot = page.get_by_test_id("cost-bot")
        expect(bot).to_contain_text("2,8" if language == "pt-BR" else "2.8")
        expect(bot).to_contain_text(said["report.billableHalf"].format(count=3))
        expect(page.get_by_test_id("cost-people")).to_contain_text("R$")
        service, utility = page.get_by_test_id("cost-category").all()
        expect(service).to_contain_text(said["price.service"])
        expect(utility).to_contain_text("640")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

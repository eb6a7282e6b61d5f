"""Articles in the console, before a made-up desk: found by keys, put into replies, and missed."""

from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import violations
from tests.e2e.browser import opened
from tests.e2e.made_up import WIDE
from tests.e2e.wording import console as words

_ANSWER = "Sim, embrulhamos para presente por R$ 9,90."
_LINK = "http://127.0.0.1:8000/knowledge/pt/presente"


def _search(page: Page) -> None:
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
    page.keyboard.press("f")
    expect(page.get_by_test_id("article-search")).to_be_focused()
    page.keyboard.type("embrulha pra presente?")
    expect(page.get_by_role("option")).to_have_count(2)


def test_an_answer_goes_into_the_reply_by_keys_alone(page: Page) -> None:
    _search(page)
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("reply-box")).to_be_focused()
    expect(page.get_by_test_id("reply-box")).to_have_value(f"{_ANSWER}\n{_LINK}")


def test_a_link_follows_what_was_written_before(page: Page) -> None:
    page.get_by_test_id("reply-box").fill("Oi! Veja aqui:")
    page.get_by_test_id("find-article").click()
    page.get_by_test_id("article-search").fill("presente")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_test_id("reply-box")).to_have_value(f"Oi! Veja aqui:\n{_LINK}")


def test_leaving_the_search_changes_nothing(page: Page) -> None:
    _search(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("reply-box")).to_have_value("")


def test_whoever_writes_articles_sees_what_nobody_answers(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/console#settings/articles", viewport=WIDE) as page:
        rows = page.get_by_test_id("unanswered")
        expect(rows).to_have_count(2)
        expect(rows.first).to_contain_text("tem estacionamento na loja?")
        told = words()["articles.unhelpful"].format(article="gift-wrapping")
        expect(rows.last).to_contain_text(told)
        expect(page.get_by_role("link", name="Pagar com Pix")).to_have_attribute(
            "href", "http://127.0.0.1:8000/knowledge/pt/pix"
        )
        assert violations(page) == []
        with page.expect_request(lambda asked: asked.method == "POST") as asked:
            rows.first.get_by_role("button", name=words()["articles.settle"]).click()
        assert asked.value.url.endswith("/api/knowledge/unanswered/9/settlement")

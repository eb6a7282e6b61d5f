"""Ready replies, before a made-up desk: filled in, and not sent while something is missing."""

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.axe import violations
from tests.e2e.browser import opened, session
from tests.e2e.made_up import NARROW, WIDE
from tests.e2e.wording import console as words


def _insert(page: Page) -> Locator:
    """Takes the ready reply about an order."""
    box = page.get_by_test_id("reply-box")
    box.press_sequentially("/ped")
    expect(page.get_by_role("option", name="/pedido")).to_be_visible()
    box.press("Enter")
    return box


def test_the_only_order_of_the_contact_fills_its_place(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/console#c5", viewport=WIDE) as page:
        expect(page.locator(".order")).to_have_count(1)
        expect(_insert(page)).to_have_value("O pedido 48325 já está a caminho, Tiago!")
        expect(page.get_by_test_id("missing")).to_have_count(0)


def test_the_order_is_looked_up_where_there_is_no_room_for_it(
    browser: Browser, address: str
) -> None:
    with opened(browser, f"{address}/console#c5", viewport=NARROW) as page:
        expect(page.locator(".order")).to_have_count(0)
        expect(_insert(page)).to_have_value("O pedido 48325 já está a caminho, Tiago!")


def test_what_is_missing_is_marked_and_holds_the_reply_back(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(f"{asked.method} {asked.url}"))
    box = _insert(page)
    missing = page.get_by_test_id("missing")
    expect(missing).to_contain_text(words()["placeholder.order.number"])
    expect(page.locator(".marks mark")).to_have_text("{{order.number}}")
    assert violations(page) == []
    box.press("Enter")
    page.get_by_test_id("send").click()
    expect(box).to_be_focused()
    page.keyboard.type("48000")  # the place was selected
    expect(box).to_have_value("O pedido 48000 já está a caminho, Patrícia!")
    expect(missing).to_have_count(0)
    assert not any(one.startswith("POST") and one.endswith("/messages") for one in sent)
    box.press("Enter")
    expect(page.get_by_test_id("message").last).to_contain_text("O pedido 48000")


def test_one_of_several_orders_is_picked_below_or_beside(page: Page) -> None:
    box = _insert(page)
    page.get_by_role("button", name=words()["composer.useOrder"].format(number="48215")).click()
    expect(box).to_have_value("O pedido 48215 já está a caminho, Patrícia!")
    box.fill("")
    expect(_insert(page)).to_have_value("O pedido 48215 já está a caminho, Patrícia!")
    box.fill("Sobre o {{order.number}}: um momento.")
    other = page.get_by_role("button", name="#48322", exact=True).last
    other.click()
    expect(box).to_have_value("Sobre o 48322: um momento.")
    expect(other).to_have_attribute("aria-pressed", "true")


def test_a_note_may_have_braces(page: Page) -> None:
    page.keyboard.press("n")
    box = page.get_by_test_id("reply-box")
    box.fill("a resposta pronta usa {{order.number}}")
    expect(page.get_by_test_id("missing")).to_have_count(0)
    box.press("Enter")
    expect(page.get_by_test_id("note").last).to_contain_text("{{order.number}}")


def test_the_page_fills_in_what_it_knows_while_the_desk_does_not_answer(
    browser: Browser, address: str
) -> None:
    with session(browser, viewport=WIDE) as context:
        page = context.new_page()
        page.route("**/api/canned-replies/*/rendering*", lambda route: route.fulfill(status=404))
        page.goto(f"{address}/console#c2")
        box = page.get_by_test_id("reply-box")
        box.press_sequentially("/tro")
        expect(page.get_by_role("option", name="/troca")).to_be_visible()
        box.press("Enter")
        said = "A primeira troca é por nossa conta. A etiqueta do 1002 já vai."
        expect(box).to_have_value(said)

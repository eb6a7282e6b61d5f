"""What shoppers write, and call themselves, is text and nothing else wherever it is shown."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.browser import Console, Phone
from tests.e2e.desk import Desk

MARKUP = '<img src=x onerror="window.was_run=1;alert(1)">'
NAME = f"Zé {MARKUP}"
SCRIPT = "</script><script>window.was_run=1</script>*a* _b_ ```c``` javascript:alert(1)"


def test_markup_in_names_messages_and_files_stays_text(
    desk: Desk, phone_of: Callable[[str], Phone], console: Console
) -> None:
    shopper = desk.meet(NAME)
    shopper.writes(MARKUP)
    shopper.writes(SCRIPT)
    desk.settle(shopper)
    shopper.sends_file("application/pdf", filename=f"{MARKUP}.pdf", caption=MARKUP)
    place = {"latitude": -23.5, "longitude": -46.6, "name": MARKUP, "address": SCRIPT}
    shopper.sends({"type": "location", "location": place})
    card = [{"name": {"formatted_name": MARKUP}, "phones": [{"phone": MARKUP}]}]
    shopper.sends({"type": "contacts", "contacts": card})
    desk.settle(shopper)

    phone = phone_of(shopper.address)
    expect(phone.page.get_by_test_id(f"shopper-{shopper.address}")).to_contain_text(NAME)
    expect(phone.page.get_by_test_id("message-out")).to_have_count(5)
    expect(phone.page.get_by_test_id("message-out").first).to_contain_text(MARKUP)
    _assert_nothing_ran(phone.page)

    console.open(NAME)
    expect(console.thread.get_by_test_id("message").first).to_contain_text(MARKUP)
    expect(console.thread.get_by_text(SCRIPT).first).to_be_visible()
    console.page.get_by_test_id("search").fill(f"{MARKUP} ninguém")
    expect(console.page.locator("#list-end")).to_contain_text(MARKUP)
    _assert_nothing_ran(console.page)


def _assert_nothing_ran(page: Page) -> None:
    """Nothing was run, and nothing was made of it; a dialog fails the test by itself."""
    assert page.evaluate("window.was_run") is None
    assert page.locator("img[src=x], [onerror], script:not([src], [type=importmap])").count() == 0
    assert page.locator("a[href^='javascript:' i]").count() == 0

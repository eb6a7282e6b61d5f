"""Take the picture of the phone in docs/screenshots again: `python -m tests.e2e.screenshots`.

The machine needs a font with emoji, such as Noto Color Emoji.
"""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.e2e.browser import chromium, phone_of
from tests.e2e.desk import ROOT, Desk, running
from tests.e2e.wording import buttons, response

PLACE = ROOT / "docs" / "screenshots"
MARINA = "5511987650001"
_PHONE = {"width": 1280, "height": 960}
_LOOK = {"locale": "pt-BR", "timezone_id": "America/Sao_Paulo", "color_scheme": "light"}


def main() -> None:
    """Start a fresh desk, let people talk to it, and take the picture."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with running(ROOT / "var" / "e2e" / "screenshots.log") as desk, chromium() as browser:
        _let_others_write(desk)
        _take_phone(desk, browser, PLACE / "phone.png")


def _let_others_write(desk: Desk) -> None:
    """A morning at the shop: some the bot helped, some wait for people."""
    said = {
        "5521991230003": ["quero trocar o tênis por um número maior", "sim, por favor"],
        "GB.7712003344556677": ["my sandals arrived with a broken strap, this is awful"],
        "447700900123": ["where is my order 48377?", "thanks!"],
        "555196540002": ["Bom dia, qual a situação do pedido 48320?", "obrigado, viu"],
    }
    for address, texts in said.items():
        shopper = desk.known(address)
        for text in texts:
            shopper.writes(text)
            desk.settle(shopper)


def _take_phone(desk: Desk, browser: Browser, path: Path) -> None:
    with phone_of(browser, desk, MARINA, viewport=_PHONE, **_LOOK) as phone:
        phone.write("oi, cadê meu pedido 48213?")
        phone.hears(response("utter_order_in_transit", "pt"))
        phone.press(buttons("utter_delivery_late", "pt")[0])
        phone.hears(response("utter_handed_over_wish", "pt"))
        phone.was_read()
        expect(phone.page.get_by_test_id("typing")).to_be_hidden()
        phone.page.mouse.move(0, 0)  # what is under it shows its menu
        phone.page.screenshot(path=path)


if __name__ == "__main__":
    main()

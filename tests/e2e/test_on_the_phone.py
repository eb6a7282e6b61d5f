"""A shopper at the phone page and an agent at the console, each in a real browser."""

import base64
import re
from collections import defaultdict
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import Console, Phone
from tests.e2e.browser import phone_of as opened_phone
from tests.e2e.desk import Desk
from tests.e2e.wording import buttons, response
from tests.e2e.wording import console as words

MARINA = "5511987650001"
JOHN = "447700900123"
ANTONIO = "555196540002"
RAFAEL = "5521991230003"
PRIYA = "GB.7712003344556677"
_OVER = {"delivered", "cancelled", "returned"}
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

OpenPhone = Callable[[str], Phone]


def test_a_shopper_finds_an_order_by_greeting_menu_and_number(
    phone_of: OpenPhone, desk: Desk
) -> None:
    parcel = desk.order(48213)["order"]["shipments"][0]
    phone = phone_of(MARINA)
    phone.write("oi")
    greeting = phone.hears(response("utter_greet_by_name", "pt", first_name="Marina"))
    options = greeting.get_by_test_id("option-button")
    expect(options).to_have_text(buttons("utter_greet_by_name", "pt"))
    expect(options).to_have_count(3)
    phone.write("1")
    choice = phone.hears(response("utter_choose_order", "pt"))
    choice.get_by_test_id("open-list").click()
    row = phone.page.get_by_test_id("list-row").filter(has_text="48213")
    expect(row).to_contain_text(desk.order(48213)["order"]["items"][0]["name"])
    phone.page.keyboard.press("Escape")
    phone.write("cadê meu pedido 48213?")
    phone.hears(response("utter_order_in_transit", "pt", order_number="48213"))
    phone.hears(parcel["number"])
    expect(phone.answer.get_by_role("link", name=parcel["url"])).to_be_visible()
    _, not_now = buttons("utter_delivery_late", "pt")
    phone.press(not_now)
    phone.hears(response("utter_handover_declined", "pt"))
    phone.was_read()


def test_an_order_in_english_on_another_phone(phone_of: OpenPhone, desk: Desk) -> None:
    parcel = desk.order(48377)["order"]["shipments"][0]
    phone = phone_of(RAFAEL)
    phone.switch_to(JOHN)
    phone.write("where is my order")
    phone.hears(response("utter_choose_order", "en"))
    phone.choose("48377")
    phone.hears(response("utter_order_shipped", "en", order_number="48377"))
    phone.hears(parcel["number"])
    phone.write("thanks")
    phone.hears(response("utter_thank", "en"))
    phone.write("hello")
    greeting = phone.hears(response("utter_greet_by_name", "en", first_name="John"))
    track, *_ = buttons("utter_greet_by_name", "en")
    greeting.get_by_role("button", name=track).click()
    phone.hears(response("utter_choose_order", "en"))


def test_more_orders_than_buttons_come_as_a_list(phone_of: OpenPhone, desk: Desk) -> None:
    orders = defaultdict(list)
    for order in desk.orders():
        orders[order["phone"], order["name"], order["language"]].append(order)
    address, name, number = next(
        (phone.lstrip("+"), name, placed[0]["number"])
        for (phone, name, language), placed in orders.items()
        if phone and language == "pt" and len(placed) > 3
        if all(order["state"] in _OVER for order in placed)
    )
    desk.known(address, name).writes("onde está meu pedido?")
    phone = phone_of(address)
    phone.hears(response("utter_choose_order", "pt"))
    phone.choose(number)
    phone.hears(number)
    expect(phone.page.get_by_test_id("message-out").last).to_contain_text(number)


@pytest.mark.parametrize(
    ("language", "greets", "wishes"),
    [
        ("pt", "oi", "quero falar com uma pessoa"),
        ("en", "hello", "i want to talk to a person"),
    ],
)
def test_a_wish_for_a_person_is_seen_live_and_resolved(
    desk: Desk, phone_of: OpenPhone, console: Console, *, language: str, greets: str, wishes: str
) -> None:
    name = {"pt": "Beatriz Campos", "en": "Emma Reed"}[language]
    shopper = desk.meet(name, language)
    shopper.writes(greets)
    phone = phone_of(shopper.address)
    phone.hears(response("utter_greet_by_name", language, first_name=name.split(maxsplit=1)[0]))
    console.open(name)
    expect(console.owner).to_have_attribute("data-owner", "bot")
    phone.write(wishes)
    ticket = _ticket_told(phone, language)
    expect(console.owner).to_have_attribute("data-owner", "queue")
    expect(console.row(name)).to_contain_text(words()["list.waiting"])
    expect(console.row(name)).to_contain_text(words()["reason.wish"])
    expect(console.thread.get_by_test_id("handoff")).to_contain_text(words()["reason.wish"])
    expect(console.thread.get_by_test_id("handoff")).to_contain_text(f"#{ticket}")
    expect(console.thread.get_by_text(wishes)).to_be_visible()
    phone.write("alô?")
    expect(console.thread.get_by_text("alô?")).to_be_visible()
    console.thread.get_by_test_id("resolve").click()
    expect(console.owner).to_have_attribute("data-owner", "bot")
    phone.write(greets)
    phone.hears(response("utter_greet_again", language))
    expect(console.thread.get_by_test_id("message").last).to_have_attribute("data-author", "bot")


def test_the_third_button_calls_a_person(desk: Desk, phone_of: OpenPhone) -> None:
    phone = phone_of(ANTONIO)
    phone.write("oi")
    phone.hears(response("utter_greet_by_name", "pt"))
    phone.press(buttons("utter_greet_by_name", "pt")[2])
    ticket = _ticket_told(phone, "pt")
    conversation = desk.conversation(desk.known(ANTONIO))
    assert conversation["owner"] == "queue"
    assert str(conversation["ticket"]["number"]) == ticket


@pytest.mark.parametrize(("language", "greets"), [("pt", "oi"), ("en", "hello")])
def test_nonsense_three_times_ends_with_a_person(
    desk: Desk, phone_of: OpenPhone, language: str, greets: str
) -> None:
    shopper = desk.meet(language=language)
    shopper.writes(greets)
    phone = phone_of(shopper.address)
    phone.hears(response("utter_greet_by_name", language))
    phone.write("xyzzy plugh")
    phone.hears(response("utter_not_understood", language))
    phone.write("grmblfx")
    phone.hears(response("utter_not_understood_again", language))
    phone.write("qwpoeiru zmxn")
    phone.hears(response("utter_handed_over_failed_attempts", language))
    conversation = desk.conversation(shopper)
    assert conversation["owner"] == "queue"
    assert conversation["ticket"]["reason"] == "failed_attempts"


@pytest.mark.parametrize(
    ("address", "name", "language", "greets"),
    [
        (RAFAEL, "Rafael Lima", "pt", "bom dia"),
        (PRIYA, "Priya Nair", "en", "good morning"),
    ],
)
def test_a_photo_is_acknowledged_and_goes_to_people(
    desk: Desk,
    browser: Browser,
    console: Console,
    *,
    address: str,
    name: str,
    language: str,
    greets: str,
) -> None:
    with opened_phone(browser, desk, address) as phone:
        phone.write(greets)
        phone.hears(response("utter_greet_by_name", language, first_name=name.split(maxsplit=1)[0]))
        phone.send_photo("tenis.png", _PIXEL)
        phone.hears(response("utter_handed_over_image", language))
    expect(console.row(name)).to_contain_text(words()["reason.media"])
    console.open(name)
    expect(console.owner).to_have_attribute("data-owner", "queue")
    picture = console.thread.get_by_test_id("thing")
    expect(picture).to_have_accessible_name(re.compile(words()["kind.image"]))


def _ticket_told(phone: Phone, language: str) -> str:
    """The number that the shopper is told when people take over, after the wait."""
    told = response("utter_handed_over_wish", language)
    found = told.search(phone.hears(told).locator(".text").inner_text())
    assert found is not None
    return str(found[2])

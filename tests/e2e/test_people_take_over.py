"""People take over, give back and part: two agents' browsers and a shopper's phone together."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.browser import Console, Phone, console_of
from tests.e2e.desk import ROOT, Desk, running, until
from tests.e2e.shopper import Shopper
from tests.e2e.wording import console as words
from tests.e2e.wording import plain, response

BRUNO, CARLA = "bruno@balcao.example", "carla@balcao.example"
MARINA, JOHN = "5511987650001", "447700900123"
_LOG = ROOT / "var" / "e2e" / "people.log"
_AT_ONCE = {"DESK_RATINGS__DELAY": "0.5", "DESK_HANDOFF__OFFER_FOR": "120"}

OpenPhone = Callable[[str], Phone]
OpenConsole = Callable[..., Console]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """A desk where contacts are asked at once how it went, and Bruno alone is offered work."""
    with running(_LOG, **_AT_ONCE) as opened:
        for one in opened.console.get("/api/agents").json():
            room = {"capacity": 50 if one["email"] == BRUNO else 0}
            opened.console.patch(f"/api/agents/{one['id']}", json=room).raise_for_status()
        yield opened


@pytest.fixture
def agent(browser: Browser, desk: Desk) -> Iterator[OpenConsole]:
    """Opens somebody's console, each in a browser session of its own."""
    with ExitStack() as stack:
        yield lambda email, **options: stack.enter_context(
            console_of(browser, desk, email, **options)
        )


def test_a_shopper_goes_to_people_and_back_and_says_how_it_was(
    desk: Desk, phone_of: OpenPhone, agent: OpenConsole
) -> None:
    bruno, carla, phone = agent(BRUNO), agent(CARLA), phone_of(MARINA)
    marina = desk.known(MARINA)
    phone.write("quero falar com uma pessoa")
    phone.hears(response("utter_handed_over_wish", "pt"))
    expect(bruno.page.get_by_test_id("offer")).to_contain_text("Marina Duarte")
    expect(carla.page.get_by_test_id("offer")).to_have_count(0)
    bruno.press("o")
    expect(bruno.owner).to_have_text("Bruno Tavares")
    bruno.say("Oi, Marina! Aqui é o Bruno.")
    phone.hears("Oi, Marina! Aqui é o Bruno.")

    bruno.write("@Carl", begins="n")
    bruno.page.keyboard.press("Enter")
    expect(bruno.box).to_have_value("@Carla Mendes ")
    bruno.page.keyboard.type("o rastreio parou")
    bruno.page.keyboard.press("Enter")
    expect(bruno.thread.get_by_test_id("note").last).to_contain_text("o rastreio parou")
    _opens_notice(carla, words()["notice.kind.mentioned"].format(by="Bruno Tavares"))
    expect(carla.thread.get_by_test_id("note").last).to_contain_text(
        "@Carla Mendes o rastreio parou"
    )

    carla.press("a")
    expect(bruno.owner).to_have_text("Carla Mendes")
    carla.press("b")
    carla.page.keyboard.type("rastrear o pedido 48213")
    carla.page.keyboard.press("Enter")
    phone.hears(response("utter_order_in_transit", "pt", order_number="48213"))
    expect(bruno.owner).to_have_attribute("data-owner", "bot")

    bruno.press("a")
    expect(bruno.owner).to_have_text("Bruno Tavares")
    bruno.say("Chega amanhã, confirmei com a transportadora.")
    phone.hears("Chega amanhã, confirmei com a transportadora.")
    bruno.press("e")
    phone.hears(response("utter_desk_rate", "pt"))
    phone.choose(plain("utter_desk_score_4", "pt"))
    phone.hears(response("utter_desk_rated", "pt"))
    phone.write("Foi rápido e gentil")
    phone.hears(response("utter_desk_commented", "pt"))

    rated = bruno.page.get_by_test_id("rating")
    expect(rated).to_contain_text(words()["ticket.rating"].format(score=4))
    expect(rated).to_contain_text("Foi rápido e gentil")
    assert _rating(desk, marina) == (4, "Foi rápido e gentil")
    assert _kinds_of_scores(desk) == {False}, "no score of the bot alone"
    heard = marina.heard()
    assert not [one for one in heard if "rastreio parou" in one.whole], "a note is for colleagues"
    assert len({one.whole for one in heard}) == len(heard), "everything once"


def test_an_english_shopper_is_helped_and_asked_in_english(
    desk: Desk, phone_of: OpenPhone, agent: OpenConsole
) -> None:
    bruno, phone = agent(BRUNO, locale="en-GB"), phone_of(JOHN)
    phone.write("i want to talk to a person")
    phone.hears(response("utter_handed_over_wish", "en"))
    expect(bruno.page.get_by_test_id("offer")).to_contain_text("John Carter")
    bruno.press("o")
    expect(bruno.owner).to_have_text("Bruno Tavares")
    bruno.say("Hi John, the courier lost it. A new pair leaves today.")
    phone.hears("Hi John, the courier lost it. A new pair leaves today.")
    bruno.press("e")
    phone.hears(response("utter_desk_rate", "en"))
    phone.choose(plain("utter_desk_score_2", "en"))
    told = phone.hears(response("utter_desk_rated_low", "en"))
    talk = plain("utter_desk_rated_talk", "en")
    expect(told.get_by_test_id("option-button")).to_have_text([talk])
    phone.write("It took two weeks")
    phone.hears(response("utter_desk_commented", "en"))
    assert _rating(desk, desk.known(JOHN)) == (2, "It took two weeks")


def test_of_two_who_accept_at_once_one_has_it_and_the_other_sees_who(
    desk: Desk, agent: OpenConsole
) -> None:
    lia = _waits(desk, "Lia Fontes")
    both = [agent(email, may_be_refused=True) for email in (BRUNO, CARLA)]
    asked = [_held_back(one, "assignment") for one in both]
    for one in both:
        one.open("Lia Fontes")
        one.press("a")
    until(lambda: all(_turn(one, held) for one, held in zip(both, asked, strict=True)), "both")
    for held in asked:
        held[0].continue_()
    holder = until(lambda: desk.conversation(lia)["agent"], "somebody to have it")["name"]
    has, has_not = both if holder == "Bruno Tavares" else reversed(both)
    for one in both:
        expect(one.owner).to_have_text(holder)
    refusal = words()["problem.already_held"].format(holder=holder)
    expect(has_not.page.get_by_test_id("toast")).to_contain_text(refusal)
    has_not.say("Deixa que eu respondo!")
    expect(has_not.said("Deixa que eu respondo!")).to_have_attribute("data-sending", "failed")
    expect(has_not.said("Deixa que eu respondo!")).to_contain_text(refusal)
    has.say("Oi, Lia! Como posso ajudar?")
    expect(has_not.said("Oi, Lia! Como posso ajudar?")).to_be_visible()
    desk.settle(lia)
    assert [one.text for one in lia.heard()][1:] == ["Oi, Lia! Como posso ajudar?"]


@pytest.mark.parametrize("reached", [False, True], ids=["never left", "never answered"])
def test_a_browser_that_closes_in_mid_reply_says_it_once(
    desk: Desk, agent: OpenConsole, *, reached: bool
) -> None:
    name = "Nina Prado" if reached else "Otto Reis"
    shopper = _waits(desk, name)
    bruno = agent(BRUNO)
    _takes(bruno, name)
    held = _held_back(bruno, "messages")
    bruno.say("Separei outro par para você.")
    until(lambda: _turn(bruno, held), "the reply to leave")
    if reached:
        held[0].fetch()  # the desk has it, and the browser never hears so
    bruno = _opened_again(bruno, agent, name)
    expect(bruno.said("Separei outro par para você.")).to_have_count(1)
    expect(bruno.thread.locator("[data-sending]")).to_have_count(0)
    bruno.say("Chega na sexta.")
    expect(bruno.said("Chega na sexta.").locator("[data-state=delivered]")).to_be_visible()
    desk.settle(shopper)
    said = [one.text for one in shopper.heard()][1:]
    assert said == ["Separei outro par para você.", "Chega na sexta."]


def test_what_was_begun_is_there_when_the_browser_is_back(desk: Desk, agent: OpenConsole) -> None:
    rui = _waits(desk, "Rui Lopes")
    bruno = agent(BRUNO)
    _takes(bruno, "Rui Lopes")
    bruno.write("acho que o Rui já ligou ontem", begins="n")
    bruno = _opened_again(bruno, agent, "Rui Lopes")
    expect(bruno.box).to_have_value("acho que o Rui já ligou ontem")
    expect(bruno.page.get_by_test_id("kind-note")).to_have_attribute("aria-pressed", "true")
    bruno.box.press("Enter")
    expect(bruno.thread.get_by_test_id("note").last).to_contain_text("o Rui já ligou ontem")
    bruno = _opened_again(bruno, agent, "Rui Lopes")
    expect(bruno.box).to_have_value("")
    desk.settle(rui)
    assert len(rui.heard()) == 1, "a note is for colleagues, whatever happens to the browser"


def test_a_worker_killed_with_a_reply_on_its_way_sends_it_once(
    desk: Desk, agent: OpenConsole
) -> None:
    vera = _waits(desk, "Vera Pinto")
    bruno = agent(BRUNO)
    _takes(bruno, "Vera Pinto")
    never_answered = {"kind": "timeout_after_accept", "to": vera.address, "seconds": 60}
    with desk.trouble(never_answered):
        bruno.say("Sua troca foi aprovada.")
        until(lambda: len(vera.heard()) == 2, "the reply to be accepted")
        with desk.killed("worker"):
            bruno.say("O código de postagem vai por aqui.")
        desk.settle(vera)
    said = [one.text for one in vera.heard()][1:]
    assert said == ["Sua troca foi aprovada.", "O código de postagem vai por aqui."]
    for text in said:
        expect(bruno.said(text).locator("[data-state=delivered]")).to_be_visible()


def _waits(desk: Desk, name: str) -> Shopper:
    """Somebody who asked for a person, and was told that one comes."""
    shopper = desk.meet(name)
    shopper.writes("quero falar com uma pessoa")
    desk.settle(shopper)
    assert desk.conversation(shopper)["owner"] == "queue"
    return shopper


def _takes(console: Console, name: str) -> None:
    console.open(name)
    console.press("a")
    expect(console.owner).to_have_text("Bruno Tavares")


def _opens_notice(console: Console, what: str) -> None:
    """Go to what the bell tells of."""
    console.page.get_by_test_id("bell").click()
    sheet = console.page.get_by_role("dialog", name=words()["notice.title"])
    notice = sheet.get_by_role("listitem").filter(has_text=what).first
    notice.get_by_role("button", name=words()["notice.open"]).click()


def _opened_again(console: Console, agent: OpenConsole, name: str) -> Console:
    """Close the browser without a word, and open another with what the first one kept."""
    kept = console.page.context.storage_state()
    console.page.context.close()
    again = agent(BRUNO, remembered=kept)
    again.open(name)
    return again


def _held_back(console: Console, what: str) -> list[Route]:
    """What the page asks of the desk from now on, until it is let go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    console.page.route(f"**/{what}", hold)
    return held


def _turn(console: Console, held: list[Route]) -> bool:
    console.page.wait_for_timeout(20)  # lets the driver hear of requests
    return bool(held)


def _rating(desk: Desk, shopper: Shopper) -> tuple[int, str]:
    """The score of the shopper's ticket, and what was said about it."""
    path = f"/api/conversations/{desk.conversation(shopper)['id']}/tickets"
    rating: dict[str, Any] = desk.console.get(path).json()[0]["rating"]
    return rating["score"], rating["comment"]


def _kinds_of_scores(desk: Desk) -> set[bool]:
    found = desk.console.get("/api/reports/satisfaction").json()
    return {one["is_bot_only"] for one in found if one["rated"]}

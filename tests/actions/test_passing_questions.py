"""Short questions that belong to what was just said: the way back, and when a code expires."""

from typing import Any

import pytest

from actions.goods.goods import ActionCheckStock
from actions.guiding.fallback import ActionDefaultFallback
from actions.money.paying import ActionCheckPayment
from actions.returns.returning import ActionExchangeItem, ActionReturnItem
from tests.actions.counter import a_payment, money
from tests.actions.world import World, an_order, came

AURORA = {"product": "TN-AURORA", "name": "Tênis Aurora", "wish": "stock"}
BY_LAW = {"country": "BR", "days": 7, "law": "CDC, art. 49"}
FREE = {"days": 30, "shipping_paid_by": "shop"}
PAID = {"days": 30, "shipping_paid_by": "shopper"}


def _world(regret: list[Any], **windows: dict[str, Any]) -> World:
    world = World()
    world.shelf.rules = {"regret": regret, "windows": windows}
    return world


@pytest.mark.parametrize(
    ("text", "action", "intent"),
    [
        ("e quanto custa pra mandar de volta?", ActionCheckStock, "product_availability"),
        ("e pra devolver, paga?", ActionReturnItem, "return_item"),
        ("a devolução é de graça?", ActionReturnItem, "return_item"),
        ("se eu quiser devolver, quem paga o frete?", ActionDefaultFallback, "nlu_fallback"),
        ("how much is it to send it back?", ActionCheckStock, "product_availability"),
        ("and how much does a return cost", ActionDefaultFallback, "out_of_scope"),
        ("are returns free?", ActionReturnItem, "return_item"),
    ],
)
async def test_what_the_way_back_costs_is_told_by_the_rules_of_the_shop(
    text: str, action: Any, intent: str
) -> None:
    world = _world([BY_LAW], change_of_mind=PAID, defect=FREE, wrong_item=FREE)
    told = await world.after(action, text=text, intent=intent, goods=AURORA)
    law, later, _ = told.messages
    assert told.said == [
        "utter_return_way_by_regret",
        "utter_return_way_later",
        "utter_return_way_faulty",
    ]
    assert (law["days"], later["days"]) == ("7", "30")


@pytest.mark.parametrize(
    ("regret", "windows", "said"),
    [
        ([BY_LAW], {}, ["utter_return_way_by_regret"]),
        ([], {"change_of_mind": PAID}, ["utter_return_way_paid"]),
        ([BY_LAW], {"change_of_mind": FREE, "defect": FREE}, ["utter_return_way_free"]),
        ([{**BY_LAW, "country": "GB"}], {"change_of_mind": PAID}, ["utter_return_way_paid"]),
    ],
)
async def test_each_shop_tells_its_own_rules(
    regret: list[Any], windows: dict[str, Any], said: list[str]
) -> None:
    text = "quanto custa pra devolver?"
    told = await _world(regret, **windows).after(ActionCheckStock, text=text, intent="x")
    assert told.said == said


@pytest.mark.parametrize(
    ("text", "window", "said"),
    [
        ("a troca tem custo?", FREE, "utter_exchange_way_free"),
        ("is it free to exchange?", PAID, "utter_exchange_way_paid"),
    ],
)
async def test_what_an_exchange_costs_is_told(text: str, window: Any, said: str) -> None:
    world = _world([], exchange=window)
    told = await world.after(ActionExchangeItem, text=text, intent="exchange_item")
    assert told.said == [said]


@pytest.mark.parametrize(
    "text", ["quero devolver, quanto custa?", "i want to return it, how much is it?"]
)
async def test_who_wants_to_send_something_back_is_asked_what(text: str) -> None:
    world = _world([BY_LAW])
    world.orders = [came(days_ago=20)]
    told = await world.after(ActionReturnItem, text=text, intent="return_item")
    assert told.said == ["utter_return_ask_reason"]


async def _paying(state: str, method: str = "pix", **changes: Any) -> tuple[World, Any]:
    world = World(orders=[an_order("50001", "awaiting_payment")])
    world.counter.money = money("50001", a_payment("p1", method, state, **changes))
    return world, await world.after(ActionCheckPayment, text="o pix", intent="payment_issue")


@pytest.mark.parametrize(
    "text",
    [
        "quando vence?",
        "e até quando posso pagar?",
        "qual a data de vencimento?",
        "quanto tempo tenho?",
        "vale até quando?",
        "vence hoje?",
        "e se eu pagar amanhã?",
        "can i pay tomorrow?",
        "when does it expire?",
        "when is it due?",
        "how long do i have?",
    ],
)
async def test_until_when_a_code_is_good_is_told_by_its_own_date(text: str) -> None:
    world, shown = await _paying("pending", code="0002", expires_at="2026-03-01T16:00:00Z")
    assert shown.said == ["utter_pix_code"]
    told = await world.next(shown, action=ActionDefaultFallback, text=text, shown="50001")
    assert told.said == ["utter_payment_due"]
    assert told.messages[0]["until"].startswith("01/03")


@pytest.mark.parametrize(
    ("method", "said"), [("pix", "utter_pix_lasts"), ("boleto", "utter_boleto_lasts")]
)
async def test_without_a_date_it_is_told_what_holds_in_general(method: str, said: str) -> None:
    page = {"code": "0002", "expires_at": None, "url": "https://pay.example/1"}
    world, shown = await _paying("pending", method, **page)
    told = await world.next(
        shown, action=ActionDefaultFallback, text="quando vence?", shown="50001"
    )
    assert told.said == [said]
    assert (told.messages[0]["minutes"], told.messages[0]["days"]) == ("60", "3")


async def test_of_a_code_that_expired_it_is_told_how_long_a_new_one_lasts() -> None:
    world, asked = await _paying("expired")
    assert asked.said == ["utter_ask_new_pix"]
    said = {"text": "quando vence?", "intent": "payment_issue", "shown": "50001"}
    told = await world.next(asked, action=ActionCheckPayment, **said)
    assert told.said == ["utter_new_pix_lasts", "utter_ask_new_pix"]


@pytest.mark.parametrize("text", ["quando vence o prazo de troca?", "when does the sale end?"])
async def test_the_end_of_something_else_is_no_due_date(text: str) -> None:
    world, shown = await _paying("pending", code="0002")
    told = await world.next(shown, action=ActionDefaultFallback, text=text, shown="50001")
    assert "utter_payment_due" not in told.said

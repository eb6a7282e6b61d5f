"""A return or an exchange is taken back while it isn't on its way."""

from typing import Any

import pytest

from actions.changes.cancelling import ActionCancelOrder
from actions.returns.returning import ActionExchangeItem, ActionReturnItem
from tests.actions.shelf import a_return
from tests.actions.world import Outcome, World, brunos_order, came


def _world(*returns: dict[str, Any]) -> World:
    world = World(orders=[came("50001"), came("50003")])
    world.shelf.returns = list(returns)
    return world


async def _says(world: World, text: str = "desisti da devolução", **said: Any) -> Outcome:
    return await world.after(ActionReturnItem, text=text, intent="return_item", **said)


@pytest.mark.parametrize(
    "text",
    [
        "desisti da devolução",
        "desisto da troca",
        "cancela minha devolução",
        "não quero mais devolver",
        "resolvi ficar com o tênis",
        "cancel my return",
        "I don't want to return it anymore",
        "I changed my mind about the return",
        "forget the exchange",
        "I'll keep it after all",
    ],
)
@pytest.mark.parametrize("action", [ActionReturnItem, ActionExchangeItem, ActionCancelOrder])
async def test_the_one_that_is_open_is_meant(text: str, action: Any) -> None:
    world = _world(a_return("R50003-1", "50003", "label_sent"))
    outcome = await world.after(action, text=text)
    assert outcome.said == ["utter_withdraw_confirm"]
    assert outcome.messages[0]["return_number"] == "R50003-1"
    assert world.shelf.done == []


@pytest.mark.parametrize(
    "text", ["quero devolver meu pedido", "quero cancelar o pedido", "quero meu dinheiro de volta"]
)
async def test_a_wish_to_return_is_none_to_take_it_back(text: str) -> None:
    world = _world(a_return("R50003-1", "50003", "label_sent"))
    assert "utter_withdraw_confirm" not in (await _says(world, text)).said


async def test_a_yes_takes_it_back_once_for_its_message() -> None:
    world = _world(a_return("R50001-1", "50001", "requested"))
    asked = await _says(world)
    for _ in range(2):
        done = await world.next(asked, text="sim", intent="affirm", message_id="wamid.9")
        assert done.said == ["utter_withdraw_done"]
    assert [(kind, key) for kind, key, _ in world.shelf.done] == [
        ("withdrawal", "wamid.9:withdrawal")
    ]


@pytest.mark.parametrize("text", ["desisti mesmo da devolução", "sim, quero cancelar a devolução"])
async def test_the_wish_said_again_is_a_yes(text: str) -> None:
    world = _world(a_return("R50001-1", "50001", "requested"))
    done = await world.next(await _says(world), text=text, intent="return_item")
    assert done.said == ["utter_withdraw_done"]


@pytest.mark.parametrize("text", ["não", "deixa pra lá"])
async def test_a_no_leaves_it_as_it_is(text: str) -> None:
    world = _world(a_return("R50001-1", "50001", "requested"))
    left = await world.next(await _says(world), text=text, intent="deny")
    assert left.said == ["utter_withdraw_left"]
    assert world.shelf.done == []


async def test_of_several_one_is_asked_for() -> None:
    world = _world(
        a_return("R50003-1", "50003", "label_sent"),
        a_return("R50001-1", "50001", "requested", kind="exchange"),
    )
    asked = await _says(world)
    assert asked.said == ["utter_withdraw_which"]
    assert len(asked.messages[0]["buttons"]) == 2
    picked = await world.next(asked, text="1", intent="menu_choice")
    assert picked.said == ["utter_withdraw_confirm_exchange"]
    done = await world.next(picked, text="sim", intent="affirm")
    assert done.said == ["utter_withdraw_done"]
    assert world.shelf.returns[1]["state"] == "cancelled"


@pytest.mark.parametrize("state", ["in_transit", "received"])
async def test_what_is_on_its_way_is_for_people(state: str) -> None:
    outcome = await _says(_world(a_return("R50001-1", "50001", state)))
    assert outcome.said == ["utter_withdraw_too_late", "utter_advice_person"]


async def test_the_shop_may_refuse_at_the_last_moment() -> None:
    world = _world(a_return("R50001-1", "50001", "label_sent"))
    asked = await _says(world)
    world.shelf.returns[0]["state"] = "in_transit"
    late = await world.next(asked, text="sim", intent="affirm")
    assert late.said == ["utter_withdraw_too_late", "utter_advice_person"]


@pytest.mark.parametrize("state", ["refunded", "cancelled", None])
async def test_there_may_be_nothing_to_take_back(state: str | None) -> None:
    returns = [a_return("R50001-1", "50001", state)] if state else []
    assert (await _says(_world(*returns))).said == ["utter_withdraw_nothing"]


async def test_an_order_of_somebody_else_must_be_proven_first() -> None:
    world = World(orders=[brunos_order(state="delivered")])
    world.shelf.returns = [a_return("R50002-1", "50002", "label_sent")]
    outcome = await _says(world, order_number="50002")
    assert outcome.said == ["utter_ask_order_email"]


async def test_without_a_known_order_its_number_is_asked_for() -> None:
    stranger = {"name": "Bia", "phone": "5511911112222"}
    outcome = await _says(World(), contact=stranger)
    assert outcome.said == ["utter_ask_order_number"]

"""A button of an earlier question answers no later one."""

import pytest

from tests.actions.world import ANA, World, an_order
from tests.conversations.runner import Bot, Shopper


async def _asked_to_cancel(bot: Bot, world: World) -> Shopper:
    shopper = bot.meet(world, contact=ANA)
    await shopper.says("cancela meu pedido")
    assert [reply.response for reply in shopper.replies] == ["utter_cancel_confirm"]
    return shopper


def _world() -> World:
    allowed = {"allowed": True, "refusal": None, "until": None}
    return World(
        orders=[
            an_order(
                "50001", "paid", is_shipped=False, may_cancel=allowed, may_change_address=allowed
            )
        ]
    )


async def test_an_old_yes_confirms_nothing_else(bot: Bot) -> None:
    world = _world()
    shopper = await _asked_to_cancel(bot, world)
    old = shopper.question
    await shopper.says("não, deixa")
    await shopper.says("quero mudar o endereço de entrega do pedido 50001")
    said = [reply.response for reply in await shopper.says("/affirm", question=old)]
    assert said[0] == "utter_button_of_another_question"
    assert len(said) == 2
    assert world.shelf.done == []
    assert world.handoffs() == []


async def test_a_button_under_the_question_asked_again_is_in_time(bot: Bot) -> None:
    world = _world()
    shopper = await _asked_to_cancel(bot, world)
    old = shopper.question
    await shopper.says("qual o horário da loja?")
    await shopper.says("/affirm", question=old)
    assert [kind for kind, _, _ in world.shelf.done] == ["cancellation"]


@pytest.mark.parametrize("payload", ["/affirm", "/deny", '/menu_choice{"choice": "1"}'])
async def test_when_nothing_is_open_the_button_is_past(payload: str, bot: Bot) -> None:
    world = _world()
    shopper = await _asked_to_cancel(bot, world)
    old = shopper.question
    await shopper.says("não, deixa")
    said = [reply.response for reply in await shopper.says(payload, question=old)]
    assert said == ["utter_button_is_past"]
    assert world.shelf.done == []

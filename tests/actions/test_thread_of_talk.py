"""What is said between questions: the other order, and words that aren't kind."""

from typing import Any

import pytest

from actions.guiding.fallback import ActionDeclineRequest, ActionDefaultFallback, ActionTakeNo
from actions.tracking.order_status import ActionShowOrderStatus
from tests.actions.world import Outcome, World, an_order, brunos_order, came


async def _after_50001(world: World, text: str, **said: Any) -> Outcome:
    said = {"order_topic": "track", "shown": "50001", **said}
    return await world.after(said.pop("action", ActionTakeNo), text=text, **said)


@pytest.mark.parametrize(
    "text",
    [
        "e o outro?",
        "E a outra?",
        "não, o outro",
        "e o meu outro pedido?",
        "cadê o outro?",
        "and the other one?",
        "what about my other order?",
        "No, I meant the other one",
    ],
)
async def test_the_other_of_two_orders_is_shown(text: str) -> None:
    world = World(orders=[an_order("50001", "in_transit", eta=2), came("50003")])
    outcome = await _after_50001(world, text)
    assert outcome.slot("order_number") == "50003"


async def test_whatever_the_words_were_taken_for() -> None:
    world = World(orders=[an_order("50001", "in_transit", eta=2), came("50003")])
    outcome = await _after_50001(world, "e o outro pedido?", action=ActionShowOrderStatus)
    assert outcome.slot("order_number") == "50003"


async def test_of_several_others_one_is_chosen() -> None:
    world = World(orders=[an_order("50001", "in_transit", eta=2), came("50003"), came("50004")])
    outcome = await _after_50001(world, "e o outro?")
    assert outcome.said == ["utter_choose_order"]
    assert outcome.slot("offered_orders") == ["50003", "50004"]


async def test_the_orders_of_others_are_no_other_orders() -> None:
    world = World(orders=[an_order("50001", "in_transit", eta=2), brunos_order()])
    assert (await _after_50001(world, "e o outro?")).said == ["utter_no_other_order"]


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("e o outro?", {"shown": None}),
        ("e o outro?", {"pending": "order_email", "unproven_order": "50002"}),
        ("não quero outra coisa", {}),
        ("outro dia eu vejo isso", {}),
    ],
)
async def test_other_words_and_other_moments_mean_something_else(
    text: str, slots: dict[str, Any]
) -> None:
    world = World(orders=[an_order("50001", "in_transit", eta=2), came("50003")])
    outcome = await _after_50001(world, text, **slots)
    assert outcome.said == ["utter_nothing_else"]


@pytest.mark.parametrize("action", [ActionDefaultFallback, ActionDeclineRequest])
@pytest.mark.parametrize("text", ["seu robô burro", "VAI SE FODER", "you stupid bot", "idiot"])
async def test_an_insult_gets_a_calm_answer_and_counts_as_no_attempt(
    world: World, action: Any, text: str
) -> None:
    outcome = await world.after(action, text=text, failed_attempts=2)
    assert outcome.said == ["utter_insulted"]
    assert outcome.slot("pending") == "talk_to_human"
    assert outcome.slot("failed_attempts") == 0


async def test_the_second_insult_brings_a_person(world: World) -> None:
    first = await world.after(ActionDeclineRequest, text="seu robô burro")
    second = await world.next(first, text="idiota", action=ActionDeclineRequest)
    assert second.said == ["utter_handed_over_wish"]

"""Thanks while something is asked: returned, unless they are the answer."""

import pytest

from actions.guiding.courtesies import ActionReturnThanks
from actions.returns.returning import ActionReturnItem
from tests.actions.world import World, came


@pytest.mark.parametrize("text", ["obrigada!", "brigado 😊", "vlw", "thanks a lot", "thank you"])
async def test_thanks_are_returned_and_the_question_asked_again(text: str) -> None:
    world = World(orders=[came(days_ago=20)])
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    thanked = await world.next(asked, text=text, intent="thank", action=ActionReturnThanks)
    assert thanked.said == ["utter_thank", "utter_return_again_reason"]
    assert thanked.slot("pending") == "flow"


async def test_what_only_sounds_like_thanks_is_the_answer() -> None:
    world = World(orders=[came(days_ago=20)])
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    told = await world.next(asked, text="ficou grande", intent="thank", action=ActionReturnThanks)
    assert told.said == ["utter_return_ask_kind"]

"""What the bot does when it isn't sure which of two things was meant."""

import json
from typing import Any

import pytest

from actions.guiding.fallback import (
    ActionDefaultFallback,
    ActionOfferOtherRequest,
    ActionRejectGuesses,
)
from actions.guiding.menu import ActionChooseOption
from actions.talk import offers
from actions.wording import matters
from tests.actions.world import World

OFFERED = {"payloads": ["/cancel_order", '/exchange_item{"size": "40"}'], "failed": 1}
PENDING = {"pending": "did_you_mean", "offered_requests": OFFERED}


def unsure(*ranking: tuple[str, float]) -> list[dict[str, Any]]:
    found = [("nlu_fallback", 0.7), *ranking]
    return [{"name": name, "confidence": share} for name, share in found]


async def test_two_likely_requests_are_offered(world: World) -> None:
    ranking = unsure(("cancel_order", 0.28), ("exchange_item", 0.25), ("invoice", 0.1))
    entities = [{"entity": "size", "value": "40"}, {"entity": "email", "value": "a@b.com"}]
    outcome = await world.after(ActionDefaultFallback, ranking=ranking, entities=entities)
    assert outcome.said == ["utter_did_you_mean"]
    said = outcome.messages[0]
    assert (said["first"], said["first_payload"]) == (
        "Cancelar pedido",
        '/cancel_order{"size": "40"}',
    )
    assert said["second_payload"] == '/exchange_item{"size": "40"}'
    assert outcome.slot("pending") == "did_you_mean"
    assert outcome.slot("failed_attempts") == 0


async def test_what_has_no_name_is_passed_over(world: World) -> None:
    ranking = unsure(("inform_email", 0.3), ("cancel_order", 0.28), ("exchange_item", 0.25))
    outcome = await world.after(ActionDefaultFallback, ranking=ranking)
    assert outcome.messages[0]["first"] == "Cancelar pedido"


async def test_they_are_called_what_they_are_called_in_english(world: World) -> None:
    ranking = unsure(("cancel_order", 0.28), ("exchange_item", 0.25))
    outcome = await world.after(ActionDefaultFallback, ranking=ranking, language="en")
    assert outcome.messages[0]["first"] == "Cancel an order"


@pytest.mark.parametrize(
    "ranking",
    [
        unsure(),
        unsure(("cancel_order", 0.28)),
        unsure(("cancel_order", 0.1), ("exchange_item", 0.08)),
        unsure(("out_of_scope", 0.3), ("cancel_order", 0.28), ("exchange_item", 0.25)),
        unsure(("greet", 0.3), ("affirm", 0.28), ("exchange_item", 0.25)),
    ],
    ids=["nothing", "one", "unlikely", "foreign", "small talk"],
)
async def test_there_is_nothing_to_offer(world: World, ranking: list[dict[str, Any]]) -> None:
    outcome = await world.after(ActionDefaultFallback, ranking=ranking)
    assert outcome.said == ["utter_not_understood"]
    assert outcome.slot("failed_attempts") == 1


@pytest.mark.parametrize("pending", ["order_number", "order_email", "order_choice"])
async def test_an_awaited_answer_is_asked_for_again(world: World, pending: str) -> None:
    ranking = unsure(("cancel_order", 0.28), ("exchange_item", 0.25))
    outcome = await world.after(ActionDefaultFallback, ranking=ranking, pending=pending)
    assert outcome.said != ["utter_did_you_mean"]


async def test_a_number_does_what_it_stands_for(world: World) -> None:
    outcome = await world.after(ActionChooseOption, text="2", intent="menu_choice", **PENDING)
    assert outcome.said == []
    heard = outcome.events[-1]
    assert outcome.events[-2]["name"] == "action_listen"
    assert heard["event"] == "user"
    assert heard["parse_data"]["intent"] == {"name": "exchange_item", "confidence": 1.0}
    assert heard["parse_data"]["entities"] == [{"entity": "size", "value": "40"}]
    assert (heard["message_id"], heard["metadata"]["language"]) == ("wamid.1", "pt")
    assert outcome.slot("pending") is None
    assert outcome.slot("offered_requests") is None


@pytest.mark.parametrize("text", ["cancelar", "Cancelar pedido", "PEDIDO cancelar"])
async def test_the_name_of_an_offer_does_it(world: World, text: str) -> None:
    outcome = await world.after(ActionDefaultFallback, text=text, **PENDING)
    assert outcome.events[-1]["parse_data"]["intent"]["name"] == "cancel_order"


@pytest.mark.parametrize("text", ["3", "a última"])
async def test_the_last_number_is_neither(world: World, text: str) -> None:
    outcome = await world.after(ActionChooseOption, text=text, **PENDING)
    assert outcome.said == ["utter_not_understood_again"]
    assert outcome.slot("failed_attempts") == 2


async def test_neither_counts_on_from_before_the_question(world: World) -> None:
    outcome = await world.after(ActionRejectGuesses, failed_attempts=0, **PENDING)
    assert outcome.slot("failed_attempts") == 2
    assert outcome.slot("pending") == "menu"


async def test_not_to_choose_counts(world: World) -> None:
    ranking = unsure(("cancel_order", 0.28), ("exchange_item", 0.25))
    outcome = await world.after(ActionDefaultFallback, ranking=ranking, text="aquilo", **PENDING)
    assert outcome.said == ["utter_did_you_mean"]
    assert outcome.slot("failed_attempts") == 1


async def test_the_second_request_is_promised_as_a_button(world: World) -> None:
    other = {
        "intent": {"name": "store_hours", "confidence": 0.9},
        "entities": [{"entity": "date", "value": "-W-6"}],
    }
    outcome = await world.after(ActionOfferOtherRequest, also=other)
    assert outcome.said == ["utter_other_request"]
    assert outcome.messages[0]["matter"] == "Lojas e horários"
    assert outcome.messages[0]["payload"] == '/store_hours{"date": "-W-6"}'


async def test_what_else_is_asked_is_promised_one_button_each(world: World) -> None:
    third = {"intent": {"name": "promo_code", "confidence": 0.9}, "entities": []}
    second = {"intent": {"name": "store_hours", "confidence": 0.9}, "also": third}
    outcome = await world.after(ActionOfferOtherRequest, also=second)
    assert outcome.said == ["utter_other_requests"]
    assert [one["payload"] for one in outcome.messages[0]["buttons"]] == [
        "/store_hours",
        "/promo_code",
    ]


async def test_a_second_request_without_a_name_is_not_promised(world: World) -> None:
    other = {"intent": {"name": "rate_the_moon", "confidence": 0.9}, "entities": []}
    assert (await world.after(ActionOfferOtherRequest, also=other)).said == []


def test_a_payload_that_would_be_too_long_travels_without_its_values() -> None:
    entities = [{"entity": "product", "value": "tênis " * 60}]
    assert offers.payload("exchange_item", entities) == "/exchange_item"
    told = offers.payload("exchange_item", [{"entity": "color", "value": 'a"b{c}'}])
    assert json.loads(told.removeprefix("/exchange_item")) == {"color": 'a"b{c}'}


def test_a_matter_nobody_named_has_no_title() -> None:
    assert matters.title("nlu_fallback", "pt") is None

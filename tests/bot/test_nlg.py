"""A turn is answered in one language, chosen in a fixed order; a gap is never silent."""

from typing import Any

import pytest
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.nlg import BilingualNLG, ResponseMissingError

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    slots:
      language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
      name: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    responses:
      utter_hi:
        - text: "Oi, {name}! {{literal}}"
          condition: [{type: slot, name: language, value: pt}]
        - text: "Hi, {name}! {{literal}}"
          condition: [{type: slot, name: language, value: en}]
      utter_sizes:
        - text: "{name}"
          condition: [{type: slot, name: language, value: pt}]
          buttons:
            - {title: "{name}", payload: '/choose{{"size": "{name}"}}'}
            - {title: "M", payload: '/choose{"size": "M"}'}
      utter_gap:
        - text: "Só em português"
          condition: [{type: slot, name: language, value: pt}]
    """
)


def a_tracker(
    detected: dict[str, Any] | None = None,
    told: str | None = None,
    remembered: str | None = None,
) -> DialogueStateTracker:
    tracker = DialogueStateTracker("1", DOMAIN.slots)
    tracker.update(SlotSet("name", "Ana"))
    tracker.update(SlotSet("language", remembered))
    parse = {"intent": {}, "entities": []}
    if detected:
        parse["language"] = detected
    tracker.update(UserUttered("…", parse_data=parse, metadata={"language": told}))
    return tracker


@pytest.fixture
def nlg() -> BilingualNLG:
    endpoint = EndpointConfig(type="bot.nlg.BilingualNLG", default_language="pt")
    made = NaturalLanguageGenerator.create(endpoint, DOMAIN)
    assert isinstance(made, BilingualNLG)
    return made


@pytest.mark.parametrize(
    ("detected", "told", "remembered", "text"),
    [
        ({"name": "en", "explicit": True}, "pt", "pt", "Hi, Ana! {literal}"),
        ({"name": "en", "explicit": False}, "pt", "pt", "Hi, Ana! {literal}"),
        ({"name": None, "explicit": False}, "en", "pt", "Hi, Ana! {literal}"),
        (None, None, "en", "Hi, Ana! {literal}"),
        (None, None, None, "Oi, Ana! {literal}"),
    ],
)
async def test_the_language_is_chosen_in_order(
    nlg: BilingualNLG,
    detected: dict[str, Any] | None,
    told: str | None,
    remembered: str | None,
    text: str,
) -> None:
    tracker = a_tracker(detected, told, remembered)
    assert (await nlg.generate("utter_hi", tracker, "desk"))["text"] == text


@pytest.mark.parametrize("name", ["utter_gap", "utter_unheard_of"])
async def test_a_missing_variation_or_response_is_an_error(nlg: BilingualNLG, name: str) -> None:
    with pytest.raises(ResponseMissingError, match=name):
        await nlg.generate(name, a_tracker(told="en"), "desk")


async def test_a_value_that_is_missing_is_an_error(nlg: BilingualNLG) -> None:
    tracker = a_tracker(told="pt")
    tracker.update(SlotSet("name", None))
    with pytest.raises(ResponseMissingError, match="name"):
        await nlg.generate("utter_hi", tracker, "desk")


async def test_an_action_gives_values_beside_the_slots(nlg: BilingualNLG) -> None:
    response = await nlg.generate("utter_hi", a_tracker(told="pt"), "desk", name="Bruno")
    assert response["text"] == "Oi, Bruno! {literal}"


async def test_buttons_are_filled_and_their_payloads_stay_json(nlg: BilingualNLG) -> None:
    response = await nlg.generate("utter_sizes", a_tracker(told="pt"), "desk", name="0[x]")
    assert response["text"] == "0[x]"
    assert response["buttons"] == [
        {"title": "0[x]", "payload": '/choose{"size": "0[x]"}'},
        {"title": "M", "payload": '/choose{"size": "M"}'},
    ]

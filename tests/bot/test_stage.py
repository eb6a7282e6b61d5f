"""What the desk is told of an answer: where it leaves the shopper, and how sure the bot was."""

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered

from bot.tracker import DeskTracker
from bot.turn import Replies, Turn

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [complaint]
    slots:
      pending: {type: text, mappings: [{type: custom}]}
      failed_attempts: {type: float, mappings: [{type: custom}]}
      flow: {type: any, influence_conversation: false, mappings: [{type: custom}]}
    """
)
RETURN: dict[str, Any] = {"name": "return"}
COMPLAINT: dict[str, Any] = {"name": "complaint", "calls_people": True}


@pytest.mark.parametrize(
    ("slots", "stage"),
    [
        ({}, "answered"),
        ({"pending": "menu"}, "asked"),
        ({"pending": "flow", "flow": RETURN}, "asked"),
        ({"pending": "flow", "flow": COMPLAINT}, "calling"),
        ({"pending": None, "flow": COMPLAINT}, "answered"),
        ({"pending": "menu", "failed_attempts": 1}, "lost"),
    ],
)
def test_the_stage_of_an_answer(slots: dict[str, Any], stage: str) -> None:
    tracker = DeskTracker("42", DOMAIN.slots)
    tracker.update(UserUttered("oi", {"name": "complaint", "confidence": 1.0}))
    for name, value in slots.items():
        tracker.update(SlotSet(name, value))
    assert Turn("wamid.1", Replies()).answer(tracker)["stage"] == stage


@pytest.mark.parametrize(("asked", "confidence"), [("flow", None), ("menu", 0.3), (None, 0.3)])
def test_an_answer_to_a_flow_is_no_doubtful_wish(asked: str | None, confidence: object) -> None:
    tracker = DeskTracker("42", DOMAIN.slots)
    tracker.update(UserUttered("quero reclamar", {"name": "complaint", "confidence": 1.0}))
    tracker.update(SlotSet("pending", asked))
    tracker.update(UserUttered("mill lane", {"name": "complaint", "confidence": 0.3}))
    tracker.update(SlotSet("pending", None))
    assert Turn("wamid.2", Replies()).answer(tracker)["intent"]["confidence"] == confidence

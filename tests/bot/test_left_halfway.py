"""What a session leaves halfway, the next one still knows; unless people took it over."""

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet

from bot.tracker import DeskTracker

_SLOT = "{type: any, influence_conversation: false, mappings: [{type: custom}]}"
DOMAIN = Domain.from_yaml(
    f"""
    version: "3.1"
    intents: [greet]
    slots:
      pending: {{type: text, influence_conversation: false, mappings: [{{type: custom}}]}}
      flow: {_SLOT}
      unfinished: {_SLOT}
    """
)
RETURN = {"name": "return", "left_on": "2026-11-25", "wish": {"order": "50001"}}


@pytest.fixture
def tracker() -> DeskTracker:
    """A conversation in its first session."""
    tracker = DeskTracker("42", DOMAIN.slots)
    _begin_session(tracker)
    return tracker


def _begin_session(tracker: DeskTracker) -> None:
    tracker.update(ActionExecuted("action_session_start"))
    tracker.update(SessionStarted())
    tracker.update(ActionExecuted("action_listen"))


@pytest.mark.parametrize("flow", [RETURN, {"name": "promo", "after": RETURN}])
def test_the_next_session_knows_it(tracker: DeskTracker, flow: dict[str, Any]) -> None:
    tracker.update(SlotSet("flow", flow))
    _begin_session(tracker)
    assert tracker.get_slot("flow") is None
    assert tracker.get_slot("unfinished") == RETURN
    _begin_session(tracker)
    assert tracker.get_slot("unfinished") == RETURN, "until it was offered"


@pytest.mark.parametrize("flow", [None, {"name": "return"}, {"name": "promo", "after": None}])
def test_what_is_over_or_hardly_begun_is_not_kept(tracker: DeskTracker, flow: Any) -> None:
    tracker.update(SlotSet("flow", flow))
    _begin_session(tracker)
    assert tracker.get_slot("unfinished") is None


def test_what_people_took_over_is_theirs(tracker: DeskTracker) -> None:
    tracker.update(SlotSet("flow", RETURN))
    tracker.catch_up(["Já abri a devolução para você."])
    _begin_session(tracker)
    assert tracker.get_slot("unfinished") is None

"""What is changed in Rasa is changed in the Rasa we know, and does what it did, or more."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import rasa
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet

from bot import patches

patches.apply()

# Of the source of what is replaced or wrapped, in the version the patches were written for.
SOURCES = {
    "RemoteAction._validate_action_result": "f8cdb4be68123961",
    "RemoteAction.run": "ccabf6f1160d527a",
    "Event.resolve_by_type": "b5cf570fa7f286c7",
    "MessageProcessor._run_action": "6d383d0179ef1187",
    "Agent._create_tracker_store": "97499b594b45581b",
}
_PRINT_SOURCES = """
import hashlib, inspect
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import Event
for name in {names!r}:
    print(hashlib.sha256(inspect.getsource(eval(name)).encode()).hexdigest()[:16])
"""


def test_the_patches_are_for_this_version_of_rasa() -> None:
    assert rasa.__version__ == patches.RASA_VERSION == "3.6.21"


def test_what_is_patched_is_what_it_was() -> None:
    script = _PRINT_SOURCES.format(names=list(SOURCES))
    fresh = [sys.executable, "-W", "ignore", "-c", script]
    found = subprocess.run(fresh, capture_output=True, text=True, check=True).stdout.split()
    assert dict(zip(SOURCES, found, strict=True)) == SOURCES


def test_an_answer_of_the_action_server_is_still_checked() -> None:
    action = RemoteAction("action_x", None)
    event = {"event": "slot", "name": "size", "value": "38", "timestamp": None}
    assert action._validate_action_result({"events": [event], "responses": []})
    for wrong in (
        {"events": [event, {"event": "slot"}]},
        {"events": [{**event, "name": 1}]},
        {"events": [{**event, "timestamp": "now"}]},
        {"responses": ["oi"]},
        {"events": 1},
    ):
        with pytest.raises(ValidationError):
            action._validate_action_result(wrong)


def test_event_classes_are_found_as_before() -> None:
    for _ in range(2):
        assert Event.resolve_by_type("slot") is SlotSet
        assert Event.resolve_by_type("no_such_event", default=SlotSet) is SlotSet
        with pytest.raises(ValueError, match="no_such_event"):
            Event.resolve_by_type("no_such_event")


def test_applying_twice_changes_nothing() -> None:
    before: Callable[..., Any] = RemoteAction.run
    patches.apply()
    assert RemoteAction.run is before


def test_other_tracker_stores_are_wrapped_as_before() -> None:
    wrapped = Agent(Domain.empty(), tracker_store=InMemoryTrackerStore(Domain.empty()))
    assert isinstance(wrapped.tracker_store, FailSafeTrackerStore)
    assert isinstance(Agent(Domain.empty()).tracker_store, FailSafeTrackerStore)


async def test_outside_the_desks_channel_rasa_goes_on_after_a_failure(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONS_URL", "http://127.0.0.1:9/webhook")
    said = {"sender": "rest", "message": "cadê meu pedido 48213"}
    answer = await desk.client.post("/webhooks/rest/webhook", json=said)
    assert (answer.status_code, answer.json()) == (200, [])

"""The few places where Rasa 3.6.21 is changed from outside, each pinned by a test.

Two make it fast (a constant schema compiled once, event classes found once). The others make a
failure heard: Rasa logs a failing action and goes on with the rule, so the bot would say that it
did what it didn't; and it answers from an empty memory when the tracker store is down. One lets a
message make several requests.
"""

from __future__ import annotations

import asyncio
import os
from functools import cache
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import following, turn

RASA_VERSION = "3.6.21"

_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = validator_for(_SCHEMA)(_SCHEMA)
_PLAIN_SLOT = {"event", "name", "value", "timestamp"}
_EVENT_CLASSES: dict[str, type[Event]] = {}
_PATIENCE_IN_SECONDS = 20.0

_resolve_by_type = Event.resolve_by_type
_run_remotely = RemoteAction.run
_run_predicted = MessageProcessor._run_action  # noqa: SLF001
_answer_request = MessageProcessor._run_prediction_loop  # noqa: SLF001
_wrap_tracker_store = Agent._create_tracker_store  # noqa: SLF001


@cache
def apply() -> None:
    """Change Rasa, once in a process."""
    RemoteAction._validate_action_result = _validate_action_result  # noqa: SLF001
    Event.resolve_by_type = staticmethod(_resolve_by_type_once)
    RemoteAction.run = _run_remote_action
    MessageProcessor._run_action = _run_predicted_action  # noqa: SLF001
    MessageProcessor._run_prediction_loop = _answer_all_requests  # noqa: SLF001
    Agent._create_tracker_store = staticmethod(_create_tracker_store)  # noqa: SLF001


def _validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """As Rasa's, which checks the schema itself on every call (24–34 ms).

    What most answers are made of, slots that are plainly right, need not be held against each of
    the schema's twenty kinds of events.
    """
    events = result.get("events") if isinstance(result, dict) else None
    if isinstance(events, list):
        result = {**result, "events": [one for one in events if not _is_plain_slot(one)]}
    error = best_match(_VALIDATOR.iter_errors(result))
    if error is not None:
        raise error
    return True


def _is_plain_slot(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and event.keys() <= _PLAIN_SLOT
        and event.get("event") == "slot"
        and type(event.get("name")) is str
        and "value" in event
        and event.get("timestamp") is None
    )


def _resolve_by_type_once(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """As Rasa's, which walks over all classes for every event it reads."""
    known = _EVENT_CLASSES.get(type_name)
    if known is None:
        known = _resolve_by_type(type_name, default)
        if known is None or known is default:
            return known
        _EVENT_CLASSES[type_name] = known
    return known


async def _run_remote_action(
    self: RemoteAction,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """Ask the action server at ACTIONS_URL, not for minutes, and note its failure in the turn.

    Noted, because the actions that fill slots are called where Rasa swallows errors too.
    """
    patience = _PATIENCE_IN_SECONDS
    if self.action_endpoint is not None:
        _follow_environment(self.action_endpoint)
        patience = float(self.action_endpoint.kwargs.get("patience_in_seconds", patience))
    try:
        events: list[Event] = await asyncio.wait_for(
            _run_remotely(self, output_channel, nlg, tracker, domain), patience
        )
    except ActionExecutionRejection:
        raise
    except Exception:
        if heard := turn.current.get():
            heard.fail("action_failed", self.name())
        raise
    return events


def _follow_environment(endpoint: EndpointConfig) -> None:
    url = os.environ.get("ACTIONS_URL")
    if url and type(endpoint) is EndpointConfig:
        endpoint.url = url


async def _run_predicted_action(
    self: MessageProcessor,
    action: Action,
    tracker: DialogueStateTracker,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    prediction: PolicyPrediction,
) -> bool:
    """End the turn when an action fails; outside our own channel Rasa goes on as it always did."""
    heard = turn.current.get()
    if heard is None:
        return bool(await _run_predicted(self, action, tracker, output_channel, nlg, prediction))
    watched = _Watched(action, heard)
    again = await _run_predicted(self, watched, tracker, output_channel, nlg, prediction)
    if heard.failure is not None:
        raise heard.failure
    return bool(again)


async def _answer_all_requests(
    self: MessageProcessor, output_channel: OutputChannel, tracker: DialogueStateTracker
) -> None:
    """Answer as Rasa does, and then each further request of the same message, or offer to."""
    await _answer_request(self, output_channel, tracker)
    other = following.other_request(tracker)
    while other is not None and not tracker.is_paused() and following.is_free(tracker):
        tracker.update(following.heard_next(tracker, other), self.domain)
        await self.run_action_extract_slots(output_channel, tracker)
        await _answer_request(self, output_channel, tracker)
        other = following.other_request(tracker)
    if other is None or tracker.is_paused():
        return
    if following.OFFER in self.domain.action_names_or_texts:
        action = self._get_action(following.OFFER)
        offer = PolicyPrediction.for_action_name(self.domain, following.OFFER, "second request")
        await self._run_action(action, tracker, output_channel, self.nlg, offer)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)


class _Watched(Action):
    """An action whose failure is noted in the turn instead of being logged and forgotten."""

    def __init__(self, action: Action, heard: turn.Turn) -> None:
        self._action = action
        self._turn = heard

    def name(self) -> str:
        return str(self._action.name())

    async def run(self, *args: Any, **kwargs: Any) -> list[Event]:
        try:
            events: list[Event] = await self._action.run(*args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception as error:  # noqa: BLE001
            self._turn.fail("action_failed", self.name()).__cause__ = error
            return []
        return events

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> Event:
        return self._action.event_for_successful_execution(prediction)


def _create_tracker_store(store: TrackerStore | None, domain: Domain | None) -> TrackerStore:
    """A store that declares `is_loud` is used as it is, not wrapped in one that hides errors."""
    if store is not None and getattr(store, "is_loud", False):
        store.domain = domain
        return store
    return _wrap_tracker_store(store, domain)

"""The other requests of a message: each answered after the one before it, or offered for later."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

OFFER = "action_offer_other_request"
_HANDED_OVER = "utter_handed_over"
_ALSO = "also"
_SECOND = "second_request"
_FLOW = "flow"


def other_request(tracker: DialogueStateTracker) -> dict[str, Any] | None:
    """What the latest message asks besides, when people haven't just been given all of it."""
    heard = tracker.latest_message
    other: dict[str, Any] | None = (heard.parse_data or {}).get(_ALSO) if heard else None
    return None if other is None or _is_handed_over(tracker) else other


def is_free(tracker: DialogueStateTracker) -> bool:
    """Whether the first answer left no question open that a second one would bury."""
    slots = tracker.current_slot_values()
    is_open = slots.get("pending") or slots.get("failed_attempts") or tracker.active_loop_name
    return not is_open


def heard_next(tracker: DialogueStateTracker, other: dict[str, Any]) -> UserUttered:
    """That request as a message of its own, told apart by its metadata."""
    first = tracker.latest_message
    language = (first.parse_data or {}).get("language")
    return UserUttered(
        other["text"],
        other["intent"],
        other["entities"],
        {**other, "language": language},
        input_channel=first.input_channel,
        message_id=first.message_id,
        metadata={**(first.metadata or {}), _SECOND: True},
    )


def first_request(tracker: DialogueStateTracker) -> UserUttered | None:
    """The latest message that isn't a further part of one."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered) and not (event.metadata or {}).get(_SECOND):
            return event
    return None


def is_answer(tracker: DialogueStateTracker) -> bool:
    """Whether a flow's question was open when the latest message came."""
    message, is_before = first_request(tracker), False
    for event in reversed(tracker.events):
        if is_before and isinstance(event, SlotSet) and event.key == "pending":
            return bool(event.value == _FLOW)
        is_before = is_before or event is message
    return False


def _is_handed_over(tracker: DialogueStateTracker) -> bool:
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        said = event.metadata.get("utter_action") if isinstance(event, BotUttered) else None
        if said and said.startswith(_HANDED_OVER):
            return True
    return False

"""A conversation's tracker that stays small: the last turns, and the slots from before them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot import asked, language
from bot.masking import without_emails

# What is worth keeping of how an earlier message was understood.
_PARSE_KEYS = ("text", "intent", "entities", "language", "urgent")
# What only makes sense while the bot waits for an answer to its own question.
_OPEN_QUESTIONS = (
    "pending",
    "failed_attempts",
    "unproven_order",
    "offered_orders",
    "offered_requests",
    "flow",
    "unfinished",
)
# What a new session still knows, besides the language.
_LASTING = ("named_on", "unfinished")
# A flow that says on which day it was left may be offered again.
_FLOW, _LEFT_ON, _UNFINISHED = "flow", "left_on", "unfinished"
_LONGEST_SAID = 1000
_ORDER = "order_number"
_NOT_KEPT = ("model_id", "assistant_id", "contact")
# An e-mail address, which is covered once its turn is over, unless it is still to be used.
_EMAIL, _GIVEN_EMAIL = "email", "given_email"


class DeskTracker(DialogueStateTracker):
    """A tracker that knows its row's version, the last answers, and the language spoken."""

    def __init__(self, sender_id: str, slots: Iterable[Slot] | None, *args: Any, **kw: Any) -> None:
        """A conversation not seen before has version 0."""
        super().__init__(sender_id, slots, *args, **kw)
        self.version = 0
        self.answers: list[dict[str, Any]] = []
        # The number of the latest turn it heard; 0 where the desk gave none.
        self.number = 0
        # What the shopper was told about; a session that begins with this turn begins with it.
        self.about_order: str | None = None

    @classmethod
    def of_row(
        cls, sender_id: str, slots: Iterable[Slot], version: int, state: dict[str, Any]
    ) -> DeskTracker:
        """The tracker as `state_of` wrote it."""
        tracker = cls(sender_id, slots)
        tracker.version = version
        tracker.answers = state["answers"]
        tracker.number = state.get("number", 0)
        tracker.events.extend(deserialise_events(state["events"]))
        tracker.replay_events()
        return tracker

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """As always, and the slot `language` follows each message and outlives a session."""
        before, lasting = self._language(), self._lasting()
        if isinstance(event, UserUttered):
            self._look_at_button(event)
        super().update(event, domain)
        spoken: str | None = None
        if isinstance(event, UserUttered):
            spoken = language.of_turn(event, before).name
        elif isinstance(event, SessionStarted | Restarted):
            spoken = before
        if isinstance(event, SessionStarted):
            self.talk_about(self.about_order)
        if spoken and language.SLOT in self.slots and spoken != self._language():
            super().update(SlotSet(language.SLOT, spoken), domain)
        if isinstance(event, SessionStarted | Restarted):
            for name, value in lasting.items():
                super().update(SlotSet(name, value), domain)

    def catch_up(self, said: list[str]) -> None:
        """People had the conversation and said this: the bot's own questions are over.

        Told while the bot listens, before it hears the next message.
        """
        for name in _OPEN_QUESTIONS:
            slot = self.slots.get(name)
            if slot is not None and slot.value != slot.initial_value:
                self.update(SlotSet(name, slot.initial_value))
        for text in said:
            self.update(BotUttered(text[:_LONGEST_SAID], metadata={"author": "agent"}))

    def talk_about(self, order: str | None) -> None:
        """The shopper was told of this order, and may well mean it.

        An open question of the bot's is about what it is about.
        """
        self.about_order = order
        pending = self.slots.get("pending")
        is_open = pending is not None and pending.value
        if order is not None and _ORDER in self.slots and not is_open:
            super().update(SlotSet(_ORDER, order))

    def _look_at_button(self, pressed: UserUttered) -> None:
        """Note it when the question that the button stood under isn't open any more."""
        stood_under = (pressed.metadata or {}).get(asked.QUESTION)
        if asked.is_late(stood_under, self.current_slot_values()) and pressed.parse_data:
            pressed.parse_data[asked.LATE] = True

    def _lasting(self) -> dict[str, Any]:
        """What a new session knows of the one before."""
        known = {name: self.slots[name].value for name in _LASTING if name in self.slots}
        flow = self.slots[_FLOW].value if _FLOW in self.slots else None
        for kept in (flow, (flow or {}).get("after")):
            if _UNFINISHED in self.slots and kept and kept.get(_LEFT_ON):
                known[_UNFINISHED] = kept
        return {name: value for name, value in known.items() if value is not None}

    def _language(self) -> str | None:
        slot = self.slots.get(language.SLOT)
        return slot.value if slot else None


def state_of(
    tracker: DialogueStateTracker,
    answers: list[dict[str, Any]],
    turns_kept: int,
    number: int = 0,
) -> dict[str, Any]:
    """What a row keeps of a conversation: the last turns' events, the last answers and number."""
    events = list(tracker.events)
    cut = _cut(events, turns_kept)
    dropped, events = events[:cut], events[cut:]
    if dropped and isinstance(events[0], UserUttered):
        events = _summary(tracker, dropped) + events
    given = tracker.slots.get(_GIVEN_EMAIL)
    awaited = given.value if given else None
    kept = [_as_dict(event, awaited) for event in events]
    return {"events": kept, "answers": answers, "number": number}


def _cut(events: Sequence[Event], turns_kept: int) -> int:
    """Where the kept events begin: at the session's start, or at the message so many turns ago."""
    turns, cut = 0, 0
    for at in range(len(events) - 1, 0, -1):
        if isinstance(events[at], SessionStarted):
            return cut if turns > turns_kept else at - _is_session_start(events[at - 1])
        if isinstance(events[at], UserUttered):
            turns += 1
            if turns == turns_kept:
                cut = at
    return cut if turns > turns_kept else 0


def _is_session_start(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_SESSION_START_NAME


def _summary(tracker: DialogueStateTracker, dropped: Sequence[Event]) -> list[Event]:
    """Events that leave a fresh tracker as the dropped ones did: session, slots, loop, listening.

    Real events and not a snapshot beside them, because Rasa's policies build their view of the
    past by replaying events over empty slots.
    """
    past = DialogueStateTracker(tracker.sender_id, tracker.slots.values())
    empty = past.current_slot_values()
    past.events.extend(dropped)
    past.replay_events()
    summary: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    summary += [
        SlotSet(name, value)
        for name, value in past.current_slot_values().items()
        if value != empty[name]
    ]
    if past.active_loop_name:
        summary += [ActionExecuted(past.active_loop_name), ActiveLoop(past.active_loop_name)]
    if past.is_paused():
        summary.append(ConversationPaused())
    summary.append(ActionExecuted(ACTION_LISTEN_NAME))
    for event in summary:
        event.timestamp = dropped[-1].timestamp
    return summary


def _as_dict(event: Event, awaited: str | None) -> dict[str, Any]:
    """As Rasa's, without what no later turn reads: model ids, rankings, names, e-mail addresses."""
    kept: dict[str, Any] = event.as_dict()
    if metadata := kept.get("metadata"):
        kept["metadata"] = {key: value for key, value in metadata.items() if key not in _NOT_KEPT}
    if isinstance(event, UserUttered):
        kept["text"] = without_emails(kept["text"] or "")
        kept["parse_data"] = {
            key: _without_emails(value)
            for key, value in kept["parse_data"].items()
            if key in _PARSE_KEYS
        }
    elif isinstance(event, SlotSet) and event.key == _GIVEN_EMAIL and event.value != awaited:
        kept["value"] = event.value and without_emails(event.value)
    return kept


def _without_emails(value: Any) -> Any:
    if isinstance(value, str):
        return without_emails(value)
    if isinstance(value, list):
        return [
            {**each, "value": without_emails(str(each["value"]))}
            if each.get("entity") == _EMAIL
            else each
            for each in value
        ]
    return value

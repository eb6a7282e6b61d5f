"""What takes more than one turn: who goes on with an order, and who reads an open question's answer.

Flows are named and not imported here, because they use much of what uses this module.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING

from rasa_sdk.events import EventType, SlotSet

from actions.outside import Outside
from actions.turn import Turn
from order_system.model import Order

if TYPE_CHECKING:
    from collections.abc import Sequence

PENDING = "flow"
"""The slot `pending` while a flow's own question is open; the slot `flow` tells which."""

# By the topic that an order is looked for: `tell(turn, outside, order)`.
_TOPICS = {
    "address": "actions.moving:tell",
    "cancel": "actions.cancelling:tell",
    "exchange": "actions.returning:tell",
    "invoice": "actions.invoices:tell",
    "payment": "actions.paying:tell",
    "refund": "actions.refunds:tell",
    "return": "actions.returning:tell",
}
# By the name in the slot `flow`: modules with `take(turn, outside)` and `ask_again(turn)`.
_FLOWS = {
    "address": "actions.moving",
    "cancel": "actions.cancelling",
    "goods": "actions.goods",
    "promo": "actions.promos",
    "return": "actions.returning",
}
# Their answers are words that would mean something else on their own ("it came torn", "Campinas"):
# they read each message before the action that its intent leads to.
_FIRST = frozenset({"address", "cancel", "return"})
# With one of these, what was asked before a digression may be asked again.
_FREE = frozenset({None, PENDING, "menu"})


def is_topic(topic: str) -> bool:
    """Whether an order is looked for to do something with it, and not only to show it."""
    return topic in _TOPICS


async def tell(turn: Turn, outside: Outside, topic: str, order: Order) -> list[EventType]:
    """Go on with an order of which it is clear whose it is."""
    events: list[EventType] = await resolve_name(_TOPICS[topic])(turn, outside, order)
    return events


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Go on with the answer to the open question; None when none is open, or this is no answer."""
    if turn.pending != PENDING or not turn.flow:
        return None
    events: list[EventType] | None = await _flow(turn).take(turn, outside)
    return events


async def take_first(turn: Turn, outside: Outside) -> list[EventType] | None:
    """As `take`, for the flows that hear a message before anybody else."""
    is_first = turn.has_just_spoken and turn.flow.get("name") in _FIRST
    return await take(turn, outside) if is_first else None


def ask_again(turn: Turn) -> None:
    """Say the open question once more."""
    _flow(turn).ask_again(turn)


def after_digression(turn: Turn, events: Sequence[EventType]) -> list[EventType]:
    """Ask the open question again when something else was answered and nothing else is asked."""
    if not turn.flow or _last(events, "flow", missing=turn) is not turn:
        return []
    if _last(events, "pending", missing=turn.pending) not in _FREE:
        return []
    ask_again(turn)
    return [SlotSet("pending", PENDING)]


def _flow(turn: Turn) -> object:
    return resolve_name(_FLOWS[turn.flow["name"]])


def _last(events: Sequence[EventType], slot: str, missing: object) -> object:
    values = [event["value"] for event in events if event.get("name") == slot]
    return values[-1] if values else missing

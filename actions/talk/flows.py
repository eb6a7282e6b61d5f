"""What takes more than one turn: who goes on with an order, and who reads an answer.

Flows are named and not imported here, because they use much of what uses this module.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import restarting, thanking
from order_system.model import Order

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT_ON = "left_on"
"""In the slot `flow` the day, where the flow is offered again in a later session."""
PENDING = "flow"
"""The slot `pending` while a flow's own question is open; the slot `flow` tells which."""
CALLS_PEOPLE = "calls_people"
"""True in the slot `flow` where people come whatever the answer is, and also if there is none."""

# By the topic that an order is looked for: `tell(turn, outside, order)`.
_TOPICS = {
    "address": "actions.changes.moving:tell",
    "cancel": "actions.changes.cancelling:tell",
    "contents": "actions.talk.contents:tell",
    "exchange": "actions.returns.returning:tell",
    "invoice": "actions.money.invoices:tell",
    "payment": "actions.money.paying:tell",
    "refund": "actions.money.refunds:tell",
    "return": "actions.returns.returning:tell",
    "withdraw": "actions.returns.withdrawing:tell",
}
_UNFINISHED = "actions.returns.unfinished"
# By the name in the slot `flow`: modules with `take(turn, outside)` and `ask_again(turn)`.
_FLOWS = {
    "address": "actions.changes.moving",
    "advice": "actions.talk.advising",
    "cancel": "actions.changes.cancelling",
    "complaint": "actions.guiding.complaining",
    "data": "actions.privacy.data_request",
    "goods": "actions.goods.goods",
    "paying": "actions.money.paying",
    "promo": "actions.money.promos",
    "return": "actions.returns.returning",
    "unfinished": _UNFINISHED,
    "withdrawal": "actions.returns.withdrawing",
}
_EXCHANGES = "actions.returns.return_status:of_exchange"
_DUE = "actions.money.due_dates:told"
# Their answers are words that would mean something else on their own ("it came torn", "Campinas"):
# they read each message before the action that its intent leads to.
_FIRST = frozenset({"address", "cancel", "return", "withdrawal"})
# "GRANDE" is a code, but short enough to wait in between; a complaint waits for people alone.
_HEARS_FIRST = _FIRST | {"complaint", "promo"}
# These go to people at once, when they are said in words: "1042" is the number of a house. The
# flow for addresses looks for itself, because "o número é 2020" sounds like a call.
_NEVER = frozenset({"fraud_report", "talk_to_human"})
_FEWEST_LETTERS = 3
# Who asks for one of these is done with the flow that was open.
_LEAVING = frozenset(
    {"cancel_order", "change_address", "exchange_item", "menu_choice", "return_item"}
)
# Nothing is lost with one of these: who speaks of something else a second time has left it.
_LIGHT = frozenset({"goods", "promo"})
# Asked once: who speaks of something else has no mind for it.
_ONCE = frozenset({"unfinished"})
# Offered instead of what a flow couldn't do: it takes the flow's place.
_INSTEAD = frozenset({"advice"})
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
    is_open = turn.pending == PENDING and turn.flow.get("name") in _HEARS_FIRST
    if not is_open or not turn.has_just_spoken or _is_call(turn):
        return None
    calls = bool(turn.flow.get(CALLS_PEOPLE))
    is_greeting = turn.intent == "greet" and not turn.entities  # "G" is a size
    if is_greeting and not calls and not restarting.begins_anew(turn.text):
        ask_again(turn)  # "oi?" in the middle wants no menu
        return [SlotSet("flow", turn.flow)]
    if turn.intent == "thank" and not calls and thanking.thanks(turn.text):
        return None
    return await take(turn, outside)


async def news_of_exchange(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Say how the exchange goes, to whom asks for the new piece; None when nobody does."""
    events: list[EventType] | None = await resolve_name(_EXCHANGES)(turn, outside)
    return events


async def due_date(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Say until when the payment talked about can be made; None when nobody asks."""
    events: list[EventType] | None = await resolve_name(_DUE)(turn, outside)
    return events


async def offered_again(
    turn: Turn, outside: Outside, events: Sequence[EventType] = ()
) -> list[EventType]:
    """Offer what was left halfway in an earlier session, where nothing else is open any more."""
    is_open = _last(events, "pending", missing=turn.pending) not in {None, "menu"}
    has_flow = _last(events, "flow", missing=turn.flow)
    is_busy = is_open or has_flow or turn.has_handed_over or turn.other_request
    if turn.tracker.get_slot("unfinished") is None or is_busy or _is_heard_anew(events):
        return []
    # Whoever begins with a no has no mind for it.
    if turn.intent == "deny" or not await has_left_halfway(turn, outside):
        return [SlotSet("unfinished", None)]
    return offer_again(turn)


async def has_left_halfway(turn: Turn, outside: Outside) -> bool:
    """Whether something of an earlier session can still be gone on with."""
    return bool(await resolve_name(_UNFINISHED).to_offer(turn, outside))


def offer_again(turn: Turn) -> list[EventType]:
    """Ask whether to go on with that."""
    events: list[EventType] = resolve_name(_UNFINISHED).offer(turn)
    return events


def ask_again(turn: Turn) -> None:
    """Say the open question once more."""
    _flow(turn).ask_again(turn)


def after_digression(turn: Turn, events: Sequence[EventType]) -> list[EventType]:
    """Ask the open question again when something else was answered and nothing else is asked."""
    if not turn.flow or _last(events, "flow", missing=turn) is not turn:
        return []
    if _last(events, "pending", missing=turn.pending) not in _FREE:
        return []
    if turn.flow.get("name") in _ONCE:
        return [SlotSet("flow", None), SlotSet("pending", _last(events, "pending", missing=None))]
    if turn.flow.get("name") not in _LIGHT or turn.flow.get("after"):
        ask_again(turn)
        return [SlotSet("pending", PENDING)]
    if turn.flow.get("put_off"):
        is_free = _last(events, "pending", missing=PENDING) == PENDING
        return [SlotSet("flow", None), *([SlotSet("pending", None)] if is_free else [])]
    ask_again(turn)
    return [SlotSet("pending", PENDING), SlotSet("flow", {**turn.flow, "put_off": True})]


def laid_aside(
    turn: Turn, events: Sequence[EventType], *, is_digression: bool = True
) -> list[EventType]:
    """Keep the flow that a short one came into the middle of, and go on with it afterwards."""
    before, now = turn.flow, _last(events, "flow", missing=turn)
    if now is turn or not before:
        return []
    waiting = before if before.get("name") in _FIRST else before.get("after")
    if isinstance(now, dict) and now.get("name") not in _FIRST | _INSTEAD and waiting:
        return [SlotSet("flow", {**now, "after": waiting})]
    is_over = now is None and _last(events, "pending", missing=None) in _FREE
    is_left = waiting is before and (not is_digression or turn.intent in _LEAVING)
    if not waiting or not is_over or is_left or turn.has_handed_over:
        return []
    turn.tracker.slots["flow"] = waiting
    ask_again(turn)
    return [SlotSet("flow", waiting), SlotSet("pending", PENDING)]


def _is_call(turn: Turn) -> bool:
    is_said = sum(map(str.isalpha, turn.text)) >= _FEWEST_LETTERS
    return turn.intent in _NEVER and is_said and turn.flow.get("name") != "address"


def _is_heard_anew(events: Sequence[EventType]) -> bool:
    """Whether another action answers the message, as another one."""
    return any(event.get("event") == "user" for event in events)


def _flow(turn: Turn) -> Any:
    return resolve_name(_FLOWS[turn.flow["name"]])


def _last(events: Sequence[EventType], slot: str, missing: object) -> object:
    values = [event["value"] for event in events if event.get("name") == slot]
    return values[-1] if values else missing

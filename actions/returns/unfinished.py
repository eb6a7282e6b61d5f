"""A return that was left halfway is offered once more when the shopper comes back."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.returns import returning
from actions.returns.return_wish import UNFINISHED, Case, Wish, left_halfway, of_flow
from actions.talk import choosing, flows, people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import dates
from order_system.protocol import OrderSystemError

logger = logging.getLogger(__name__)
_LONGEST_AGO = timedelta(days=7)
# As on the buttons, for whoever types one or its number.
_OPTIONS = {
    "pt": {"yes": "Continuar", "no": "Agora não"},
    "en": {"yes": "Go on", "no": "Not now"},
}
_MEANS = {"affirm": "yes", "deny": "no"}


async def to_offer(turn: Turn, outside: Outside) -> bool:
    """Whether there is one that can still be gone on with; none while the shop is silent."""
    left = left_halfway(turn)
    if left is None or turn.flow or _is_forgotten(turn):
        return False
    try:
        return await _is_open(outside, left)
    except OrderSystemError as error:
        logger.warning("what was left halfway isn't offered: %s", error.reason)
        return False


def offer(turn: Turn) -> list[EventType]:
    """Ask whether to go on with it; asked once."""
    kept = dict(turn.tracker.get_slot(UNFINISHED))
    flow = {"name": UNFINISHED, "told": kept.get("told") or {}, "wish": kept["wish"]}
    _ask(turn, flow)
    return [
        SlotSet(UNFINISHED, None),
        SlotSet("flow", flow),
        SlotSet("pending", flows.PENDING),
        SlotSet("failed_attempts", 0),
    ]


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Go on with it on a yes; a no leaves it."""
    left = left_halfway(turn)
    picked = None if turn.is_button else choosing.chosen(turn, _OPTIONS[turn.language])
    if left is not None and "yes" in (picked, _MEANS.get(turn.intent)):
        return await returning.resume(turn, outside, left)
    if "no" in (picked, _MEANS.get(turn.intent)):
        turn.say("utter_flow_left")
        return people.forget_questions()
    return None


def ask_again(turn: Turn) -> None:
    """Ask once more."""
    _ask(turn, turn.flow)


def _ask(turn: Turn, flow: Mapping[str, Any]) -> None:
    wish = of_flow(flow)
    said = "utter_exchange_unfinished" if wish.is_exchange else "utter_return_unfinished"
    turn.say(said, order_number=wish.order)


def _is_forgotten(turn: Turn) -> bool:
    left_on = str((turn.tracker.get_slot(UNFINISHED) or {}).get(flows.LEFT_ON) or "")
    return not left_on or dates.today() - date.fromisoformat(left_on) > _LONGEST_AGO


async def _is_open(outside: Outside, left: Wish) -> bool:
    order = await outside.orders.by_number(left.order or "")
    options = await outside.orders.return_options(left.order or "")
    if order is None or options is None:
        return False
    case = Case(order, options)
    wanted = left.items or tuple(item.ref for item in case.open_items)
    return bool(wanted) and all(case.left_of(ref) for ref in wanted)

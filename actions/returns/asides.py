"""Questions about the return itself in the middle of it: its cost, the new piece, the money."""

from __future__ import annotations

import re

from actions.returns import return_asking, return_status
from actions.returns.return_wish import Wish
from actions.talk import costs, refund_times
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording.plain import plain

_WHEN = re.compile(r"\b(?:quando|qdo|quanto tempo|quantos dias|prazo|when|how long|how soon)\b")


async def answered(turn: Turn, outside: Outside, wish: Wish) -> Wish | None:
    """Answer what is asked; returns what to remember, or None where nothing was asked."""
    if wish.is_exchange and return_status.asks_for_new_piece(turn):
        turn.say("utter_exchange_when")
        return wish
    if wish.order is not None and _asks_for_money(turn):
        await refund_times.say_of_order(turn, outside, wish.order)
        return wish
    heard = wish.hearing(turn)
    if costs.are_asked(turn) and await return_asking.say_cost(turn, outside, heard):
        return heard
    return None


def _asks_for_money(turn: Turn) -> bool:
    """Whether it is asked when the money comes: neither a reason ("demora") nor a wish for it."""
    is_meant = turn.intent == "refund_status" and bool(_WHEN.search(plain(turn.text)))
    return is_meant or refund_times.are_asked(turn)

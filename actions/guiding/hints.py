"""What a message that wasn't understood may still mean: a promo code, or the goods talked about."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.goods import goods
from actions.money import promos
from actions.talk import flows
from actions.talk.outside import Outside
from actions.talk.turn import Turn

_QUIET = frozenset({None, "menu"})


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Answer what the shop knows for sure; None where it knows nothing of it."""
    if turn.is_button or turn.pending not in _QUIET or turn.order_number or turn.email:
        return None
    taken = await promos.follow_up(turn, outside)
    return taken if taken is not None else await goods.follow_up(turn, outside)


async def of_flow(turn: Turn, outside: Outside) -> list[EventType] | None:
    """As `take`, after the answer to an open question, which comes first."""
    given = await flows.take(turn, outside)
    return given if given is not None else await take(turn, outside)

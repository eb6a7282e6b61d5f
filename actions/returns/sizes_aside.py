"""In the middle of a return somebody asks what else there is of the piece."""

from __future__ import annotations

import re

from actions.returns import variants
from actions.returns.return_wish import Wish
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording.plain import plain

_MOST_TOLD = 3
_STOCK = re.compile(r"\b(?:tamanhos?|numeros?|cor(?:es)?|estoque|sizes?|colou?rs?|stock)\b")


def are_asked_for(turn: Turn) -> bool:
    """ "Wait, which sizes do you have?" in the middle is about the piece that goes back."""
    is_unclear = turn.intent in {"nlu_fallback", "out_of_scope"} and "?" in turn.text
    is_asked = turn.intent in {"product_availability", "size_chart", "sizing_help"} or is_unclear
    is_plain = not turn.is_button and not turn.values_of("product")
    return is_asked and is_plain and bool(_STOCK.search(plain(turn.text)))


async def say(turn: Turn, outside: Outside, wish: Wish) -> bool:
    """Say what there is of the lines meant; returns whether anything was said."""
    order = await outside.orders.by_number(wish.order or "")
    meant = wish.items or tuple(wish.offered)
    chosen = [item for item in order.items if item.ref in meant] if order else []
    said = [await variants.say_stock(turn, outside, item) for item in chosen[:_MOST_TOLD]]
    return any(said)

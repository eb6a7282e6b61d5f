"""What is in an order and what it came to, for whoever asks about the one talked about."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import EventType

from actions.talk import asking, orders
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts, words
from actions.wording.pieces import described
from actions.wording.plain import plain
from order_system.model import Order

_TOPIC = "contents"
_LONGEST = 9  # words: what is longer tells something else as well
_CAME_TO = re.compile(
    r"\bquanto (?:e que |eu |que |me |isso )*"
    r"(?:foi|custou|custaram|ficou|deu|paguei|gastei|saiu|era)\b"
    r"|\bvalor (?:total )?d(?:o|a|esse|esta|este|essa) (?:meu |minha )?(?:pedido|compra)\b"
    r"|\bhow much (?:was|were|did|have i)\b|\bwhat(?: wa|.?)s the total\b"
    r"|\bwhat did (?:i pay|(?:it|that|they|all that) cost)\b"
)
# Of goods on the shelf it would be said in the same words.
_COMES_TO = re.compile(
    r"\b(?:qual (?:(?:foi|era|e) )?(?:mesmo )?o (?:valor|total)|what.?s the price)\b"
)
_HOLDS = re.compile(
    r"\bo que (?:e que |foi que |mesmo )?(?:eu )?(?:comprei|pedi|encomendei)\b"
    r"|\bo que (?:tem|tinha|vem|vai) n(?:o|a|ele|ela|esse|essa|este|esta)\b"
    r"|\bquais (?:sao |eram |foram )?(?:os |as )?(?:itens|produtos|pecas)\b.*\b(?:pedido|compra)"
    r"|\bwhat (?:did|have) i (?:order|buy|bought|get|purchase)"
    r"|\bwhat(?:.?s| is| was) in (?:it|there|my|the|that|this)\b|\bwhich items\b"
)
_ELSE = re.compile(
    r"\b(?:fretes?|entregas?|envio|portes|taxas?|estorno|reembolso|descontos?|cupom|multa|devol\w+"
    r"|shipping|delivery|postage|refund\w*|fees?|discount|promo|return|late|errad[oa]s?|wrong)\b"
)
# What such a question may be taken for; anything else says something of its own.
_TAKEN_FOR = frozenset(
    (
        *("product_availability", "order_status", "track_order", "inform_order_number"),
        *("payment_issue", "invoice", "out_of_scope", "nlu_fallback"),
    )
)
# Whoever was just asked one of these answers it.
_AWAITED = frozenset({"order_number", "order_email", "order_choice", "did_you_mean"})


async def asked(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Tell of the order talked about, or of the contact's own; None when that isn't asked."""
    if turn.is_button or not turn.has_just_spoken or turn.intent not in _TAKEN_FOR:
        return None
    number = turn.order_number or turn.told.get("order_number") or turn.shown_order
    if turn.pending in _AWAITED or not _is_meant(turn, number):
        return None
    return await asking.about(turn, outside, _TOPIC, number)


async def tell(turn: Turn, outside: Outside, order: Order) -> list[EventType]:  # noqa: ARG001
    """Say what is in this order, and what was to pay for it all."""
    about: dict[str, Any] = {
        "order_number": orders.number_of(order),
        "items": words.listed(
            [described(item, item.quantity) for item in order.items], turn.language
        ),
    }
    if order.total is None:
        turn.say("utter_order_contents", **about)
        return []
    prices = [item.unit_price.amount * item.quantity for item in order.items if item.unit_price]
    has_more = len(prices) == len(order.items) and sum(prices) < order.total.amount
    said = "utter_order_came_to_with_delivery" if has_more else "utter_order_came_to"
    turn.say(said, total=amounts.written(order.total, turn.language), **about)
    return []


def _is_meant(turn: Turn, number: str | None) -> bool:
    said = plain(turn.text)
    if len(said.split()) > _LONGEST or _ELSE.search(said):
        return False
    is_about_goods = bool(turn.goods.get("product")) and turn.flow.get("name") in {None, "goods"}
    if _HOLDS.search(said) or (_CAME_TO.search(said) and (number or not is_about_goods)):
        return True
    return bool(number) and not is_about_goods and _COMES_TO.search(said) is not None

"""What a shopper may say at any question: leave it, take another order, begin anew."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.talk import asking, orders, people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import dates, restarting
from actions.wording.plain import plain
from order_system.model import Order

_YES = re.compile(
    r"(?:sim|isso|ok|pode|confirmo|certo|yes|yep|yeah|sure|please do|go ahead|confirm)\b"
)
_PICKED = re.compile(r"(?:a |o |opcao |option |numero )?([12])[\s.)!]*")
YES, NO = 1, 2
"""The places of such buttons below a question."""
_BUT = re.compile(r"\b(?:nao|mas|so que|but|not|no|don.?t|except|menos)\b|\?")
_RESERVED = re.compile(r"\b(?:mas|so que|menos|but|except)\b")
_LEAVE = re.compile(
    r"\b(?:deixa? (?:pra|para) la|deixa quieto|esquece|deixa assim|desisti\b(?! da compra)"
    r"|mudei de ideia.{0,12}(?:fico|vou ficar)|(?:vou|quero) ficar com (?:el[ea]|isso)\b"
    r"|nao precisa mais|cancel\w* (?:\w+ )?(?:devolucao|troca)\b"
    r"|nao (?:quero|vou) mais (?:devolv|troc)\w+(?: (?:nao|nada|mais nada))?[\s.!]*$"
    r"|cancel (?:my |the |this )?(?:return|exchange)\b"
    r"|never ?mind|forget (?:it|about it)|leave it(?! (?:at|with|by|in|on)\b)|i.ll keep|keep it"
    r"|don.t bother|drop it(?! (?:off|at|in|by|into)\b))"
)
_OTHER_ORDER = re.compile(
    r"\b(?:outr[oa] (?:pedido|compra)|pedido errado|nao e ess[ea] pedido|nao e esse.{0,6}pedido"
    r"|other order|another order|different order|wrong order|not (?:that|this) order)"
)
# Somebody else's order: "esse não, o do meu marido", "no, my husband's".
_PEOPLE_OF_ONES_OWN = (
    r"(?:marido|esposa|mulher|mae|pai|irmao?|filh[oa]|namorad[oa]|amig[oa]|sogr[oa]|chefe|husband"
    r"|wife|mum|mom|mother|dad|father|sister|brother|son|daughter|friend|boyfriend|girlfriend"
    r"|partner|boss)"
)
_OF_ANOTHER = re.compile(
    rf"\b[oa] d[oa] (?:meu |minha )?{_PEOPLE_OF_ONES_OWN}\b|\bmy {_PEOPLE_OF_ONES_OWN}.?s\b"
)
_LONGEST = 8  # words
# What asks for another of one's orders and says nothing more: "e o outro?", "and my other one?".
_OTHER_ONE = re.compile(
    r"(?:(?:nao|no|e|and|mas|but|quanto|what|how|about|cade|where|is|s|o|a|ao|do|da|os|meu|minha"
    r"|the|my|era|quero|ver|saber|i|meant|of|see) ){0,5}(?:outr[oa]|other)"
    r"(?: (?:one|pedido|compra|encomenda|order|purchase|parcel|pacote))?"
)
_OTHER_ITEM = re.compile(
    r"\b(?:outr[oa] (?:item|peca|produto)|nao e ess[ea] (?:item|peca|produto)|item errado mesmo"
    r"|other (?:item|one|product)|another item|different item|not (?:that|this) (?:item|one))"
)


# What else may name an order while a flow asks something asks about that order.
_FREE = frozenset({None, "menu", "talk_to_human"})
_WORD = re.compile(r"[a-z]+")
_UNCLEAR = frozenset({"nlu_fallback", "out_of_scope"})
_VAGUE = _UNCLEAR | {"inform_order_number", "order_status", "track_order"}
_CORRECTING = frozenset(
    {"affirm", "deny", "inform_order_number", "menu_choice", "nlu_fallback", "out_of_scope"}
)
_OWN = {
    "address": frozenset({"change_address"}),
    "cancel": frozenset({"cancel_order"}),
    "exchange": frozenset({"exchange_item", "return_item"}),
    "return": frozenset({"exchange_item", "return_item"}),
    "withdraw": frozenset({"cancel_order", "exchange_item", "return_item"}),
}


def agrees(turn: Turn, topic: str) -> bool:
    """Whether the message is a yes, even one that repeats the wish: "sim, quero devolver"."""
    said = plain(turn.text)
    if (picked := picked_button(turn)) is not None:
        return picked == YES
    if turn.intent == "affirm":
        return not _RESERVED.search(said)
    # "Ok, e quando chega" is a question of its own, and no yes.
    if turn.is_button or turn.intent not in _OWN[topic] | _UNCLEAR:
        return False
    return bool(_YES.match(said)) and not _BUT.search(said)


def declines(turn: Turn) -> bool:
    """Whether the message is a no, or the number of the button that says it."""
    return turn.intent == "deny" or picked_button(turn) == NO


def picked_button(turn: Turn) -> int | None:
    """Which of the buttons "yes" and "no" is picked by a bare number."""
    picked = None if turn.is_button else _PICKED.fullmatch(plain(turn.text).strip())
    return int(picked[1]) if picked else None


def leaves(turn: Turn) -> bool:
    """Whether the shopper drops the matter."""
    return not turn.is_button and bool(_LEAVE.search(plain(turn.text)))


def begins_anew(turn: Turn) -> bool:
    """Whether the shopper wants to start over."""
    return not turn.is_button and restarting.begins_anew(turn.text)


def means_other_item(turn: Turn) -> bool:
    """Whether another piece of the same order is meant."""
    return not turn.is_button and bool(_OTHER_ITEM.search(plain(turn.text)))


def means_other_order(turn: Turn) -> bool:
    """Whether another order is meant, without saying which."""
    return not turn.is_button and bool(_OTHER_ORDER.search(plain(turn.text)))


async def other_one(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Go on with the contact's other order after one was shown; None where none is meant."""
    is_free = turn.pending in _FREE and not turn.flow and turn.has_just_spoken
    if is_free and turn.shown_order and turn.intent in _VAGUE and _is_of_another(turn):
        turn.say("utter_ask_order_number")
        return [SlotSet("pending", "order_number")]
    said = " ".join(_WORD.findall(plain(turn.text)))
    if turn.is_button or not turn.shown_order or not is_free or not _OTHER_ONE.fullmatch(said):
        return None
    found = await _others(turn, outside, turn.topic, turn.shown_order)
    if found:
        return await asking.among(turn, outside, turn.topic, found)
    turn.say("utter_no_other_order", order_number=turn.shown_order)
    return [SlotSet("pending", None)]


def _is_of_another(turn: Turn) -> bool:
    is_short = len(turn.text.split()) <= _LONGEST and not turn.is_button
    return is_short and turn.order_number is None and bool(_OF_ANOTHER.search(plain(turn.text)))


def named_order(turn: Turn) -> str | None:
    """The order number in the message, where it is called one: a house has a number too."""
    number = turn.order_number
    if number is None:
        return None
    called = re.search(rf"(?:pedido|compra|order|#)\D{{0,12}}{number}\b", plain(turn.text))
    return number if called or turn.is_button else None


async def handled(
    turn: Turn, outside: Outside, topic: str, order_number: str | None
) -> list[EventType] | None:
    """Do what such words ask for; None when the message holds none of them."""
    if leaves(turn):
        turn.say("utter_flow_dropped")
        return people.forget_questions()
    if begins_anew(turn):
        turn.say("utter_menu")
        return [*people.forget_questions(), SlotSet("pending", "menu")]
    named = named_order(turn) if topic == "address" else turn.order_number
    is_correction = turn.intent in _CORRECTING | _OWN[topic] and not turn.is_button
    if named and named != order_number and is_correction:
        return await asking.about(turn, outside, topic, named)
    if means_other_order(turn):
        return await _other_order(turn, outside, topic, order_number)
    return None


async def _other_order(
    turn: Turn, outside: Outside, topic: str, order_number: str | None
) -> list[EventType]:
    found = await _others(turn, outside, topic, order_number)
    return await asking.among(turn, outside, topic, found)


async def _others(
    turn: Turn, outside: Outside, topic: str, order_number: str | None
) -> Sequence[Order]:
    """The contact's orders besides this one; where there are any, those that fit the topic."""
    if not turn.phone:
        return []
    fitting = await orders.to_choose_from(outside.orders, turn.phone, topic, dates.today())
    found = [order for order in fitting if orders.number_of(order) != order_number]
    if found:
        return found
    own = await orders.to_choose_from(outside.orders, turn.phone, orders.ANY, dates.today())
    return [order for order in own if orders.number_of(order) != order_number]

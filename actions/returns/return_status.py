"""Where a return stands."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.returns import papers
from actions.returns.return_wish import Case
from actions.talk import advising, people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts, dates
from actions.wording.plain import plain
from order_system.returns import Return
from order_system.texts import in_language
from order_system.vocabulary import ReturnKind, ReturnState

_STATES = {
    ReturnState.REQUESTED: "utter_return_requested",
    ReturnState.LABEL_SENT: "utter_return_label_sent",
    ReturnState.IN_TRANSIT: "utter_return_in_transit",
    ReturnState.RECEIVED: "utter_return_received",
    ReturnState.REFUNDED: "utter_return_refunded",
    ReturnState.EXCHANGED: "utter_return_exchanged",
    ReturnState.REJECTED: "utter_return_rejected",
    ReturnState.CANCELLED: "utter_return_cancelled",
    ReturnState.UNKNOWN: "utter_return_unknown",
}
_BEFORE_ARRIVAL = frozenset({ReturnState.LABEL_SENT, ReturnState.IN_TRANSIT})
_LONGEST = 9  # words
_COMES = r"(?:cheg\w+|vem|vira|mandam|envi\w+|receb\w+|demora|sai|posta\w*)"
_NEW_PIECE = re.compile(
    rf"\b(?:quando|qdo|quanto tempo|que dia|cade)\b.{{0,20}}\b{_COMES}\b.{{0,20}}"
    r"\b(?:nov[oa]s?|outr[oa]s?|troca)\b"
    r"|\b(?:when|how long)\b.{0,30}"
    r"\b(?:new (?:one|pair|size)|other (?:one|size)|replacement|exchange)"
)
_WHEN = re.compile(
    rf"\b(?:quando|qdo|que dia)\b.{{0,12}}\b{_COMES}\b|\bwhen\b.{{0,20}}\b(?:get|arrive|come|here)"
)
_OTHER_ORDER = re.compile(
    r"\b(?:pedidos?|encomendas?|compras?|orders?|dinheiro|money|reembolso|refund)\b"
)


async def say(turn: Turn, outside: Outside, case: Case) -> list[EventType] | None:
    """Say where the newest return of the order stands; None when it has none."""
    found = await outside.orders.returns_of(case.options.order_number)
    return await _tell(turn, outside, found[0]) if found else None


async def of_exchange(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Say where the exchange talked about stands, to whom asks when the new piece comes."""
    number = turn.shown_order
    is_free = turn.has_just_spoken and not turn.flow and not turn.is_button
    if turn.topic != "exchange" or number is None or not is_free or not _asks_when(turn):
        return None
    found = await outside.orders.returns_of(number)
    if not found or found[0].kind is not ReturnKind.EXCHANGE:
        return None
    return await _tell(turn, outside, found[0])


def asks_for_new_piece(turn: Turn) -> bool:
    """Whether it is asked when the other piece of an exchange comes."""
    return not turn.is_button and bool(_NEW_PIECE.search(plain(turn.text)))


async def how_to_post(turn: Turn, outside: Outside, opened: Return) -> None:
    """Until when and where to post it, with the label."""
    if opened.post_by:
        day = dates.written(opened.post_by, turn.language, dates.today())
        turn.say("utter_return_post_by", post_by=day)
    drop_off = in_language(opened.drop_off, turn.language)
    if drop_off:
        turn.say("utter_shop_sentence", sentence=drop_off)
    if opened.has_label:
        await papers.send_label(turn, outside, opened.number)


async def _tell(turn: Turn, outside: Outside, newest: Return) -> list[EventType]:
    turn.say(_STATES[newest.state], return_number=newest.number)
    if newest.kind is ReturnKind.EXCHANGE and newest.state in _BEFORE_ARRIVAL:
        turn.say("utter_exchange_when")
    if newest.state is ReturnState.LABEL_SENT:
        await how_to_post(turn, outside, newest)
    elif newest.state is ReturnState.IN_TRANSIT and newest.tracking:
        turn.say("utter_return_tracking", tracking_number=newest.tracking)
    elif newest.state is ReturnState.REJECTED:
        because = in_language(newest.rejected_because, turn.language)
        if because:
            turn.say("utter_shop_sentence", sentence=because)
        return advising.offer(turn, "utter_advice_person", "talk_to_human")
    elif newest.state is ReturnState.REFUNDED and newest.refund:
        turn.say("utter_return_amount", amount=amounts.written(newest.refund, turn.language))
    elif newest.state is ReturnState.EXCHANGED and newest.replacement_order:
        turn.say("utter_return_replacement", order_number=newest.replacement_order)
    return people.forget_questions()


def _asks_when(turn: Turn) -> bool:
    said = plain(turn.text)
    is_other = turn.order_number or turn.values_of("product") or _OTHER_ORDER.search(said)
    is_short = len(said.split()) <= _LONGEST
    return not is_other and is_short and bool(_NEW_PIECE.search(said) or _WHEN.search(said))

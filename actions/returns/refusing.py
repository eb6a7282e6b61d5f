"""The shop's no in words: why, and what can be done instead."""

from __future__ import annotations

from datetime import date

from rasa_sdk.events import EventType

from actions.returns import return_status
from actions.returns.return_wish import Case, Wish
from actions.talk import advising, people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import dates
from order_system.refusals import Advice, Refusal, Why
from order_system.texts import in_language
from order_system.vocabulary import ReturnKind, ReturnReason

_WHY = {
    Why.ORDER_UNKNOWN: "utter_refused_order_unknown",
    Why.BEING_PACKED: "utter_refused_being_packed",
    Why.ALREADY_SHIPPED: "utter_refused_already_shipped",
    Why.OUT_FOR_DELIVERY: "utter_refused_out_for_delivery",
    Why.NOT_DELIVERED_YET: "utter_refused_not_delivered_yet",
    Why.ALREADY_DELIVERED: "utter_refused_already_delivered",
    Why.ALREADY_CANCELLED: "utter_refused_already_cancelled",
    Why.ALREADY_RETURNED: "utter_refused_already_returned",
    Why.CATEGORY_EXCLUDED: "utter_refused_category_excluded",
    Why.COUNTRY_CHANGED: "utter_refused_country_changed",
}
# Nothing to offer: the sentence says all there is.
_FINAL = frozenset({Why.ALREADY_CANCELLED, Why.ALREADY_RETURNED, Why.ORDER_UNKNOWN})


async def of_return(
    turn: Turn, outside: Outside, case: Case, wish: Wish, refusal: Refusal
) -> list[EventType]:
    """Why something can't go back on this wish, and on which it could."""
    if refusal.why is Why.ALREADY_RETURNING:
        said = await return_status.say(turn, outside, case)
        if said is not None:
            return said
    kind = ReturnKind.REFUND if wish.is_exchange else ReturnKind.EXCHANGE
    other = [each.best(kind, wish.why) for each in case.options_of(wish)]
    if other and all(ground.is_given for ground in other):
        _say_why(turn, refusal)
        response = "utter_advice_refund" if wish.is_exchange else "utter_advice_exchange"
        intent = "return_item" if wish.is_exchange else "exchange_item"
        return advising.offer(turn, response, intent, order_number=wish.order or "")
    faulty = [each.best(kind, ReturnReason.DEFECT) for each in case.options_of(wish)]
    if faulty and all(ground.is_given for ground in faulty) and wish.reason != "defect":
        _say_why(turn, refusal)
        return advising.offer(
            turn,
            "utter_advice_report_defect",
            "return_item",
            order_number=wish.order or "",
            choice="defect",
        )
    return await say(turn, outside, refusal, wish.order or "", wish.told)


async def say(
    turn: Turn, outside: Outside, refusal: Refusal, number: str, told: dict[str, str]
) -> list[EventType]:
    """Say why not, and offer what can be done; where nobody knows, people are called."""
    if not _say_why(turn, refusal):
        return await people.call(
            turn, outside.desk, "needs_people", told=told or {"order_number": number}
        )
    if refusal.why in _FINAL:
        return people.forget_questions()
    if refusal.advice is Advice.CANCEL:
        return advising.offer(turn, "utter_advice_cancel", "cancel_order", order_number=number)
    if refusal.advice in {Advice.RETURN, Advice.EXCHANGE}:
        return advising.offer(turn, "utter_advice_return", "return_item", order_number=number)
    if refusal.advice in {Advice.REFUSE_DELIVERY, Advice.RETURN_AFTER_DELIVERY}:
        await _say_how_to_refuse(turn, outside)
        return people.forget_questions()
    return advising.offer(turn, "utter_advice_person", "talk_to_human")


def _say_why(turn: Turn, refusal: Refusal) -> bool:
    """Say the reason; returns whether there are words for it."""
    until = refusal.facts.get("until")
    if refusal.why is Why.WINDOW_OVER and until:
        try:
            day = dates.written(date.fromisoformat(until), turn.language, dates.today())
        except ValueError:
            return False
        turn.say("utter_refused_window_over", until=day)
        return True
    words = _WHY.get(refusal.why)
    if words:
        turn.say(words)
    return bool(words)


async def _say_how_to_refuse(turn: Turn, outside: Outside) -> None:
    """The shop's own sentence about refusing a parcel, or ours."""
    policies = await outside.orders.policies()
    sentence = in_language(policies.texts.get("refuse_delivery", {}), turn.language)
    if sentence:
        turn.say("utter_shop_sentence", sentence=sentence)
    else:
        turn.say("utter_advice_refuse_delivery")

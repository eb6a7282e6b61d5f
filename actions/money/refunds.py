"""Where the money that comes back is by now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.talk import advising, asking, guessing, orders, people, questions, refund_times
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts, dates, reasons, words
from order_system.model import Order, OrderState
from order_system.payments import OrderPayments, Refund
from order_system.returns import Return
from order_system.vocabulary import RefundState, ReturnReason, ReturnState

_SAID = {
    RefundState.REQUESTED: "utter_refund_requested",
    RefundState.SENT: "utter_refund_sent",
    RefundState.DONE: "utter_refund_done",
}
_WITHOUT_DAY = {
    RefundState.REQUESTED: "utter_refund_requested_without_day",
    RefundState.SENT: "utter_refund_sent_without_day",
    RefundState.DONE: "utter_refund_done_without_day",
}
_MOST = 3
_GIVING_BACK = frozenset({"cancel", "return"})
_WHICH_ORDER = frozenset({"order_number", "order_email", "order_choice"})
# Flows that an offer of money may take the place of.
_LIGHT = frozenset({None, "advice", "goods", "paying", "promo"})
_UNDER_WAY = {
    ReturnState.REQUESTED: "utter_refund_after_posting",
    ReturnState.LABEL_SENT: "utter_refund_after_posting",
    ReturnState.IN_TRANSIT: "utter_refund_after_arrival",
    ReturnState.RECEIVED: "utter_refund_after_check",
    ReturnState.REJECTED: "utter_refund_return_rejected",
    ReturnState.EXCHANGED: "utter_refund_exchanged",
}


class ActionShowRefund(Act):
    """Says where a refund is."""

    def name(self) -> str:
        """As in the domain."""
        return "action_show_refund"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the order whose money comes back; it may have to be sent back first."""
        if refund_times.come_with_a_return(turn):
            return guessing.hear_as(turn, "return_item")
        if turn.order_number:
            return await asking.about(turn, self.outside, "refund", turn.order_number)
        found = await _expecting(turn, self.outside)
        if len(found) != 1 and _is_in_passing(turn):
            return await _say_times(turn, self.outside)
        shown = [order for order in found if orders.number_of(order) == turn.shown_order]
        if found:
            return await asking.among(turn, self.outside, "refund", shown or found)
        return await asking.about(turn, self.outside, "refund")


def _is_in_passing(turn: Turn) -> bool:
    """Whether it is asked how long money takes in the middle of something that waits."""
    return turn.flow.get("name") not in _LIGHT and refund_times.are_asked(turn)


async def _say_times(turn: Turn, outside: Outside) -> list[EventType]:
    """Say how long it takes: for the order that gives its money back, else in general."""
    if turn.flow.get("name") in _GIVING_BACK and turn.shown_order:
        await refund_times.say_of_order(turn, outside, turn.shown_order)
    else:
        await refund_times.say_of_all(turn, outside)
    if turn.pending in _WHICH_ORDER:
        return await questions.repeat(turn, outside.desk, before=turn.failed_attempts - 1)
    return []


async def tell(turn: Turn, outside: Outside, order: Order) -> list[EventType]:
    """Say how far the money is; what went wrong or takes too long is for people."""
    number = orders.number_of(order)
    money = await outside.orders.payments_of(number)
    refunds = list(money.refunds[-_MOST:]) if money else []
    stuck = [one for one in refunds if _is_stuck(one)]
    if stuck:
        return await _give_to_people(turn, outside, number, stuck[-1])
    for refund in refunds:
        _say(turn, refund, number)
    if not refunds:
        return await _without_refund(turn, outside, order)
    return []


def _say(turn: Turn, refund: Refund, number: str) -> None:
    today = dates.today()
    is_done = refund.state is RefundState.DONE
    day = dates.day_of(refund.done_at) if is_done and refund.done_at else refund.expected_by
    turn.say(
        (_SAID if day else _WITHOUT_DAY)[refund.state],
        amount=amounts.written(refund.amount, turn.language),
        method=words.word("payments", "methods", refund.method, turn.language),
        order_number=number,
        day=dates.written(day, turn.language, today) if day else "",
    )


async def _without_refund(turn: Turn, outside: Outside, order: Order) -> list[EventType]:
    number = orders.number_of(order)
    found: list[Return] = await outside.orders.returns_of(number)
    said = _UNDER_WAY.get(found[0].state) if found else None
    if said is None:
        return await _none_under_way(turn, outside, order)
    turn.say(said, order_number=number, return_number=found[0].number)
    is_rejected = found[0].state is ReturnState.REJECTED
    return [SlotSet("pending", "talk_to_human" if is_rejected else None)]


async def _none_under_way(turn: Turn, outside: Outside, order: Order) -> list[EventType]:
    """Who asks for money that isn't coming back may want that it does."""
    number = orders.number_of(order)
    if turn.flow.get("name") in _GIVING_BACK:
        await refund_times.say_of_order(turn, outside, number)
        return []
    is_free = turn.flow.get("name") in _LIGHT
    if order.state is OrderState.DELIVERED and is_free:
        reason = reasons.reason_in(turn.text) or ReturnReason.NONE
        known = {"order_number": number}
        return advising.offer(
            turn,
            "utter_refund_none_return",
            "return_item",
            known,
            order_number=number,
            choice=str(reason),
        )
    may_cancel = order.may_cancel is not None and order.may_cancel.is_given
    if may_cancel and order.state in orders.UNSHIPPED and is_free:
        return advising.offer(turn, "utter_refund_none_cancel", "cancel_order", order_number=number)
    turn.say("utter_refund_none", order_number=number)
    return [SlotSet("pending", "talk_to_human")]


async def _give_to_people(
    turn: Turn, outside: Outside, number: str, refund: Refund
) -> list[EventType]:
    amount = amounts.written(refund.amount, turn.language)
    told = {
        "order_number": number,
        "refund": f"{amount} · {refund.method} · {refund.state} · {refund.expected_by or '?'}",
    }
    failed = refund.state is RefundState.FAILED
    said = "utter_handed_over_refund_failed" if failed else "utter_handed_over_refund_late"
    return await people.call(
        turn, outside.desk, "needs_people", said, told=told, order_number=number, amount=amount
    )


async def _expecting(turn: Turn, outside: Outside) -> list[Order]:
    """The contact's orders of which money comes back, or goods that go before it."""
    if not turn.phone:
        return []
    own = await orders.to_choose_from(outside.orders, turn.phone, "refund", dates.today())
    numbers = [orders.number_of(order) for order in own]
    money = await asyncio.gather(*map(outside.orders.payments_of, numbers))
    sent = await asyncio.gather(*map(outside.orders.returns_of, numbers))
    about = list(zip(own, money, sent, strict=True))
    waiting = [order for order, known, returned in about if _is_awaited(known, returned)]
    return waiting or [order for order, known, _ in about if known and known.refunds]


def _is_awaited(money: OrderPayments | None, returned: Sequence[Return]) -> bool:
    if money is not None and money.refunds:
        return any(one.state is not RefundState.DONE for one in money.refunds)
    return any(one.state in _UNDER_WAY for one in returned[:1])


def _is_stuck(refund: Refund) -> bool:
    return refund.state not in _SAID or refund.is_overdue(dates.today())

"""An order is cancelled while it can be; once it is on its way, what can be done instead."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, SlotSet

from actions.returns import refusing, withdrawing
from actions.talk import asking, flows, interrupting, orders, people
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts, dates
from actions.wording.plain import plain
from order_system.model import Order, OrderState
from order_system.payments import Refund
from order_system.refusals import Refusal, Why

FLOW = "cancel"
# "Não cancela não", "don't cancel it": the wish's own word, and a no to it.
_KEEPS = re.compile(
    r"\b(?:nao|n|nem) (?:e pra |e para |precisa |precisam |quero |vai |vou |pode )?(?:mais )?cancel"
    r"|\b(?:don.?t|do not|didn.?t want to|no need to) cancel|\bkeep (?:my|the|this) order"
    r"|\bmant\w+ (?:o |meu )*pedido|\b(?:quero|vou) (?:ficar com|manter) (?:o |meu )*pedido"
)


class ActionCancelOrder(Act):
    """Cancels an order, after a yes."""

    def name(self) -> str:
        """As in the domain."""
        return "action_cancel_order"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the order, then ask whether it shall really be cancelled; or the return is meant."""
        if withdrawing.is_meant(turn):
            return await withdrawing.begin(turn, self.outside)
        return await asking.about(turn, self.outside, "cancel", turn.order_number)


async def tell(turn: Turn, outside: Outside, order: Order) -> list[EventType]:
    """Ask whether this order shall be cancelled, or say why it can't be."""
    number = orders.number_of(order)
    told = {"order_number": number}
    refusal = order.may_cancel.refusal if order.may_cancel else _by_state(order)
    if refusal is not None:
        return await refusing.say(turn, outside, refusal, number, told)
    items = ", ".join(item.name for item in order.items)
    if order.total:
        total = amounts.written(order.total, turn.language)
        turn.say("utter_cancel_confirm_total", order_number=number, items=items, total=total)
    else:
        turn.say("utter_cancel_confirm", order_number=number, items=items)
    flow = {
        "name": FLOW,
        "order": number,
        "version": order.version,
        "was_paid": order.state is not OrderState.AWAITING_PAYMENT,
        "told": told,
    }
    return [
        SlotSet("flow", flow),
        SlotSet("pending", flows.PENDING),
        SlotSet("failed_attempts", 0),
    ]


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Cancel on a yes, leave it on a no."""
    number = str(turn.flow["order"])
    if turn.is_button and turn.intent not in {"affirm", "deny"}:
        return None
    handled = await interrupting.handled(turn, outside, "cancel", number)
    if handled is not None:
        return handled
    is_kept = not turn.is_button and bool(_KEEPS.search(plain(turn.text)))
    if interrupting.agrees(turn, "cancel") and not is_kept:
        return await _cancel(turn, outside, number)
    if interrupting.declines(turn) or is_kept:
        turn.say("utter_cancel_left", order_number=number)
        return people.forget_questions()
    return None


def ask_again(turn: Turn) -> None:
    """Ask for the yes once more."""
    turn.say("utter_cancel_again", order_number=turn.flow["order"])


async def _cancel(turn: Turn, outside: Outside, number: str) -> list[EventType]:
    flow = turn.flow
    outcome = await outside.orders.cancel_order(
        number, key=f"{turn.message_id}:cancel", version=flow["version"]
    )
    if isinstance(outcome, Refusal):
        if outcome.why is Why.CHANGED_MEANWHILE:
            return await _look_again(turn, outside, number)
        return await refusing.say(turn, outside, outcome, number, turn.told)
    turn.say("utter_cancel_done", order_number=number)
    if flow["was_paid"]:
        await _say_money(turn, outside, number)
    else:
        turn.say("utter_cancel_nothing_paid")
    return people.forget_questions()


async def _look_again(turn: Turn, outside: Outside, number: str) -> list[EventType]:
    order = await outside.orders.by_number(number)
    turn.say("utter_changed_meanwhile")
    if order is None:
        return await people.call(turn, outside.desk, "needs_people")
    return await tell(turn, outside, order)


async def _say_money(turn: Turn, outside: Outside, number: str) -> None:
    money = await outside.orders.payments_of(number)
    refund: Refund | None = money.refunds[-1] if money and money.refunds else None
    if refund is None:
        turn.say("utter_cancel_money_back")
        return
    amount = amounts.written(refund.amount, turn.language)
    if refund.expected_by is None:
        turn.say("utter_cancel_amount_back", amount=amount)
        return
    day = dates.written(refund.expected_by, turn.language, dates.today())
    turn.say("utter_cancel_amount_back_by", amount=amount, expected_date=day)


def _by_state(order: Order) -> Refusal | None:
    """Of a shop that doesn't tell whether, what is sure anyway."""
    over = {
        OrderState.CANCELLED: Refusal(Why.ALREADY_CANCELLED),
        OrderState.RETURNED: Refusal(Why.ALREADY_RETURNED),
    }
    return over.get(order.state)

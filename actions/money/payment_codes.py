"""Codes to pay with: a Pix code or a boleto said again, or made anew after a yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk import people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts, dates
from actions.wording.choices import number_in
from order_system.payments import Payment
from order_system.refusals import Refusal, Why
from order_system.vocabulary import PaymentMethod

_SAID = {PaymentMethod.PIX: "utter_pix_code", PaymentMethod.BOLETO: "utter_boleto_code"}
_ASKED = {"pix": "utter_ask_new_pix", "boleto": "utter_ask_new_boleto"}
_REFUSED = {
    Why.ALREADY_PAID: "utter_payment_paid_already",
    Why.NOTHING_TO_PAY: "utter_payment_paid_already",
    Why.ALREADY_CANCELLED: "utter_payment_over",
}
_YES, _NO = 1, 2


def ask(turn: Turn, asked: Mapping[str, Any]) -> None:
    """Ask whether a new code is wanted."""
    turn.say(_ASKED[asked["method"]], order_number=asked["order_number"], amount=asked["amount"])


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Make a new code after a yes; None when the message is neither yes nor no."""
    picked = number_in(turn.text) if turn.intent == "menu_choice" else None
    if turn.intent == "deny" or picked == _NO:
        turn.say("utter_new_code_declined")
        return _over()
    if turn.intent != "affirm" and picked != _YES:
        return None
    asked = turn.flow
    number = str(asked["order_number"])
    made = await outside.orders.renew_payment(number, key=str(asked["key"]))
    if isinstance(made, Refusal):
        return await _say_no(turn, outside, number, made)
    return [*_over(), *say(turn, number, made)]


def say(turn: Turn, number: str, payment: Payment) -> list[EventType]:
    """The code and until when it works."""
    about: dict[str, Any] = {
        "order_number": number,
        "amount": amounts.written(payment.amount, turn.language),
        "until": _until(turn, payment),
    }
    said = _SAID.get(payment.method)
    if said and payment.code and payment.expires_at:
        turn.say(said, code=payment.code, **about)
        return []
    if payment.url:
        turn.say("utter_payment_page", payment_url=payment.url, **about)
        return []
    turn.say("utter_payment_unknown", order_number=number)
    return [SlotSet("pending", "talk_to_human")]


async def _say_no(turn: Turn, outside: Outside, number: str, refusal: Refusal) -> list[EventType]:
    page = refusal.facts.get("url")
    if refusal.why is Why.METHOD_NOT_RENEWABLE and page:
        turn.say("utter_pay_again", payment_url=page)
        return _over()
    if refusal.why in _REFUSED:
        turn.say(_REFUSED[refusal.why], order_number=number)
        return [*_over(), SlotSet("pending", "talk_to_human")]
    return await people.call(turn, outside.desk, "needs_people")


def _until(turn: Turn, payment: Payment) -> str:
    if payment.expires_at is None:
        return ""
    return dates.moment(payment.expires_at, turn.language, dates.today())


def _over() -> list[EventType]:
    return [SlotSet("pending", None), SlotSet("flow", None), SlotSet("failed_attempts", 0)]

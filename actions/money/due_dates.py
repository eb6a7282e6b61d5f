"""Until when a Pix code or a boleto can be paid, asked after it was talked about."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, SlotSet

from actions.money import paying
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import dates, words
from actions.wording.plain import plain
from order_system.model import OrderState
from order_system.payments import Payment
from order_system.vocabulary import PaymentMethod, PaymentState

_ASKED = re.compile(
    r"\b(?:quando|que dia|ate quando|ate que (?:dia|horas?)|qual (?:e )?(?:a data|o dia)"
    r"(?: de| do)?) (?:e que |que )?(?:(?:ele|isso|esse|o|a|eu|esse codigo|o codigo|o pix|o boleto"
    r"|meu) )*(?:venc\w+|expir\w+|vale|posso pagar|tenho (?:pra|para) pagar|da (?:pra|para) pagar)"
    r"|\b(?:vence|expira|vale|dura) (?:ate )?(?:quando|que dia|quanto tempo)\b"
    r"|\b(?:vence|expira|vale) (?:so )?(?:hoje|amanha)\b|\b(?:se|posso) (?:eu )?pagar (?:so )?"
    r"(?:hoje|amanha|depois|mais tarde)\b|\b(?:if|can|could) i pay (?:it )?(?:today|tomorrow|later)"
    r"\b|\b(?:does|will) (?:it|this|the code) (?:expire|run out)\b"
    r"|\b(?:vencimento|validade)\b|\bprazo (?:d[eo]|para|pra) (?:o )?(?:pag\w+|pix|boleto)"
    r"|\bquanto tempo (?:eu )?(?:tenho|vale|dura)\b"
    r"|\bwhen (?:does|do|will|is) (?:it|this|that|the (?:code|pix|boleto|payment)|i have to pay)"
    r"\b.{0,12}\b(?:expires?|due|run out|end)\b"
    r"|\b(?:due date|expiry|expiration)\b|\bhow long (?:is it|do i have|is that|is the code|does it"
    r" last)\b|\b(?:until|till|by) when\b|\bwhen(?:.?s| is) it due\b"
)
_ELSE = re.compile(
    r"\b(?:troc\w+|devol\w+|cupom|cupons|promo\w*|garantia|entreg\w+|cheg\w+|arrepend\w+|reembols\w+"
    r"|estorn\w+|coupons?|vouchers?|return\w*|exchange\w*|warranty|deliver\w*|arriv\w*|refund\w*"
    r"|sale|cartao|card)\b"
)
_CODES = frozenset({PaymentMethod.PIX, PaymentMethod.BOLETO})
_TOPIC = "payment"
_FREE = frozenset({None, "menu", "talk_to_human", "flow"})


async def told(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Say it by the payment's own date, else what the shop holds in general.

    None where nobody asks, or nothing is left to pay: then the message means something else.
    """
    number = turn.shown_order
    if number is None or not _is_asked(turn):
        return None
    order = await outside.orders.by_number(number)
    money = await outside.orders.payments_of(number)
    payment = money.latest if money else None
    if order is None or payment is None or payment.method not in _CODES:
        return None
    if order.state is not OrderState.AWAITING_PAYMENT:
        return None
    if payment.state is PaymentState.EXPIRED and not turn.flow:
        return await paying.tell(turn, outside, order)
    if payment.state not in {PaymentState.PENDING, PaymentState.EXPIRED}:
        return None
    await _say(turn, outside, number, payment)
    events: list[EventType] = [SlotSet("failed_attempts", 0)]
    return events if turn.flow else [*events, SlotSet("pending", None)]


def _is_asked(turn: Turn) -> bool:
    said = plain(turn.text)
    is_open = turn.pending in _FREE and turn.flow.get("name") in {None, "paying"}
    is_meant = turn.has_just_spoken and turn.topic == _TOPIC and not turn.order_number
    is_asked = bool(_ASKED.search(said)) and not _ELSE.search(said)
    return is_open and is_meant and is_asked and not turn.is_button


async def _say(turn: Turn, outside: Outside, number: str, payment: Payment) -> None:
    method = words.word("payments", "methods", payment.method, turn.language)
    if payment.state is PaymentState.PENDING and payment.expires_at:
        until = dates.moment(payment.expires_at, turn.language, dates.today())
        turn.say("utter_payment_due", method=method, order_number=number, until=until)
        return
    rules = await outside.orders.policies()
    is_pix = payment.method is PaymentMethod.PIX
    if payment.state is PaymentState.EXPIRED:
        said = "utter_new_pix_lasts" if is_pix else "utter_new_boleto_lasts"
    else:
        said = "utter_pix_lasts" if is_pix else "utter_boleto_lasts"
    turn.say(said, minutes=str(rules.pix_minutes), days=str(rules.boleto_days))

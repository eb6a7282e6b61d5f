"""Trouble with a payment: what the shop knows of it, a new code, or people with the facts."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.money import payment_codes, refunds
from actions.talk import articles, asking, flows, orders, people
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts, dates, words
from actions.wording.plain import plain
from order_system.model import Order, OrderState
from order_system.payments import OrderPayments, Payment
from order_system.vocabulary import CardRefusal, PaymentMethod, PaymentState

_CARD_REFUSED = {
    CardRefusal.INSUFFICIENT_FUNDS: "utter_card_without_funds",
    CardRefusal.EXPIRED_CARD: "utter_card_expired",
    CardRefusal.WRONG_DATA: "utter_card_wrong_data",
    CardRefusal.BLOCKED_BY_BANK: "utter_card_blocked",
    CardRefusal.LIMIT_EXCEEDED: "utter_card_over_limit",
    CardRefusal.NOT_FOR_ONLINE: "utter_card_not_online",
    CardRefusal.UNKNOWN: "utter_card_refused",
}
# What a message complains of, the first that fits.
_WISHES = {
    "twice": r"duas vezes|2 ?x\b|2 vezes|\bdobro\b|dobrad|duplicad|duas cobranc|twice|double"
    r"|two charges|two times|2 times",
    "methods": r"formas? de pag|como (?:eu )?(?:posso )?pag|parcel[ao]|(?<!nao )\baceitam?\b"
    r"|payment method|ways? to pay|how (?:can|do) i pay|installment|do you (?:take|accept)"
    r"|na entrega|cash on|posso pagar (?:com|no|em|por)|can i pay (?:with|by|in)",
    "pix": r"\bpix\b|copia e cola|qr ?code",
    "boleto": r"\bboletos?\b|segunda via|2a via|linha digitavel|bank slip",
    "card": r"cartao|\bcards?\b|recus|negad|declin|refus|reject",
}
_EXPIRED = re.compile(
    r"\b(?:expir\w+|venc(?:eu|id[oa]|ida|em)|caduc\w+|fora do prazo|perdi o prazo|passou o prazo"
    r"|nao (?:vale|funciona) mais|timed? ?out|run out|ran out|too late to pay"
    r"|(?:not|no longer|isn.t) valid|invalid)"
)
_HAS_PAID = re.compile(
    r"\b(?:ja (?:foi )?pag(?:uei|o|a)|paguei|fiz o (?:pix|pagamento)|comprovante"
    r"|i(?:.ve)? (?:have )?(?:already )?paid|already paid|proof of payment|payment receipt)\b"
)
_UNPAID = re.compile(
    r"\b(?:nao|n|not|haven.t|didn.t|never|ainda nao) (?:\w+ )?(?:paguei|pag[oa]|paid|pay)\b"
)
_OPEN = frozenset({PaymentState.PENDING, PaymentState.EXPIRED})
_METHODS = {"pix": PaymentMethod.PIX, "boleto": PaymentMethod.BOLETO}
_NO_WAY_TO_PAY = frozenset({PaymentMethod.STORE_CREDIT, PaymentMethod.OTHER})


class ActionCheckPayment(Act):
    """Finds the payment that went wrong, and what helps."""

    def name(self) -> str:
        """As in the domain."""
        return "action_check_payment"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Answer a question about ways to pay; else find the order with such a trouble."""
        return await begin(turn, self.outside)


def is_about_codes_to_pay(turn: Turn) -> bool:
    """Whether the "code" in a message is one to pay with."""
    return _wish(turn) in _METHODS


async def begin(turn: Turn, outside: Outside) -> list[EventType]:
    """Answer a question about ways to pay; else find the order with such a trouble."""
    wish = _wish(turn)
    if turn.order_number:
        return await asking.about(turn, outside, "payment", turn.order_number)
    if wish == "methods":
        answered = await articles.about(turn, outside)
        return answered if answered is not None else await _say_methods(turn, outside)
    found = await _in_trouble(turn, outside, wish)
    shown = [order for order in found if orders.number_of(order) == turn.shown_order]
    if found:
        return await asking.among(turn, outside, "payment", shown or found)
    return await asking.about(turn, outside, "payment")


async def tell(turn: Turn, outside: Outside, order: Order) -> list[EventType]:
    """Say what became of this order's payment, and offer what helps."""
    number = orders.number_of(order)
    money = await outside.orders.payments_of(number)
    payment = money.latest if money else None
    if money is None or payment is None:
        turn.say("utter_payment_unknown", order_number=number)
        return [SlotSet("pending", "talk_to_human")]
    if money.charged_twice:
        return await _give_to_people(turn, outside, number, money)
    if payment.state is PaymentState.REFUNDED or (_wish(turn) == "twice" and money.refunds):
        return await refunds.tell(turn, outside, order)
    if payment.state in _OPEN:
        return _help_to_pay(turn, order, payment)
    return _say_state(turn, number, payment)


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Make the new code once it is wanted."""
    return await payment_codes.take(turn, outside)


def ask_again(turn: Turn) -> None:
    """Ask whether a new code is wanted."""
    payment_codes.ask(turn, turn.flow)


def _help_to_pay(turn: Turn, order: Order, payment: Payment) -> list[EventType]:
    number = orders.number_of(order)
    if order.state is not OrderState.AWAITING_PAYMENT:
        turn.say("utter_payment_over", order_number=number)
        return [SlotSet("pending", "talk_to_human")]
    if payment.state is PaymentState.PENDING and _has_paid(turn):
        amount = amounts.written(payment.amount, turn.language)
        turn.say("utter_payment_not_seen_yet", order_number=number, amount=amount)
        return [SlotSet("pending", "talk_to_human")]
    if payment.state is PaymentState.PENDING:
        return payment_codes.say(turn, number, payment)
    if payment.method in _METHODS.values():
        return _offer_new_code(turn, order, payment)
    return _say_state(turn, number, payment)


async def _say_methods(turn: Turn, outside: Outside) -> list[EventType]:
    known = (await outside.orders.policies()).refund_days
    named = [
        words.word("payments", "methods", way, turn.language)
        for way in known
        if way not in _NO_WAY_TO_PAY
    ]
    methods = words.listed(named, turn.language)
    if turn.flow:
        turn.say("utter_payment_methods_alone", methods=methods)
        return []
    turn.say("utter_payment_methods", methods=methods)
    return [SlotSet("pending", "talk_to_human")]


def _say_state(turn: Turn, number: str, payment: Payment) -> list[EventType]:
    about: dict[str, Any] = {
        "order_number": number,
        "amount": amounts.written(payment.amount, turn.language),
    }
    if payment.state is PaymentState.REFUSED:
        turn.say(_CARD_REFUSED[payment.refusal or CardRefusal.UNKNOWN], **about)
        if payment.url:
            turn.say("utter_pay_again", payment_url=payment.url)
        return []
    if payment.state is PaymentState.PAID and payment.paid_at:
        day = dates.written(dates.day_of(payment.paid_at), turn.language, dates.today())
        said = "utter_payment_once" if _wish(turn) == "twice" else "utter_payment_paid"
        way = words.word("payments", "methods", payment.method, turn.language)
        turn.say(said, day=day, method=way, **about)
    else:
        turn.say("utter_payment_unknown", order_number=number)
    return [SlotSet("pending", "talk_to_human")]


def _offer_new_code(turn: Turn, order: Order, payment: Payment) -> list[EventType]:
    number = orders.number_of(order)
    asked = {
        "name": "paying",
        "asks": "renew",
        "order_number": number,
        "method": str(payment.method),
        "amount": amounts.written(payment.amount, turn.language),
        # The wish is this message's, however often a yes to it arrives.
        "key": f"{turn.message_id}:renew-payment",
        "told": {"order_number": number, "payment": f"{payment.method} · {payment.state}"},
    }
    payment_codes.ask(turn, asked)
    return [SlotSet("pending", flows.PENDING), SlotSet("flow", asked)]


async def _give_to_people(
    turn: Turn, outside: Outside, number: str, money: OrderPayments
) -> list[EventType]:
    extra = money.charged_twice[-1]
    paid = [one for one in money.payments if one.state is PaymentState.PAID and one.paid_at]
    facts = "; ".join(
        f"{one.ref} {amounts.written(one.amount, 'pt')} {one.method} {one.paid_at:%Y-%m-%d %H:%M}"
        for one in paid
    )
    amount = amounts.written(extra.amount, turn.language)
    told = {"order_number": number, "payment": f"2x: {facts}"}
    said = "utter_handed_over_charged_twice"
    return await people.call(
        turn, outside.desk, "needs_people", said, told=told, order_number=number, amount=amount
    )


async def _in_trouble(turn: Turn, outside: Outside, wish: str | None) -> list[Order]:
    """The contact's orders that have the trouble the message tells of."""
    if not turn.phone:
        return []
    own = await orders.to_choose_from(outside.orders, turn.phone, "payment", dates.today())
    money = await asyncio.gather(
        *(outside.orders.payments_of(orders.number_of(order)) for order in own)
    )
    return [
        order
        for order, known in zip(own, money, strict=True)
        if known is not None and _has(known, wish)
    ]


def _has(money: OrderPayments, wish: str | None) -> bool:
    latest = money.latest
    if wish == "twice":
        return bool(money.charged_twice)
    if latest is None:
        return False
    if wish in _METHODS:
        return latest.method is _METHODS[wish] and latest.state in _OPEN
    if wish == "card":
        return latest.state is PaymentState.REFUSED
    return latest.state in {*_OPEN, PaymentState.REFUSED} or bool(money.charged_twice)


def _has_paid(turn: Turn) -> bool:
    said = plain(turn.text)
    return not turn.is_button and bool(_HAS_PAID.search(said)) and not _UNPAID.search(said)


def _wish(turn: Turn) -> str | None:
    """What it complains of; "it expired, how do I pay now?" asks for a new code, not for ways."""
    said = plain(turn.text)
    found = [name for name, words_ in _WISHES.items() if re.search(words_, said)]
    if found[:1] == ["methods"] and _EXPIRED.search(said):
        found = found[1:]
    return found[0] if found else None

"""From the JSON of `openapi.yaml` to payments, refunds and invoices."""

from order_system.papers import Invoice
from order_system.payments import OrderPayments, Payment, Refund
from order_system.reading import (
    count,
    day,
    each,
    instant,
    mapping,
    money,
    optional,
    plain,
    text,
    web_address,
    word,
)
from order_system.vocabulary import CardRefusal, PaymentMethod, PaymentState, RefundState


def decode_payments(body: object) -> OrderPayments:
    """All money of an order."""
    where = "payments"
    data = mapping(body, where)
    payments = each(data, "payments", where, decode_payment)
    refunds = each(data, "refunds", where, _refund)
    return OrderPayments(
        order_number=text(data, "order_number", where),
        total=optional(data, "total", where, money),
        payments=tuple(sorted(payments, key=lambda one: one.created_at)),
        refunds=tuple(sorted(refunds, key=lambda one: one.requested_at)),
    )


def decode_payment(body: object, where: str = "payment") -> Payment:
    """One attempt to pay."""
    data = mapping(body, where)
    return Payment(
        ref=text(data, "ref", where),
        method=PaymentMethod.read(text(data, "method", where)),
        state=PaymentState.read(text(data, "state", where)),
        amount=money(data.get("amount"), f"{where}.amount"),
        created_at=instant(data.get("created_at"), f"{where}.created_at"),
        paid_at=optional(data, "paid_at", where, instant),
        expires_at=optional(data, "expires_at", where, instant),
        code=optional(data, "code", where, plain),
        url=optional(data, "url", where, web_address),
        refusal=optional(data, "refusal", where, lambda v, at: CardRefusal.read(word(v, at))),
        card_ending=optional(data, "card_ending", where, plain),
        installments=optional(data, "installments", where, count) or 1,
    )


def decode_invoice(body: object) -> Invoice:
    """What is known of an order's invoice."""
    where = "invoice"
    data = mapping(body, where)
    return Invoice(
        order_number=text(data, "order_number", where),
        number=text(data, "number", where),
        issued_at=instant(data.get("issued_at"), f"{where}.issued_at"),
        access_key=optional(data, "access_key", where, plain),
        url=optional(data, "url", where, web_address),
    )


def _refund(body: object, where: str) -> Refund:
    data = mapping(body, where)
    return Refund(
        ref=text(data, "ref", where),
        payment=text(data, "payment", where),
        method=PaymentMethod.read(text(data, "method", where)),
        state=RefundState.read(text(data, "state", where)),
        amount=money(data.get("amount"), f"{where}.amount"),
        requested_at=instant(data.get("requested_at"), f"{where}.requested_at"),
        expected_by=optional(data, "expected_by", where, day),
        done_at=optional(data, "done_at", where, instant),
        return_number=optional(data, "return_number", where, plain),
    )

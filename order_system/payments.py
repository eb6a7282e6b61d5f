"""What was paid, what comes back, and what went wrong on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from order_system.model import Money
from order_system.vocabulary import (
    CardRefusal,
    PaymentMethod,
    PaymentState,
    RefundState,
)


@dataclass(frozen=True)
class Payment:
    """One attempt to pay an order.

    `code` is what a person copies to pay: Pix *copia e cola*, or the digits of a boleto. `url`
    shows the same as a page. `refusal` is there when a card was refused.
    """

    ref: str
    method: PaymentMethod
    state: PaymentState
    amount: Money
    created_at: datetime
    paid_at: datetime | None = None
    expires_at: datetime | None = None
    code: str | None = field(default=None, repr=False)
    url: str | None = None
    refusal: CardRefusal | None = None
    card_ending: str | None = field(default=None, repr=False)
    installments: int = 1


@dataclass(frozen=True)
class Refund:
    """Money on its way back by the way it came; `expected_by` is the last day it should take."""

    ref: str
    payment: str
    method: PaymentMethod
    state: RefundState
    amount: Money
    requested_at: datetime
    expected_by: date | None = None
    done_at: datetime | None = None
    return_number: str | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether the day is over and the money not there."""
        is_open = self.state in {RefundState.REQUESTED, RefundState.SENT, RefundState.FAILED}
        return is_open and self.expected_by is not None and self.expected_by < today


@dataclass(frozen=True)
class OrderPayments:
    """All money of one order, oldest first."""

    order_number: str
    total: Money | None
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]

    @property
    def latest(self) -> Payment | None:
        """The payment that counts: a paid one, else the last attempt."""
        paid = [one for one in self.payments if one.state is PaymentState.PAID]
        attempts = paid or list(self.payments)
        return attempts[-1] if attempts else None

    @property
    def charged_twice(self) -> tuple[Payment, ...]:
        """The payments beyond what the order costs and nobody has sent back yet."""
        return charged_twice(self.payments, self.refunds, self.total)

    def refund_of(self, payment: Payment) -> Refund | None:
        """The latest refund of this payment."""
        return next((one for one in reversed(self.refunds) if one.payment == payment.ref), None)


def charged_twice(
    payments: Sequence[Payment], refunds: Sequence[Refund], total: Money | None
) -> tuple[Payment, ...]:
    """Paid payments that the order was already paid without, by the oldest ones; newest last.

    One whose full refund is on its way is settled. A payment in two parts, as half by Pix and
    half by card, is no double: only what exceeds the order's total counts.
    """
    if total is None:
        return ()
    paid = [one for one in payments if one.state is PaymentState.PAID and one.paid_at is not None]
    extra = []
    covered = Decimal(0)
    for payment in sorted(paid, key=lambda one: (one.paid_at, one.ref)):
        if payment.amount.currency != total.currency:
            continue
        if covered < total.amount:
            covered += payment.amount.amount
        elif not _is_sent_back(payment, refunds):
            extra.append(payment)
    return tuple(extra)


def _is_sent_back(payment: Payment, refunds: Sequence[Refund]) -> bool:
    back = [
        one.amount.amount
        for one in refunds
        if one.payment == payment.ref and one.state is not RefundState.FAILED
    ]
    return sum(back, Decimal(0)) >= payment.amount.amount

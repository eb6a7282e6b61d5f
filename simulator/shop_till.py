"""The money of one order of the demo shop: attempts to pay it, and what goes back."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from simulator.shop_codes import boleto_digits, pix_code
from simulator.shop_dice import dice
from simulator.shop_policies import rules

# The shop's own calendar; Brazil has kept one offset all year round since 2019.
SHOP_ZONE = timezone(timedelta(hours=-3))
# How long the money really takes, in days: less than what is promised.
_TAKES = {"pix": 0.4, "boleto": 4.0, "card": 8.0}


@dataclass
class ShopPayment:
    """One attempt to pay."""

    ref: str
    method: str
    amount: Decimal
    created_at: datetime
    expires_at: datetime | None = None
    paid_at: datetime | None = None
    refusal: str | None = None
    is_cancelled: bool = False
    installments: int = 1

    def state(self, at: datetime) -> str:
        if self.paid_at is not None:
            return "paid"
        if self.refusal is not None:
            return "refused"
        if self.is_cancelled:
            return "cancelled"
        return "expired" if self.expires_at and at >= self.expires_at else "pending"


@dataclass
class ShopRefund:
    """Money on its way back."""

    ref: str
    payment: str
    method: str
    amount: Decimal
    requested_at: datetime
    done_at: datetime
    expected_by: date
    return_number: str | None = None
    has_failed: bool = False

    def state(self, at: datetime) -> str:
        if self.has_failed:
            return "failed"
        if at >= self.done_at:
            return "done"
        return "sent" if at >= self.requested_at + timedelta(hours=6) else "requested"


@dataclass
class Till:
    """What was paid and refunded for order `number`, oldest first."""

    number: int
    currency: str
    payments: list[ShopPayment] = field(default_factory=list)
    refunds: list[ShopRefund] = field(default_factory=list)

    def ask(
        self, amount: Decimal, at: datetime, method: str, refusal: str | None = None
    ) -> ShopPayment:
        """Put down another attempt to pay."""
        limits = rules().payment
        expiry = {
            "pix": at + timedelta(minutes=limits.pix_minutes),
            "boleto": at + timedelta(days=limits.boleto_days),
        }
        payment = ShopPayment(
            ref=f"pg-{self.number}-{len(self.payments) + 1}",
            method=method,
            amount=amount,
            created_at=at,
            expires_at=expiry.get(method),
            refusal=refusal,
            installments=self._installments(amount) if method == "card" else 1,
        )
        self.payments.append(payment)
        return payment

    def settle(self, at: datetime) -> None:
        """Let the last attempt be paid."""
        last = self.payments[-1]
        # A card that was refused, or a code nobody paid in time: they paid by another attempt.
        if last.state(at) in {"refused", "expired"}:
            last = self.ask(last.amount, at, last.method)
        last.paid_at = at

    def give_up(self, at: datetime) -> None:
        """The order is cancelled: open attempts end, and what was paid goes back."""
        for payment in list(self.payments):
            if payment.paid_at is not None:
                self.give_back(self._rest_of(payment), at, payment=payment)
            else:
                payment.is_cancelled = True

    def give_back(
        self,
        amount: Decimal,
        at: datetime,
        return_number: str | None = None,
        payment: ShopPayment | None = None,
    ) -> ShopRefund | None:
        """Send this much back by the way it came; None where nothing of it was paid."""
        source = payment or next((one for one in self.payments if one.paid_at is not None), None)
        if source is None or amount <= 0:
            return None
        days = rules().refund_days[source.method]  # type: ignore[index]
        refund = ShopRefund(
            ref=f"rf-{self.number}-{len(self.refunds) + 1}",
            payment=source.ref,
            method=source.method,
            amount=min(amount, self._rest_of(source)),
            requested_at=at,
            done_at=at + timedelta(days=_TAKES[source.method]),
            expected_by=business_days_after(at.astimezone(SHOP_ZONE).date(), days),
            return_number=return_number,
        )
        self.refunds.append(refund)
        return refund

    def as_answer(self, total: Decimal, at: datetime) -> dict[str, Any]:
        """All of it as `order_system/openapi.yaml` describes it."""
        return {
            "order_number": str(self.number),
            "total": self._money(total),
            "payments": [self.payment_answer(one, at) for one in self.payments],
            "refunds": [self._refund_answer(one, at) for one in self.refunds],
        }

    def payment_answer(self, payment: ShopPayment, at: datetime) -> dict[str, Any]:
        """One attempt to pay, with what one needs to pay it."""
        state = payment.state(at)
        is_payable = state == "pending" and payment.method != "card"
        ending = f"{dice('card', self.number).randrange(10_000):04d}"
        return {
            "ref": payment.ref,
            "method": payment.method,
            "state": state,
            "amount": self._money(payment.amount),
            "created_at": instant(payment.created_at),
            "paid_at": instant(payment.paid_at) if payment.paid_at else None,
            "expires_at": instant(payment.expires_at) if payment.expires_at else None,
            "code": _code(payment) if is_payable else None,
            "url": f"https://pay.example.com/{payment.ref}" if state != "paid" else None,
            "refusal": payment.refusal,
            "card_ending": ending if payment.method == "card" else None,
            "installments": payment.installments,
        }

    def _refund_answer(self, refund: ShopRefund, at: datetime) -> dict[str, Any]:
        state = refund.state(at)
        return {
            "ref": refund.ref,
            "payment": refund.payment,
            "method": refund.method,
            "state": state,
            "amount": self._money(refund.amount),
            "requested_at": instant(refund.requested_at),
            "expected_by": refund.expected_by.isoformat(),
            "done_at": instant(refund.done_at) if state == "done" else None,
            "return_number": refund.return_number,
        }

    def _rest_of(self, payment: ShopPayment) -> Decimal:
        back = [
            one.amount for one in self.refunds if one.payment == payment.ref and not one.has_failed
        ]
        return payment.amount - sum(back, Decimal(0))

    def _installments(self, amount: Decimal) -> int:
        return dice("installments", self.number).choice((1, 1, 2, 3)) if amount > 150 else 1

    def _money(self, amount: Decimal) -> dict[str, str]:
        return {"amount": f"{amount:.2f}", "currency": self.currency}


def business_days_after(day: date, days: int) -> date:
    """The day that many business days later."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def instant(at: datetime) -> str:
    """The moment as the API writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _code(payment: ShopPayment) -> str:
    if payment.method == "pix":
        return pix_code(payment.ref, payment.amount)
    due = payment.expires_at or payment.created_at
    return boleto_digits(payment.ref, payment.amount, due)

"""Whether somebody paid twice, and whether their money is late."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from order_system.model import Money
from order_system.payments import OrderPayments, Payment, Refund, charged_twice
from order_system.vocabulary import PaymentMethod, PaymentState, RefundState

AT = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
TOTAL = Money(Decimal("319.80"), "BRL")


def _paid(ref: str, minutes: int = 0, amount: str = "319.80", currency: str = "BRL") -> Payment:
    at = AT + timedelta(minutes=minutes)
    return Payment(
        ref,
        PaymentMethod.CARD,
        PaymentState.PAID,
        Money(Decimal(amount), currency),
        created_at=at,
        paid_at=at,
    )


def _refund(payment: str, state: RefundState = RefundState.SENT, amount: str = "319.80") -> Refund:
    return Refund(
        "r1",
        payment,
        PaymentMethod.CARD,
        state,
        Money(Decimal(amount), "BRL"),
        requested_at=AT,
        expected_by=date(2026, 12, 4),
    )


def test_the_second_full_payment_is_the_double() -> None:
    double = charged_twice([_paid("b", 2), _paid("a")], [], TOTAL)
    assert [one.ref for one in double] == ["b"]


@pytest.mark.parametrize(
    "payments",
    [
        [],
        [_paid("a")],
        [_paid("a", amount="119.80"), _paid("b", 1, amount="200.00")],
        [_paid("a"), _paid("b", 1, currency="USD")],
        [_paid("a"), replace(_paid("b", 1), state=PaymentState.REFUSED)],
        [_paid("a"), replace(_paid("b", 1), state=PaymentState.EXPIRED, paid_at=None)],
    ],
    ids=["none", "one", "two parts", "another currency", "refused", "expired"],
)
def test_what_only_looks_like_a_double_is_none(payments: list[Payment]) -> None:
    assert charged_twice(payments, [], TOTAL) == ()


def test_a_double_that_goes_back_is_settled_unless_the_refund_failed() -> None:
    payments = [_paid("a"), _paid("b", 2)]
    assert charged_twice(payments, [_refund("b")], TOTAL) == ()
    assert charged_twice(payments, [_refund("b", RefundState.FAILED)], TOTAL) != ()
    assert charged_twice(payments, [_refund("b", amount="100.00")], TOTAL) != ()


def test_without_a_total_nobody_is_accused() -> None:
    assert charged_twice([_paid("a"), _paid("b", 2)], [], None) == ()


def test_the_latest_payment_is_the_paid_one() -> None:
    refused = replace(_paid("b", 9), state=PaymentState.REFUSED)
    assert OrderPayments("1", TOTAL, (_paid("a"), refused), ()).latest == _paid("a")
    assert OrderPayments("1", TOTAL, (refused,), ()).latest == refused
    assert OrderPayments("1", TOTAL, (), ()).latest is None


@pytest.mark.parametrize(
    ("state", "today", "is_overdue"),
    [
        (RefundState.SENT, date(2026, 12, 4), False),
        (RefundState.SENT, date(2026, 12, 5), True),
        (RefundState.FAILED, date(2026, 12, 5), True),
        (RefundState.DONE, date(2026, 12, 5), False),
    ],
)
def test_a_refund_is_overdue_the_day_after_its_day(
    state: RefundState, today: date, is_overdue: bool
) -> None:
    assert _refund("a", state).is_overdue(today) is is_overdue


def test_codes_and_card_numbers_stay_out_of_logs() -> None:
    payment = replace(_paid("a"), code="00020126", card_ending="4242")
    assert "00020126" not in repr(payment)
    assert "4242" not in repr(payment)

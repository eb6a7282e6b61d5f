"""Values that can't be wrong once they exist."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from order_system.decoding import decode_order
from order_system.model import Money, OrderState


def test_an_instant_without_a_zone_is_no_instant(order_json: dict[str, Any]) -> None:
    naive = datetime(2026, 11, 25, 12)  # noqa: DTZ001 - the very thing that is refused
    order = decode_order(order_json)
    with pytest.raises(ValueError, match="time zone"):
        replace(order, placed_at=naive)
    with pytest.raises(ValueError, match="time zone"):
        replace(order.shipments[0], delivered_at=naive)


@pytest.mark.parametrize(("amount", "currency"), [("NaN", "BRL"), ("1", "brl"), ("1", "R$")])
def test_money_is_a_number_in_a_currency(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"money|currency"):
        Money(Decimal(amount), currency)


def test_a_state_prints_as_its_word() -> None:
    assert (
        f"{OrderState.OUT_FOR_DELIVERY}" == str(OrderState.OUT_FOR_DELIVERY) == "out_for_delivery"
    )

"""From the shop's JSON to an order, or to the name of the field that is wrong."""

from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from order_system.decoding import decode_order, decode_orders
from order_system.model import Money, OrderState
from order_system.protocol import OrderSystemRefused

JSON = dict[str, Any]


def test_an_order_is_read_in_full(order_json: JSON) -> None:
    order = decode_order(order_json)
    assert order.state is OrderState.IN_TRANSIT
    assert order.placed_at == datetime(2026, 11, 16, 21, 12, 40, tzinfo=timezone.utc)
    assert order.total == Money(Decimal("319.80"), "BRL")
    assert order.items[0].unit_price == Money(Decimal("299.90"), "BRL")
    assert order.shipments[0].eta == date(2026, 11, 22)
    assert order.contact.email == "ana@example.com"
    assert order.returnable_items == ("pf-48213-1",)
    assert order.raw == order_json


def test_a_state_of_the_shop_s_own_is_unknown_and_kept(order_json: JSON) -> None:
    order = decode_order(order_json | {"state": "aguardando_nota_fiscal"})
    assert order.state is OrderState.UNKNOWN
    assert order.raw_state == "aguardando_nota_fiscal"


def test_fields_we_do_not_know_are_ignored(order_json: JSON) -> None:
    order_json["items"][0]["gift_wrap"] = True
    assert decode_order(order_json | {"loyalty": {"points": 3}}) == decode_order(order_json)


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_optional_fields_may_be_null_or_empty(order_json: JSON, nothing: str | None) -> None:
    order_json["items"][0] |= {"size": nothing, "color": nothing, "unit_price": None}
    order_json["shipments"] = [{"eta": nothing, "url": nothing, "last_event_at": nothing}]
    order_json["contact"] = {"phone": nothing}
    order_json |= {"total": nothing}
    del order_json["returnable_items"]
    order = decode_order(order_json)
    assert order.items[0].size is None
    assert order.shipments[0].url is None
    assert order.contact.phone is None
    assert order.total is None
    assert order.returnable_items == ()


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2026-11-18T13:04:11Z", 0),
        ("2026-11-18t10:04:11.1-03:00", 100_000),
        ("2026-11-18T13:04:11.123456789+00:00", 123_456),
    ],
)
def test_instants_are_read_with_any_offset_and_fraction(
    order_json: JSON, text: str, micros: int
) -> None:
    order = decode_order(order_json | {"placed_at": text})
    assert order.placed_at == datetime(2026, 11, 18, 13, 4, 11, micros, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("order_ref", None, "order.order_ref"),
        ("display_number", 48213, "order.display_number"),
        ("state", "", "order.state"),
        ("placed_at", "2026-11-16T21:12:40", "order.placed_at"),
        ("placed_at", "2026-02-30T21:12:40Z", "order.placed_at"),
        ("placed_at", "0001-01-01T00:00:00+14:00", "order.placed_at"),
        ("placed_at", 1795435200, "order.placed_at"),
        ("items", {}, "order.items"),
        ("items.0", "Tênis", "order.items[0]"),
        ("items.0.quantity", 0, "order.items[0].quantity"),
        ("items.0.quantity", True, "order.items[0].quantity"),
        ("items.0.unit_price.amount", 299.9, "order.items[0].unit_price.amount"),
        ("items.0.unit_price.amount", "NaN", "order.items[0].unit_price.amount"),
        ("items.0.unit_price.amount", "1e5", "order.items[0].unit_price.amount"),
        ("total.currency", "R$", "order.total.currency"),
        ("shipments.0.eta", "22/11/2026", "order.shipments[0].eta"),
        ("shipments.0.eta", "2026-11-31", "order.shipments[0].eta"),
        ("shipments.0.url", "javascript:alert(1)", "order.shipments[0].url"),
        ("shipments.0.delivered_at", "ontem", "order.shipments[0].delivered_at"),
        ("contact", None, "order.contact"),
        ("contact.phone", 5511987650001, "order.contact.phone"),
        ("returnable_items", [7], "order.returnable_items[0]"),
    ],
)
def test_what_is_malformed_is_refused_by_the_name_of_its_field(
    order_json: JSON, path: str, value: object, field: str
) -> None:
    *parents, last = path.split(".")
    place: Any = order_json
    for step in parents:
        place = place[int(step)] if step.isdigit() else place[step]
    place[int(last) if last.isdigit() else last] = value
    with pytest.raises(OrderSystemRefused) as refused:
        decode_order(order_json)
    assert refused.value.reason == f"malformed {field}"


@pytest.mark.parametrize("body", [None, [], "orders", {}, {"orders": {}}, {"orders": [None]}])
def test_an_answer_without_orders_is_refused(body: object) -> None:
    with pytest.raises(OrderSystemRefused, match="malformed answer"):
        decode_orders(body)


def test_neither_an_order_nor_a_refusal_tells_who_it_is_about(order_json: JSON) -> None:
    assert "Ana" not in repr(decode_order(order_json))
    assert "98765" not in repr(decode_order(order_json))
    order_json["contact"]["email"] = ["ana@example.com"]
    with pytest.raises(OrderSystemRefused) as refused:
        decode_order(order_json)
    assert "ana@" not in str(refused.value)

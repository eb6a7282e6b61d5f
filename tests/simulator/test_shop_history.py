"""A believable past: the same at every start, never in the future, with the demo's cast in it."""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from simulator.shop_catalogue import catalogue
from simulator.shop_history import past_orders
from simulator.shop_orders import STATES, ShopOrder
from simulator.shop_people import shoppers
from simulator.shop_till import SHOP_ZONE

NOON = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
ANY_TIME = [
    NOON,
    datetime(2026, 11, 25, 3, 1, tzinfo=UTC),
    datetime(2027, 2, 28, 23, 59, tzinfo=UTC),
    datetime(2028, 3, 1, 9, 30, tzinfo=UTC),
]


def _of_the_cast(orders: list[ShopOrder]) -> dict[str, list[ShopOrder]]:
    theirs = defaultdict(list)
    for order in orders:
        theirs[order.customer.email].append(order)
    return {key: theirs[person.email] for key, person in shoppers().items()}


def test_the_past_is_the_same_at_every_start() -> None:
    one, other = past_orders(NOON), past_orders(NOON)
    assert [order.as_answer() for order in one] == [order.as_answer() for order in other]


def test_a_later_start_moves_the_past_along() -> None:
    today, tomorrow = past_orders(NOON), past_orders(NOON + timedelta(days=1))
    assert [order.number for order in today] == [order.number for order in tomorrow]
    assert all(
        timedelta(hours=12) < after.placed_at - before.placed_at < timedelta(hours=36)
        for before, after in zip(today, tomorrow, strict=True)
    )


@pytest.mark.parametrize("now", ANY_TIME)
def test_nothing_happens_out_of_order_or_in_the_future(now: datetime) -> None:
    orders = past_orders(now)
    assert 330 <= len(orders) <= 370
    placed = [order.placed_at for order in orders]
    assert placed == sorted(placed)
    for order in orders:
        moments = [at for _, at in order.history]
        assert moments == sorted(moments), order.number
        assert moments[-1] <= now, order.number
        if order.parcel is not None:
            assert order.parcel.event_at <= now, order.number


@pytest.mark.parametrize("now", ANY_TIME)
def test_every_state_is_there_and_most_orders_have_arrived(now: datetime) -> None:
    counts = Counter(order.state for order in past_orders(now))
    assert set(counts) == set(STATES)
    assert counts["delivered"] > sum(counts.values()) / 2


@pytest.mark.parametrize("now", ANY_TIME)
def test_each_of_the_cast_has_several_orders_in_several_states(now: datetime) -> None:
    for orders in _of_the_cast(past_orders(now)).values():
        assert len(orders) >= 4
        assert len({order.state for order in orders}) >= 4


@pytest.mark.parametrize("now", ANY_TIME)
def test_marina_s_order_is_two_days_late(now: datetime) -> None:
    order = next(order for order in past_orders(now) if order.number == 48213)
    assert order.customer is shoppers()["marina"]
    assert order.state == "in_transit"
    assert order.is_late(now)
    assert order.parcel is not None
    assert order.parcel.carrier == "Correios"
    assert now.astimezone(SHOP_ZONE).date() - order.parcel.eta == timedelta(days=2)


def test_john_s_order_is_his_and_priya_left_no_phone() -> None:
    theirs = _of_the_cast(past_orders(NOON))
    assert 48377 in {order.number for order in theirs["john"]}
    assert {order.customer.phone for order in theirs["priya"]} == {None}
    assert {order.currency for order in theirs["priya"]} == {"USD"}


def test_nobody_else_has_a_number_or_an_address_of_the_cast() -> None:
    cast = {person.phone for person in shoppers().values()}
    cast |= {person.email for person in shoppers().values()}
    others = [o for o in past_orders(NOON) if o.customer not in shoppers().values()]
    assert not cast & {order.customer.phone for order in others}
    assert not cast & {order.customer.email for order in others}


def test_parcels_are_numbered_as_their_carriers_do() -> None:
    shapes = {
        "Correios": r"[A-Z]{2}\d{9}BR",
        "Jadlog": r"\d{14}",
        "Loggi": r"LGI[A-Z0-9]{10}",
        "Royal Mail": r"[A-Z]{2}\d{9}GB",
        "UPS": r"1Z[A-Z0-9]{16}",
    }
    parcels = [order.parcel for order in past_orders(NOON) if order.parcel is not None]
    assert {parcel.carrier for parcel in parcels} == set(shapes)
    for parcel in parcels:
        assert re.fullmatch(shapes[parcel.carrier], parcel.number)
    assert len({parcel.number for parcel in parcels}) == len(parcels)


def test_the_catalogue_has_two_names_and_two_prices_for_each_product() -> None:
    products = catalogue().products.values()
    assert len(products) >= 60
    assert len({product.pt for product in products}) == len(products)
    assert len({product.en for product in products}) == len(products)
    for product in products:
        assert product.prices["BRL"] > product.prices["USD"] > 0
        assert product.colors
        assert product.sizes

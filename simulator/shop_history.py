"""The past of the demo shop: the same orders at every start, dated back from today."""

import random
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from simulator.shop_carriers import ABROAD, AT_HOME, PROMISED_DAYS
from simulator.shop_catalogue import Product, catalogue, read_json
from simulator.shop_orders import ROUTE, SHOP_ZONE, Customer, Line, ShopOrder, dice
from simulator.shop_people import invented_customers, shoppers

FIRST, LAST = 48001, 48400
# Number and age in days: slow months, then the sale of last week.
_CALENDAR = ((48001, 62.0), (48213, 9.5), (48377, 2.2), (48400, 0.02))
_LEFT_OUT = 0.12

Journey = list[tuple[str, datetime]]


def past_orders(now: datetime) -> list[ShopOrder]:
    """Some 350 orders by number, as they stand at `now`."""
    scripted = {row["number"]: row for row in read_json("demo_orders.json")}
    people = invented_customers()
    orders = []
    for number in range(FIRST, LAST + 1):
        chance = dice("order", number)
        if number in scripted:
            orders.append(_scripted_order(scripted[number], now, chance))
        elif chance.random() > _LEFT_OUT:
            orders.append(_invented_order(number, chance.choice(people), now, chance))
    return orders


def _scripted_order(row: dict[str, Any], now: datetime, chance: random.Random) -> ShopOrder:
    products = catalogue().products
    lines = tuple(
        Line(products[sku], size, products[sku].color(color), quantity)
        for sku, size, color, quantity in row["lines"]
    )
    placed_at = _placed_at(row["number"], now)
    order = ShopOrder(row["number"], shoppers()[row["shopper"]], row["carrier"], lines, placed_at)
    journey = _journey(order, _path_to(row["state"]), chance)
    latest = _latest(row, now)
    for state, at in _squeezed(journey, placed_at, now, latest):
        order.move(state, at)
    if order.parcel is not None:
        if "eta_days" in row:
            today = now.astimezone(SHOP_ZONE).date()
            order.parcel.eta = today + timedelta(days=row["eta_days"])
        if latest is not None and order.state == "in_transit":
            order.parcel.event_at = latest
            order.parcel.event = "late" if order.is_late(now) else "in_transit"
    return order


def _latest(row: dict[str, Any], now: datetime) -> datetime | None:
    """When the script wants the last event, moved into the day where a door must be opened."""
    if "hours_since" not in row:
        return None
    at = now - timedelta(hours=row["hours_since"])
    local = at.astimezone(SHOP_ZONE)
    if row["state"] != "delivered" or 8 <= local.hour < 20:
        return at
    day = local if local.hour >= 20 else local - timedelta(days=1)
    return day.replace(hour=15)


def _invented_order(
    number: int, customer: Customer, now: datetime, chance: random.Random
) -> ShopOrder:
    placed_at = _placed_at(number, now)
    carrier = chance.choice(ABROAD if customer.is_abroad else AT_HOME)
    order = ShopOrder(number, customer, carrier, _basket(chance), placed_at)
    for state, at in _journey(order, _fate(chance), chance):
        if at > now:
            break
        order.move(state, at)
    if order.parcel is not None and order.state == "in_transit":
        order.parcel.event_at += (now - order.parcel.event_at) * chance.uniform(0.3, 0.9)
        order.parcel.event = "late" if order.is_late(now) else "in_transit"
    return order


def _fate(chance: random.Random) -> tuple[str, ...]:
    """Where an order would end up, were there time enough."""
    roll = chance.random()
    if roll < 0.03:
        return ("cancelled",)
    if roll < 0.07:
        return ("paid", "cancelled")
    return _path_to("returned" if roll < 0.14 else "delivered")


def _path_to(state: str) -> tuple[str, ...]:
    if state == "cancelled":
        return ("paid", "cancelled")
    return ROUTE[1 : ROUTE.index(state) + 1]


def _journey(order: ShopOrder, path: tuple[str, ...], chance: random.Random) -> Journey:
    at = order.placed_at
    journey: Journey = []
    for state in path:
        at += _leg(state, at, order, chance)
        journey.append((state, at))
    return journey


def _leg(state: str, at: datetime, order: ShopOrder, chance: random.Random) -> timedelta:
    if state == "paid":
        # Most pay by card or Pix at once, some by bank slip.
        is_slip = chance.random() < 0.15 and not order.customer.is_abroad
        return timedelta(hours=chance.uniform(20, 60) if is_slip else chance.uniform(0.02, 0.4))
    if state == "out_for_delivery":
        promised = PROMISED_DAYS[order.carrier]
        is_late = chance.random() < 0.1
        days = promised + chance.randint(1, 4) if is_late else promised * chance.uniform(0.4, 0.9)
        morning = (at + timedelta(days=days)).astimezone(SHOP_ZONE)
        van = morning.replace(hour=chance.randint(7, 9), minute=chance.randint(0, 59))
        return max(van - at, timedelta(hours=6))
    hours = {
        "preparing": (1, 10),
        "shipped": (8, 34),
        "in_transit": (5, 20),
        "delivered": (1, 9),
        "returned": (90, 300),
        "cancelled": (2, 30),
    }
    return timedelta(hours=chance.uniform(*hours[state]))


def _squeezed(journey: Journey, start: datetime, now: datetime, latest: datetime | None) -> Journey:
    """The journey with its end at `latest`, or drawn together so that it is over by now."""
    if not journey:
        return []
    *before, (state, natural) = journey
    end = natural if state == "in_transit" or latest is None else latest
    end = min(end, latest or start + (now - start) * 0.9)
    if not before:
        return [(state, end)]
    if state == "delivered" and end > natural:
        # The van doesn't wait for days before the door.
        name, at = before[-1]
        before[-1] = (name, at + (end - natural))
    share = min(1.0, (end - start) * 0.95 / (before[-1][1] - start)) if end < natural else 1.0
    return [(name, start + (at - start) * share) for name, at in before] + [(state, end)]


def _placed_at(number: int, now: datetime) -> datetime:
    for (low, older), (high, newer) in pairwise(_CALENDAR):
        if low <= number <= high:
            age = older + (newer - older) * (number - low) / (high - low)
            return _awake(now - timedelta(days=age), now)
    raise ValueError(number)


def _awake(at: datetime, now: datetime) -> datetime:
    """The same day with its hours pushed together between 7 and midnight; today stays as it is."""
    local = at.astimezone(SHOP_ZONE)
    if local.date() == now.astimezone(SHOP_ZONE).date():
        return at
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=7) + (local - midnight) * (17 / 24)


def _basket(chance: random.Random) -> tuple[Line, ...]:
    count = chance.choices((1, 2, 3, 4), weights=(55, 28, 12, 5))[0]
    return tuple(
        _line(product, chance)
        for product in chance.sample(list(catalogue().products.values()), count)
    )


def _line(product: Product, chance: random.Random) -> Line:
    quantity = chance.choices((1, 2, 3), weights=(85, 12, 3))[0]
    return Line(product, chance.choice(product.sizes), chance.choice(product.colors), quantity)

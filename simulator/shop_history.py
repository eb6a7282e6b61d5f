"""The past of the demo shop: the same orders at every start, dated back from today."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from simulator.shop_carriers import ABROAD, AT_HOME, PROMISED_DAYS
from simulator.shop_catalogue import Product, catalogue, read_json
from simulator.shop_dice import dice
from simulator.shop_orders import ROUTE, Customer, Line, ShopOrder
from simulator.shop_people import invented_customers, shoppers
from simulator.shop_returns import WantedReturn
from simulator.shop_returns_desk import ReturnsDesk
from simulator.shop_till import SHOP_ZONE

FIRST, LAST = 48001, 48400
# Number and age in days: slow months, then the sale of last week.
_CALENDAR = ((48001, 62.0), (48213, 9.5), (48377, 2.2), (48400, 0.02))
_LEFT_OUT = 0.12

Script = Mapping[str, Any]
"""How an order stands: `state`, and where it matters `days_ago`, `hours_since` the last event,
`eta_days` from today, `carrier`, `pay` (its method and trouble) and `return`."""

Journey = list[tuple[str, datetime]]


def past_orders(now: datetime) -> list[ShopOrder]:
    """Some 350 orders by number, as they stand at `now`."""
    scripted = {row["number"]: row for row in read_json("demo_orders.json")}
    people = invented_customers()
    orders = []
    for number in range(FIRST, LAST + 1):
        chance = dice("order", number)
        if number in scripted:
            row = scripted[number]
            placed_at = _placed_at(number, now)
            customer = shoppers()[row["shopper"]]
            orders.append(
                scripted_order(number, customer, row, _lines(row), now, placed_at=placed_at)
            )
        elif chance.random() > _LEFT_OUT:
            orders.append(_invented_order(number, chance.choice(people), now, chance))
    return orders


def scripted_order(
    number: int,
    customer: Customer,
    script: Script,
    lines: tuple[Line, ...],
    now: datetime,
    *,
    placed_at: datetime | None = None,
) -> ShopOrder:
    """The order that stands at `now` as the script says."""
    placed_at = placed_at or now - timedelta(days=script.get("days_ago", 3.0))
    carrier = script.get("carrier") or (ABROAD if customer.is_abroad else AT_HOME)[0]
    pay = script.get("pay", {})
    order = ShopOrder(number, customer, carrier, lines, placed_at, method=pay.get("method"))
    journey = _journey(order, _path_to(script["state"]), dice("order", number))
    latest = _latest(script, now)
    for state, at in _squeezed(journey, placed_at, now, latest):
        order.move(state, at)
    if order.parcel is not None:
        if "eta_days" in script:
            today = now.astimezone(SHOP_ZONE).date()
            order.parcel.eta = today + timedelta(days=script["eta_days"])
        if latest is not None and order.state == "in_transit":
            order.parcel.event_at = latest
            order.parcel.event = "late" if order.is_late(now) else "in_transit"
    # Whoever paid in the end is remembered without the codes they let expire.
    paid = [one for one in order.till.payments if one.paid_at is not None]
    order.till.payments[:] = paid or order.till.payments
    _get_into_trouble(order, pay.get("trouble", ""))
    return order


def scripted_returns(
    orders: Mapping[str, ShopOrder], desk: ReturnsDesk, now: datetime, script: Script | None = None
) -> None:
    """Put the returns that the script tells of on the desk, and those of orders that came back."""
    rows = {str(row["number"]): row for row in read_json("demo_orders.json")}
    for number, order in orders.items():
        wanted = (script or rows.get(number, {})).get("return")
        if wanted is not None:
            _send_back(order, wanted, desk, now)
        elif order.state == "returned":
            desk.remember(order)


def _send_back(order: ShopOrder, wanted: Script, desk: ReturnsDesk, now: datetime) -> None:
    """Open a return some time after the delivery, and bring it as far as the script says."""
    arrived = order.reached("delivered") or order.placed_at
    request = WantedReturn.model_validate(
        wanted["request"] | {"items": [{"item": order.ref(1)} | wanted.get("item", {})]}
    )
    path = wanted["path"]
    span = (now - arrived) * 0.9
    opened = desk.open(order, request, arrived + span / (len(path) + 2))
    for nth, state in enumerate(path, start=2):
        desk.move(opened, state, arrived + span * nth / (len(path) + 2))


def _get_into_trouble(order: ShopOrder, trouble: str) -> None:
    """What went wrong with the money of a scripted order."""
    kind, _, detail = trouble.partition(":")
    payments, refunds = order.till.payments, order.till.refunds
    if kind == "refused":
        payments[0].refusal = detail
    elif kind in {"twice", "twice_refunding"}:
        first = payments[-1]
        again = order.till.ask(first.amount, first.created_at, first.method)
        again.paid_at = (first.paid_at or first.created_at) + timedelta(minutes=2)
        if kind == "twice_refunding":
            order.till.give_back(again.amount, again.paid_at + timedelta(hours=5), payment=again)
    elif kind == "refund_failed":
        refunds[-1].has_failed = True


def _lines(row: Script) -> tuple[Line, ...]:
    products = catalogue().products
    return tuple(
        Line(products[sku], size, products[sku].color(color), quantity)
        for sku, size, color, quantity in row["lines"]
    )


def _latest(row: Script, now: datetime) -> datetime | None:
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

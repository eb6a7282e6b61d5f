"""From the JSON of `openapi.yaml` to an order: strict about what we read, blind to the rest."""

from order_system.addresses import Address
from order_system.model import Item, Order, OrderContact, OrderState, Shipment
from order_system.reading import (
    count,
    day,
    each,
    entries,
    flag,
    instant,
    malformed,
    mapping,
    money,
    optional,
    plain,
    text,
    web_address,
    word,
)
from order_system.refusals import Advice, Permission, Refusal, Why


def decode_order(body: object, where: str = "order") -> Order:
    """The order in `body`; refused with the name of the field that is wrong, never its value."""
    data = mapping(body, where)
    raw_state = text(data, "state", where)
    return Order(
        order_ref=text(data, "order_ref", where),
        display_number=text(data, "display_number", where),
        placed_at=instant(text(data, "placed_at", where), f"{where}.placed_at"),
        state=OrderState.read(raw_state),
        raw_state=raw_state,
        items=each(data, "items", where, _item),
        shipments=each(data, "shipments", where, _shipment),
        contact=_contact(data.get("contact"), f"{where}.contact"),
        total=optional(data, "total", where, money),
        returnable_items=each(data, "returnable_items", where, word),
        version=optional(data, "version", where, plain),
        address=optional(data, "address", where, decode_address),
        may_cancel=optional(data, "may_cancel", where, _permission),
        may_change_address=optional(data, "may_change_address", where, _permission),
        raw=data,
    )


def decode_orders(body: object) -> tuple[Order, ...]:
    """The orders of a search, in the order they came."""
    data = mapping(body, "answer")
    if "orders" not in data:
        raise malformed("answer.orders")
    return each(data, "orders", "answer", decode_order)


def decode_address(body: object, where: str = "address") -> Address:
    """A postal address; only its country must be there."""
    data = mapping(body, where)
    return Address(
        country=text(data, "country", where),
        **{name: optional(data, name, where, plain) or "" for name in _ADDRESS},
    )


def decode_refusal(body: object, where: str = "refusal") -> Refusal:
    """Why not, in the model's words where it has one."""
    data = mapping(body, where)
    raw = text(data, "code", where)
    return Refusal(
        why=Why.read(raw),
        advice=optional(data, "advice", where, lambda value, at: Advice.read(word(value, at))),
        raw=raw,
        facts=entries(data, "facts", where, plain),
        also=tuple(Why.read(one) for one in each(data, "also", where, word)),
    )


def _permission(body: object, where: str) -> Permission:
    data = mapping(body, where)
    refusal = optional(data, "refusal", where, decode_refusal)
    if flag(data.get("allowed"), f"{where}.allowed") is (refusal is not None):
        raise malformed(f"{where}.refusal")
    return Permission(refusal, until=optional(data, "until", where, instant))


def _item(body: object, where: str) -> Item:
    data = mapping(body, where)
    quantity = count(data.get("quantity"), f"{where}.quantity")
    if quantity < 1:
        raise malformed(f"{where}.quantity")
    return Item(
        ref=text(data, "ref", where),
        name=text(data, "name", where),
        size=optional(data, "size", where, plain),
        color=optional(data, "color", where, plain),
        quantity=quantity,
        unit_price=optional(data, "unit_price", where, money),
        product=optional(data, "product", where, plain),
        category=optional(data, "category", where, plain),
    )


def _shipment(body: object, where: str) -> Shipment:
    data = mapping(body, where)
    return Shipment(
        carrier=optional(data, "carrier", where, plain),
        number=optional(data, "number", where, plain),
        url=optional(data, "url", where, web_address),
        last_event=optional(data, "last_event", where, plain),
        last_event_at=optional(data, "last_event_at", where, instant),
        delivered_at=optional(data, "delivered_at", where, instant),
        eta=optional(data, "eta", where, day),
    )


def _contact(body: object, where: str) -> OrderContact:
    data = mapping(body, where)
    return OrderContact(
        email=optional(data, "email", where, plain),
        phone=optional(data, "phone", where, plain),
        name=optional(data, "name", where, plain),
    )


_ADDRESS = (
    "recipient",
    "street",
    "number",
    "complement",
    "district",
    "city",
    "state",
    "postcode",
)

"""What the API shows of the shop's orders."""

from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel

from order_system.model import Item, Money, Order, OrderState, Shipment
from order_system.phones import same_phone


class MoneyView(BaseModel):
    """An exact amount, as a decimal number in words."""

    amount: str
    currency: str

    @classmethod
    def of(cls, money: Money | None) -> Self | None:
        """An amount, where there is one."""
        return None if money is None else cls(amount=str(money.amount), currency=money.currency)


class ItemView(BaseModel):
    """A line of an order."""

    name: str
    size: str | None
    color: str | None
    quantity: int
    unit_price: MoneyView | None
    returnable: bool

    @classmethod
    def of(cls, item: Item, order: Order) -> Self:
        """A line, and whether the shop still takes it back."""
        return cls(
            name=item.name,
            size=item.size,
            color=item.color,
            quantity=item.quantity,
            unit_price=MoneyView.of(item.unit_price),
            returnable=item.ref in order.returnable_items,
        )


class ShipmentView(BaseModel):
    """A parcel."""

    carrier: str | None
    number: str | None
    url: str | None
    last_event: str | None
    last_event_at: datetime | None
    delivered_at: datetime | None
    eta: date | None

    @classmethod
    def of(cls, shipment: Shipment) -> Self:
        """A parcel as the shop knows it."""
        return cls(
            carrier=shipment.carrier,
            number=shipment.number,
            url=shipment.url,
            last_event=shipment.last_event,
            last_event_at=shipment.last_event_at,
            delivered_at=shipment.delivered_at,
            eta=shipment.eta,
        )


class OrderView(BaseModel):
    """An order as the shop tells it now."""

    number: str
    placed_at: datetime
    state: OrderState
    raw_state: str
    """The shop's own word for it."""
    total: MoneyView | None
    items: list[ItemView]
    shipments: list[ShipmentView]
    buyer: str | None
    theirs: bool
    """Bought with the contact's number; an order they only named may be somebody else's."""

    @classmethod
    def of(cls, order: Order, phone: str | None) -> Self:
        """An order, beside a contact with this number."""
        return cls(
            number=order.display_number,
            placed_at=order.placed_at,
            state=order.state,
            raw_state=order.raw_state,
            total=MoneyView.of(order.total),
            items=[ItemView.of(item, order) for item in order.items],
            shipments=[ShipmentView.of(one) for one in order.shipments],
            buyer=order.contact.name,
            theirs=same_phone(order.contact.phone, phone),
        )


class OrdersView(BaseModel):
    """The latest orders first. `state` says how far the list can be trusted.

    ok: this is what the shop knows; partial: some of it did not come; unavailable: the shop's
    system gives no answer just now; refused: it refuses the desk's questions; not_set_up: the desk
    knows no order system.
    """

    state: Literal["ok", "partial", "unavailable", "refused", "not_set_up"]
    items: list[OrderView]

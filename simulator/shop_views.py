"""What the screen of the demo shop shows of its orders."""

from typing import Any

from simulator.shop_events import Events
from simulator.shop_orders import ON_THE_WAY, ShopOrder
from simulator.shop_returns import ShopReturn
from simulator.shop_shelf import Shelf


def row(shelf: Shelf, order: ShopOrder) -> dict[str, Any]:
    """What the list on the screen shows of an order."""
    return {
        "number": str(order.number),
        "name": order.customer.name,
        "phone": order.customer.phone,
        "email": order.customer.email,
        "language": order.customer.language,
        "city": order.customer.city,
        "state": order.state,
        "is_late": order.is_late(shelf.clock()),
        "return_state": next((one.state for one in shelf.returns.of(order)), None),
        "placed_at": order.placed_at.isoformat(),
        "total": {"amount": str(order.total), "currency": order.currency},
    }


def page(shelf: Shelf, order: ShopOrder, events: Events | None) -> dict[str, Any]:
    """Everything the screen shows of an order, and where it may go."""
    told = [one.as_json() for one in events.of(str(order.number))] if events else []
    return row(shelf, order) | {
        "order": shelf.answer(order),
        "delivery_fee": {"amount": str(order.delivery_fee), "currency": order.currency},
        "pictures": [[line.product.picture, line.color.hex] for line in order.lines],
        "carrier": order.carrier,
        "history": [{"state": state, "at": at.isoformat()} for state, at in order.history],
        "moves": order.moves(),
        "can_be_late": order.parcel is not None and order.state in ON_THE_WAY,
        "returns": [_return(one) for one in shelf.returns.of(order)],
        "money": order.till.as_answer(order.total, shelf.clock()),
        "changes": [one.as_json() for one in shelf.audit.entries(str(order.number))],
        "events": told,
    }


def _return(returned: ShopReturn) -> dict[str, Any]:
    order = returned.order
    return returned.as_answer() | {
        "moves": returned.moves(),
        "names": [piece.line.name(order.customer.language) for piece in returned.pieces],
        "note": returned.note,
        "photos": returned.photos,
    }

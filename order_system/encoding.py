"""From what the desk asks for to the JSON of `openapi.yaml`."""

from typing import Any

from order_system.addresses import Address
from order_system.returns import ReturnedItem, ReturnRequest


def encode_address(address: Address) -> dict[str, str]:
    """An address, without what it leaves empty."""
    return {name: value for name, value in vars(address).items() if value}


def encode_return(request: ReturnRequest) -> dict[str, Any]:
    """A request to send something back."""
    body: dict[str, Any] = {
        "kind": str(request.kind),
        "reason": str(request.reason),
        "items": [_item(one) for one in request.items],
    }
    if request.note:
        body["note"] = request.note
    if request.photos:
        body["photos"] = list(request.photos)
    return body


def _item(item: ReturnedItem) -> dict[str, Any]:
    body: dict[str, Any] = {"item": item.item, "quantity": item.quantity}
    if item.new_size:
        body["new_size"] = item.new_size
    if item.new_color:
        body["new_color"] = item.new_color
    return body

"""The demo shop Passo Firme: its order system under /shop/api, its screen at /shop."""

from fastapi import APIRouter

from simulator.shop_api import api
from simulator.shop_events import Events
from simulator.shop_faults import ShopFaults
from simulator.shop_screen import screen
from simulator.shop_shelf import Shelf


def router(
    public_url: str, token: str, shelf: Shelf | None = None, events: Events | None = None
) -> APIRouter:
    """All of the shop; `token` opens its API, and `public_url` is how a browser reaches it."""
    if not token:
        raise ValueError("the shop's API needs a token")
    orders = shelf if shelf is not None else Shelf()
    if events is not None:
        orders.on_event = events.tell
    faults = ShopFaults()
    routes = APIRouter()
    routes.include_router(api(orders, faults, token, public_url))
    routes.include_router(screen(orders, faults, public_url, events))
    return routes

"""The screen of the demo shop at /shop, and the handles behind its buttons."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from simulator.shop_catalogue import SHOP_FILES, Product, catalogue
from simulator.shop_chart_image import chart_image
from simulator.shop_events import Events
from simulator.shop_faults import ShopFault, ShopFaults
from simulator.shop_orders import MoveNotAllowedError, ShopOrder, State
from simulator.shop_refusing import Refused
from simulator.shop_shelf import Shelf
from simulator.shop_sizes import charts
from simulator.shop_staging import WantedOrder, stage
from simulator.shop_views import page, row

Filter = State | Literal["", "late"]

_SCREEN = {
    path.name: path
    for path in SHOP_FILES.rglob("*")
    if path.suffix in {".js", ".css", ".svg"} or path.parent.name == "words"
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Move(BaseModel):
    """Where an order shall go."""

    model_config = ConfigDict(extra="forbid")
    state: State


class Delay(BaseModel):
    """How many days late a parcel shall be."""

    model_config = ConfigDict(extra="forbid")
    days: int = Field(default=2, ge=1, le=60)


class ReturnMove(BaseModel):
    """Where a return shall go."""

    model_config = ConfigDict(extra="forbid")
    state: Literal[
        "label_sent", "in_transit", "received", "refunded", "exchanged", "rejected", "cancelled"
    ]


def screen(
    shelf: Shelf, faults: ShopFaults, public_url: str, events: Events | None = None
) -> APIRouter:
    """The page, its files, and what it asks of the shop."""
    routes = APIRouter(prefix="/shop", tags=["shop"])
    _serve_files(routes)
    _serve_orders(routes, shelf, events)
    _serve_moves(routes, shelf, events)
    _serve_faults(routes, faults)

    @routes.get("/control/products")
    async def products() -> dict[str, Any]:
        """The catalogue by shelf, each product with a link that can be sent to somebody."""
        stock = catalogue()
        rows = [_product(product, public_url) for product in stock.products.values()]
        return {"kinds": stock.kinds, "products": rows}

    @routes.get("/control/audit")
    async def audit(order: str | None = None, limit: int = 100) -> dict[str, Any]:
        """Who changed what, newest first."""
        found = shelf.audit.entries(order)[: max(limit, 0)]
        return {"changes": [one.as_json() for one in found]}

    return routes


def _serve_files(routes: APIRouter) -> None:
    @routes.get("", include_in_schema=False)
    async def front() -> FileResponse:
        return FileResponse(SHOP_FILES / "index.html", headers=_HEADERS)

    @routes.get("/size-charts/{ref}.png", include_in_schema=False)
    async def chart(ref: str, language: Literal["pt", "en"] = "pt") -> Response:
        if ref not in charts():
            raise HTTPException(404)
        return Response(chart_image(ref, language), media_type="image/png")

    @routes.get("/static/{name}", include_in_schema=False)
    async def file(name: str) -> FileResponse:
        if name not in _SCREEN:
            raise HTTPException(404)
        return FileResponse(_SCREEN[name], headers=_HEADERS)


def _serve_orders(routes: APIRouter, shelf: Shelf, events: Events | None) -> None:
    @routes.get("/control/orders")
    async def orders(
        q: str = "", state: Filter = "", limit: int = 50, offset: int = 0
    ) -> dict[str, Any]:
        """Orders that hold all words of `q`, newest first."""
        found, counts = shelf.search(q, state)
        rows = [row(shelf, order) for order in found[max(offset, 0) :][: max(limit, 0)]]
        return {"orders": rows, "total": len(found), "counts": counts}

    @routes.post("/control/orders", status_code=201)
    async def make_order(body: WantedOrder) -> dict[str, Any]:
        """Make an order that fits what somebody wants to try."""
        try:
            made = stage(shelf, body)
        except Refused as no:
            raise HTTPException(422, no.code) from None
        _note(shelf, "order.make", made, situation=body.situation)
        return page(shelf, made, events)

    @routes.get("/control/orders/{number}")
    async def order(number: str) -> dict[str, Any]:
        """All about one order."""
        return page(shelf, _known(shelf, number), events)


def _serve_moves(routes: APIRouter, shelf: Shelf, events: Events | None) -> None:
    @routes.put("/control/orders/{number}/state")
    async def move(number: str, body: Move) -> dict[str, Any]:
        """Move an order along; 409 where it can't go there from where it is."""
        moved = _known(shelf, number)
        with _or_conflict():
            shelf.move(moved, body.state)
        _note(shelf, "order.move", moved, state=body.state)
        return page(shelf, moved, events)

    @routes.put("/control/orders/{number}/delay")
    async def delay(number: str, body: Delay) -> dict[str, Any]:
        """Make a parcel late; 409 where none is on its way."""
        delayed = _known(shelf, number)
        with _or_conflict():
            shelf.make_late(delayed, body.days)
        _note(shelf, "order.delay", delayed, days=str(body.days))
        return page(shelf, delayed, events)

    @routes.put("/control/returns/{number}/state")
    async def move_return(number: str, body: ReturnMove) -> dict[str, Any]:
        """Move a return along; 409 where it can't go there from where it is."""
        moved = shelf.returns.by_number(number)
        if moved is None:
            raise HTTPException(404, "No return has this number")
        with _or_conflict():
            shelf.move_return(moved, body.state)
        _note(shelf, "return.move", moved.order, number=number, state=body.state)
        return page(shelf, moved.order, events)


def _known(shelf: Shelf, number: str) -> ShopOrder:
    order = shelf.by_number(number)
    if order is None:
        raise HTTPException(404, "No order has this number")
    return order


def _note(shelf: Shelf, act: str, order: ShopOrder, **details: str) -> None:
    shelf.audit.note(shelf.clock(), "screen", act, str(order.number), "done", **details)


@contextmanager
def _or_conflict() -> Iterator[None]:
    try:
        yield
    except MoveNotAllowedError as error:
        raise HTTPException(409, str(error)) from None


def _serve_faults(routes: APIRouter, faults: ShopFaults) -> None:
    @routes.get("/control/faults")
    async def current_fault() -> dict[str, Any]:
        """The trouble the shop's API is in."""
        return faults.as_json()

    @routes.post("/control/faults")
    async def put_fault(body: ShopFault) -> dict[str, Any]:
        """Get the shop's API into trouble."""
        faults.put(body)
        return faults.as_json()

    @routes.delete("/control/faults", status_code=204)
    async def clear_fault() -> Response:
        """End the trouble."""
        faults.clear()
        return Response(status_code=204)


def _product(product: Product, public_url: str) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "kind": product.kind,
        "picture": product.picture,
        "name": {"pt": product.pt, "en": product.en},
        "prices": {currency: str(price) for currency, price in product.prices.items()},
        "colors": [{"pt": c.pt, "en": c.en, "hex": c.hex} for c in product.colors],
        "sizes": product.sizes,
        "url": f"{public_url.rstrip('/')}/shop#/catalogue/{product.sku}",
    }

"""The order system of the demo shop: `order_system/openapi.yaml` under /shop/api."""

import asyncio
import hmac
import re

import orjson
from fastapi import APIRouter, Request, Response

from simulator.shop_faults import ShopFaults
from simulator.shop_shelf import Shelf

_PHONE = re.compile(r"[0-9]{8,15}", re.ASCII)
_LIMIT = re.compile(r"[0-9]{1,2}", re.ASCII)
_MOST = 50


def api(shelf: Shelf, faults: ShopFaults, token: str) -> APIRouter:
    """The two questions of the order system, for whoever has the token."""
    routes = APIRouter()
    expected = f"Bearer {token}".encode()

    async def refusal(request: Request) -> Response | None:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            return _problem(401, "The token is missing or wrong")
        return await _trouble(faults)

    async def order_by_number(request: Request) -> Response:
        refused = await refusal(request)
        if refused is not None:
            return refused
        order = shelf.by_number(request.path_params["number"])
        if order is None:
            return _problem(404, "No order has this number")
        return _answer(order.as_answer(shelf.clock()))

    async def orders_by_phone(request: Request) -> Response:
        refused = await refusal(request)
        if refused is not None:
            return refused
        phone = request.query_params.get("phone", "")
        limit = request.query_params.get("limit", "5")
        if not _PHONE.fullmatch(phone):
            return _problem(422, "phone: 8 to 15 digits")
        if not _LIMIT.fullmatch(limit) or not 1 <= int(limit) <= _MOST:
            return _problem(422, "limit: a number from 1 to 50")
        at = shelf.clock()
        found = shelf.by_phone(phone, int(limit))
        return _answer({"orders": [order.as_answer(at) for order in found]})

    # Plain routes: with no declared parameters to resolve, the desk can ask more often.
    routes.add_route("/shop/api/orders/{number}", order_by_number, include_in_schema=False)
    routes.add_route("/shop/api/orders", orders_by_phone, include_in_schema=False)
    return routes


async def _trouble(faults: ShopFaults) -> Response | None:
    fault = faults.take()
    if fault is None:
        return None
    if fault.kind == "slow":
        await asyncio.sleep(fault.delay)
        return None
    if fault.kind == "refuse":
        return _problem(403, "This token may not read orders")
    if fault.kind == "malformed":
        return Response(b'{"order_ref": "pf-', media_type="application/json")
    return _problem(503, "The back office is closed for a moment")


def _answer(body: object) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def _problem(status: int, title: str) -> Response:
    body = {"type": "about:blank", "title": title, "status": status}
    return Response(orjson.dumps(body), status, media_type="application/problem+json")

"""Every question and every change before a shop that fails in every way."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from order_system.addresses import Address
from order_system.protocol import OrderSystemRefused, OrderSystemUnavailable
from order_system.rest import Patience, RestOrderSystem
from order_system.returns import ReturnedItem, ReturnRequest
from order_system.vocabulary import ReturnKind

Call = Callable[[RestOrderSystem], Awaitable[Any]]
HOME = Address("Ana", "Rua A", "1", "São Paulo", "01310-100", "BR", state="SP")
REQUEST = ReturnRequest(ReturnKind.REFUND, (ReturnedItem("1"),))
CALLS: dict[str, Call] = {
    "by_number": lambda shop: shop.by_number("48213"),
    "by_phone": lambda shop: shop.by_phone("5511987650001"),
    "return_options": lambda shop: shop.return_options("48213"),
    "returns_of": lambda shop: shop.returns_of("48213"),
    "return_by_number": lambda shop: shop.return_by_number("R1"),
    "return_label": lambda shop: shop.return_label("R1"),
    "payments_of": lambda shop: shop.payments_of("48213"),
    "invoice_of": lambda shop: shop.invoice_of("48213"),
    "invoice_document": lambda shop: shop.invoice_document("48213"),
    "open_return": lambda shop: shop.open_return("48213", REQUEST, key="k"),
    "cancel_return": lambda shop: shop.cancel_return("R1", key="k"),
    "cancel_order": lambda shop: shop.cancel_order("48213", key="k"),
    "change_address": lambda shop: shop.change_address("48213", HOME, key="k"),
    "renew_payment": lambda shop: shop.renew_payment("48213", key="k"),
    "products": lambda shop: shop.products("tênis", "pt"),
    "availability": lambda shop: shop.availability("TN-BRISA"),
    "promo": lambda shop: shop.promo("PE20"),
    "promos": lambda shop: shop.promos(),
    "size_charts": lambda shop: shop.size_charts(),
    "size_chart_image": lambda shop: shop.size_chart_image("shoes-women", "pt"),
    "stores": lambda shop: shop.stores(),
    "policies": lambda shop: shop.policies(),
}
calls = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def test_no_question_is_forgotten_here() -> None:
    asked = {name for name in vars(RestOrderSystem) if not name.startswith("_")} - {"aclose"}
    assert asked == set(CALLS)


@calls
@pytest.mark.parametrize("trouble", [500, 502, 503, 504, 429, httpx2.ConnectError("refused")])
async def test_trouble_that_lasts_is_unavailable_after_three_tries(
    ask: Callable[..., tuple[Any, Any]], call: Call, trouble: int | Exception
) -> None:
    system, shop = ask(trouble)
    with pytest.raises(OrderSystemUnavailable):
        await call(system)
    assert len(shop.questions) == 3


@calls
async def test_a_shop_that_never_answers_is_left_in_time(call: Call) -> None:
    never = asyncio.Event()

    async def hang(_: httpx2.Request) -> httpx2.Response:
        await never.wait()
        return httpx2.Response(200)

    system = RestOrderSystem(
        "https://shop.example/api",
        "secret",
        httpx2.MockTransport(hang),
        patience=Patience(total=0.02, first_pause=0.001),
    )
    with pytest.raises(OrderSystemUnavailable, match="in time"):
        await call(system)


@calls
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"order_ref": "pf-', b"null", b"[]", b"{}", b'"x"', b"\xff"]
)
async def test_nonsense_is_refused_and_not_asked_for_again(
    ask: Callable[..., tuple[Any, Any]], call: Call, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    system, shop = ask(httpx2.Response(200, content=body, headers=headers))
    with pytest.raises(OrderSystemRefused, match="malformed"):
        await call(system)
    assert len(shop.questions) == 1


@calls
@pytest.mark.parametrize("status", [302, 400, 401, 403, 410])
async def test_a_closed_door_is_refused(
    ask: Callable[..., tuple[Any, Any]], call: Call, status: int
) -> None:
    system, shop = ask(status)
    with pytest.raises(OrderSystemRefused, match=str(status)):
        await call(system)
    assert len(shop.questions) == 1

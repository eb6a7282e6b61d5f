"""The order system of a shop with its own back office, over the REST API of `openapi.yaml`."""

import re
from collections.abc import Callable, Hashable
from typing import TypeVar
from urllib.parse import quote

import httpx2

from order_system.addresses import Address
from order_system.cache import RecentAnswers
from order_system.calling import Calls, Patience
from order_system.catalogue import Availability, Product, Promo, PromoAnswer
from order_system.catalogue_decoding import (
    decode_availability,
    decode_charts,
    decode_products,
    decode_promo_answer,
    decode_promos,
)
from order_system.decoding import decode_order, decode_orders
from order_system.encoding import encode_address, encode_return
from order_system.model import Money, Order
from order_system.papers import Document, Invoice
from order_system.payment_decoding import decode_invoice, decode_payment, decode_payments
from order_system.payments import OrderPayments, Payment
from order_system.phones import full_phone, same_phone
from order_system.policies import ShopPolicies
from order_system.protocol import OrderSystemRefused
from order_system.refusals import Refusal, Why
from order_system.return_decoding import decode_return, decode_return_options, decode_returns
from order_system.returns import Return, ReturnOptions, ReturnRequest
from order_system.shop_decoding import decode_policies, decode_stores
from order_system.sizes import SizeChart
from order_system.stores import Store

__all__ = ["Patience", "RestOrderSystem"]

# What a number or a key may look like; anything else is no order, and no path of the shop's.
_NUMBER = re.compile(r"(?=.*[0-9A-Za-z])[0-9A-Za-z._-]{1,40}")
_PATIENCE = Patience()
_MOST_ORDERS = 50
_MOST_PRODUCTS = 20
# Rules and charts change by the month: they are good for longer than an order.
_STEADY = 12

Found = TypeVar("Found")


class RestOrderSystem:
    """Asks the shop's REST API; answers are remembered for `cache_seconds`.

    `base_url` is where the API begins (`https://shop.example/api`); `token` goes into every
    request as a bearer. One object serves one event loop.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        transport: httpx2.AsyncBaseTransport | None = None,
        *,
        patience: Patience = _PATIENCE,
        cache_seconds: float = 5.0,
        cache_size: int = 1000,
    ) -> None:
        self._calls = Calls(base_url, token, transport, patience)
        self._numbers: RecentAnswers[Order | None] = RecentAnswers(cache_seconds, cache_size)
        self._phones: RecentAnswers[tuple[Order, ...]] = RecentAnswers(cache_seconds, cache_size)
        self._steady: RecentAnswers[object] = RecentAnswers(cache_seconds * _STEADY, cache_size)

    async def by_number(self, number: str) -> Order | None:
        wanted = _tidy(number)
        if wanted is None:
            return None
        return await self._numbers.get(wanted, lambda: self._fetch_one(wanted))

    async def by_phone(self, phone: str, limit: int = 5) -> list[Order]:
        full = full_phone(phone)
        if full is None or limit < 1:
            return []
        most = min(limit, _MOST_ORDERS)
        return list(await self._phones.get((full, most), lambda: self._fetch_latest(full, most)))

    async def return_options(self, number: str) -> ReturnOptions | None:
        return await self._read("orders/{}/return-options", number, decode_return_options)

    async def returns_of(self, number: str) -> list[Return]:
        found = await self._read("orders/{}/returns", number, decode_returns)
        return list(found or ())

    async def return_by_number(self, number: str) -> Return | None:
        return await self._read("returns/{}", number, decode_return)

    async def return_label(self, number: str) -> Document | Refusal | None:
        wanted = _tidy(number)
        return None if wanted is None else await self._calls.file(_path("returns/{}/label", wanted))

    async def payments_of(self, number: str) -> OrderPayments | None:
        return await self._read("orders/{}/payments", number, decode_payments)

    async def invoice_of(self, number: str) -> Invoice | Refusal | None:
        wanted = _tidy(number)
        if wanted is None:
            return None
        body = await self._calls.read_or_refusal(_path("orders/{}/invoice", wanted))
        return body if body is None or isinstance(body, Refusal) else decode_invoice(body)

    async def invoice_document(self, number: str) -> Document | Refusal | None:
        wanted = _tidy(number)
        if wanted is None:
            return None
        return await self._calls.file(_path("orders/{}/invoice.pdf", wanted))

    async def open_return(
        self, number: str, request: ReturnRequest, *, key: str, version: str | None = None
    ) -> Return | Refusal:
        body = encode_return(request)
        return await self._write(
            "POST", "orders/{}/returns", number, decode_return, body, key=key, version=version
        )

    async def cancel_return(self, number: str, *, key: str) -> Return | Refusal:
        return await self._write("PUT", "returns/{}/cancellation", number, decode_return, key=key)

    async def cancel_order(
        self, number: str, *, key: str, version: str | None = None
    ) -> Order | Refusal:
        return await self._write(
            "PUT", "orders/{}/cancellation", number, decode_order, key=key, version=version
        )

    async def change_address(
        self, number: str, address: Address, *, key: str, version: str | None = None
    ) -> Order | Refusal:
        body = encode_address(address)
        return await self._write(
            "PUT", "orders/{}/address", number, decode_order, body, key=key, version=version
        )

    async def renew_payment(self, number: str, *, key: str) -> Payment | Refusal:
        return await self._write("POST", "orders/{}/payments", number, decode_payment, key=key)

    async def products(self, words: str, language: str, limit: int = 5) -> list[Product]:
        if not words.strip() or limit < 1:
            return []
        most = str(min(limit, _MOST_PRODUCTS))
        query = {"q": words.strip()[:200], "language": language, "limit": most}
        return list(decode_products(await self._must("products", query)))

    async def availability(
        self, product: str, *, size: str | None = None, color: str | None = None
    ) -> Availability | None:
        query = {name: value for name, value in (("size", size), ("color", color)) if value}
        return await self._read("products/{}/availability", product, decode_availability, query)

    async def promo(
        self, code: str, *, amount: Money | None = None, phone: str | None = None
    ) -> PromoAnswer:
        wanted = code.strip().upper()
        query = (
            {} if amount is None else {"amount": str(amount.amount), "currency": amount.currency}
        )
        full = full_phone(phone)
        query |= {"phone": full} if full else {}
        found = await self._read("promos/{}", wanted, decode_promo_answer, query)
        return found or PromoAnswer(wanted, None, Refusal(Why.PROMO_UNKNOWN))

    async def promos(self) -> list[Promo]:
        return list(await self._steadily("promos", "promos", {}, decode_promos))

    async def size_charts(
        self, *, product: str | None = None, category: str | None = None, gender: str | None = None
    ) -> list[SizeChart]:
        asked = (("product", product), ("category", category), ("gender", gender))
        query = {name: value for name, value in asked if value}
        key = ("size-charts", *query.items())
        return list(await self._steadily(key, "size-charts", query, decode_charts))

    async def size_chart_image(self, chart: str, language: str) -> Document | None:
        wanted = _tidy(chart)
        if wanted is None:
            return None
        query = {"language": language}
        found = await self._calls.file(_path("size-charts/{}/image", wanted), query)
        return None if isinstance(found, Refusal) else found

    async def stores(self) -> list[Store]:
        return list(await self._steadily("stores", "stores", {}, decode_stores))

    async def policies(self) -> ShopPolicies:
        return await self._steadily("policies", "policies", {}, decode_policies)

    async def aclose(self) -> None:
        await self._numbers.aclose()
        await self._phones.aclose()
        await self._steady.aclose()
        await self._calls.aclose()

    async def _fetch_one(self, number: str) -> Order | None:
        body = await self._calls.read(_path("orders/{}", number))
        if body is None:
            return None
        order = decode_order(body)
        # A shop that answers with another order would show it to the wrong person.
        if order.display_number.lstrip("#").casefold() != number.casefold():
            raise OrderSystemRefused("malformed order.display_number")
        return order

    async def _fetch_latest(self, phone: str, limit: int) -> tuple[Order, ...]:
        orders = [
            order
            for order in decode_orders(
                await self._must("orders", {"phone": phone, "limit": str(limit)})
            )
            # A shop that searches loosely must not make its neighbours' orders ours to tell.
            if same_phone(order.contact.phone, phone)
        ]
        orders.sort(key=lambda order: order.placed_at, reverse=True)
        return tuple(orders[:limit])

    async def _must(self, path: str, query: dict[str, str]) -> object:
        body = await self._calls.read(path, query)
        if body is None:
            raise OrderSystemRefused("status 404")
        return body

    async def _read(
        self,
        path: str,
        number: str,
        decode: Callable[[object], Found],
        query: dict[str, str] | None = None,
    ) -> Found | None:
        wanted = _tidy(number)
        if wanted is None:
            return None
        body = await self._calls.read(_path(path, wanted), query)
        return None if body is None else decode(body)

    async def _steadily(
        self, key: Hashable, path: str, query: dict[str, str], decode: Callable[[object], Found]
    ) -> Found:
        async def ask() -> object:
            return decode(await self._must(path, query))

        found: Found = await self._steady.get(key, ask)  # type: ignore[assignment]
        return found

    async def _write(
        self,
        method: str,
        path: str,
        number: str,
        decode: Callable[[object], Found],
        body: dict[str, object] | dict[str, str] | None = None,
        *,
        key: str,
        version: str | None = None,
    ) -> Found | Refusal:
        wanted = _tidy(number)
        if wanted is None:
            return Refusal(Why.ORDER_UNKNOWN)
        try:
            answer = await self._calls.write(
                method, _path(path, wanted), body, key=key, version=version
            )
        finally:
            # Whatever came of it, what we remember may be out of date now.
            self._numbers.forget()
            self._phones.forget()
        return answer if isinstance(answer, Refusal) else decode(answer)


def _tidy(number: str) -> str | None:
    wanted = number.strip().lstrip("#").strip()
    return wanted if _NUMBER.fullmatch(wanted) else None


def _path(pattern: str, number: str) -> str:
    return pattern.format(quote(number, safe=""))

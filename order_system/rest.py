"""The order system of a shop with its own back office, over the REST API of `openapi.yaml`."""

import asyncio
import json
import random
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import httpx2

from order_system.cache import RecentAnswers
from order_system.decoding import decode_order, decode_orders
from order_system.model import Order
from order_system.phones import full_phone, same_phone
from order_system.protocol import OrderSystemRefused, OrderSystemUnavailable

# What a display number may look like; anything else is no order, and no path of the shop's.
_NUMBER = re.compile(r"(?=.*[0-9A-Za-z])[0-9A-Za-z._-]{1,40}")
_RETRYABLE_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOST_ORDERS = 50


@dataclass(frozen=True)
class Patience:
    """How long, in seconds, and how often a question is asked before we give up."""

    connect: float = 3.0
    read: float = 5.0
    total: float = 8.0
    attempts: int = 3
    first_pause: float = 0.2
    longest_pause: float = 2.0


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
        patience: Patience = Patience(),
        cache_seconds: float = 5.0,
        cache_size: int = 1000,
    ) -> None:
        self._patience = patience
        self._client = httpx2.AsyncClient(
            base_url=base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=httpx2.Timeout(patience.read, connect=patience.connect),
            transport=transport,
        )
        self._numbers: RecentAnswers[Order | None] = RecentAnswers(cache_seconds, cache_size)
        self._phones: RecentAnswers[tuple[Order, ...]] = RecentAnswers(cache_seconds, cache_size)

    async def by_number(self, number: str) -> Order | None:
        wanted = number.strip().lstrip("#").strip()
        if not _NUMBER.fullmatch(wanted):
            return None
        return await self._numbers.get(wanted, lambda: self._fetch_one(wanted))

    async def by_phone(self, phone: str, limit: int = 5) -> list[Order]:
        full = full_phone(phone)
        if full is None or limit < 1:
            return []
        most = min(limit, _MOST_ORDERS)
        return list(await self._phones.get((full, most), lambda: self._fetch_latest(full, most)))

    async def aclose(self) -> None:
        await self._numbers.aclose()
        await self._phones.aclose()
        await self._client.aclose()

    async def _fetch_one(self, number: str) -> Order | None:
        response = await self._ask(f"orders/{quote(number, safe='')}")
        if response.status_code == 404:
            return None
        order = decode_order(_json(response))
        # A shop that answers with another order would show it to the wrong person.
        if order.display_number.lstrip("#").casefold() != number.casefold():
            raise OrderSystemRefused("malformed order.display_number")
        return order

    async def _fetch_latest(self, phone: str, limit: int) -> tuple[Order, ...]:
        response = await self._ask("orders", {"phone": phone, "limit": str(limit)})
        if response.status_code == 404:
            raise OrderSystemRefused("status 404")
        orders = [
            order
            for order in decode_orders(_json(response))
            # A shop that searches loosely must not make its neighbours' orders ours to tell.
            if same_phone(order.contact.phone, phone)
        ]
        orders.sort(key=lambda order: order.placed_at, reverse=True)
        return tuple(orders[:limit])

    async def _ask(self, path: str, query: dict[str, str] | None = None) -> httpx2.Response:
        try:
            return await asyncio.wait_for(self._keep_asking(path, query), self._patience.total)
        except asyncio.TimeoutError:
            raise OrderSystemUnavailable("no answer in time") from None

    async def _keep_asking(self, path: str, query: dict[str, str] | None) -> httpx2.Response:
        deadline = asyncio.get_running_loop().time() + self._patience.total
        attempt = 1
        while True:
            try:
                return await self._ask_once(path, query)
            except OrderSystemUnavailable as failure:
                pause = self._pause(attempt, failure.retry_after)
                too_late = asyncio.get_running_loop().time() + pause >= deadline
                if attempt >= self._patience.attempts or too_late:
                    raise
            attempt += 1
            await asyncio.sleep(pause)

    async def _ask_once(self, path: str, query: dict[str, str] | None) -> httpx2.Response:
        try:
            response = await self._client.get(path, params=query)
        except (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.InvalidURL) as error:
            raise OrderSystemRefused(type(error).__name__) from error
        except httpx2.TransportError as error:
            raise OrderSystemUnavailable(type(error).__name__) from error
        except httpx2.RequestError as error:
            raise OrderSystemRefused(type(error).__name__) from error
        if response.status_code in _RETRYABLE_STATUSES:
            raise OrderSystemUnavailable(f"status {response.status_code}", _retry_after(response))
        if response.status_code not in (200, 404):
            raise OrderSystemRefused(f"status {response.status_code}")
        return response

    def _pause(self, attempt: int, asked: float | None) -> float:
        longest = min(
            self._patience.first_pause * 2.0 ** (attempt - 1), self._patience.longest_pause
        )
        # Between half and all of it, so that clients who failed together don't return together.
        jittered = longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
        return max(jittered, asked or 0.0)


def _retry_after(response: httpx2.Response) -> float | None:
    asked = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,6}", asked):
        return float(asked)
    try:
        # Against the shop's own clock: ours may be minutes away from it.
        until = parsedate_to_datetime(asked) - parsedate_to_datetime(response.headers["Date"])
    except (KeyError, TypeError, ValueError):
        return None
    return max(until.total_seconds(), 0.0)


def _json(response: httpx2.Response) -> object:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        raise OrderSystemRefused("malformed JSON") from None

"""The demo shop in memory, on a day of the test's choosing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx2
from fastapi import FastAPI

from order_system.rest import Patience, RestOrderSystem
from simulator.shop import router
from simulator.shop_shelf import Shelf

NOON = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
TOKEN = "shop-token"


class Visit:
    """A running shop: `http` is a browser's view, `order_system` the desk's."""

    def __init__(self) -> None:
        self.at = NOON
        app = FastAPI()
        app.include_router(router("http://127.0.0.1:8090", TOKEN, Shelf(lambda: self.at)))
        transport = httpx2.ASGITransport(app)
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://shop.test")
        self.api = httpx2.AsyncClient(
            transport=transport,
            base_url="http://shop.test/shop/api/",
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        self.order_system = RestOrderSystem(
            "http://shop.test/shop/api",
            TOKEN,
            transport,
            patience=Patience(first_pause=0.001, longest_pause=0.002),
            cache_seconds=0,
        )

    def later(self, **delta: float) -> None:
        self.at += timedelta(**delta)


@asynccontextmanager
async def a_visit() -> AsyncIterator[Visit]:
    """Open the shop, and close it again."""
    visit = Visit()
    async with visit.http, visit.api:
        yield visit
    await visit.order_system.aclose()

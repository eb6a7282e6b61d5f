"""What the demo shop tells of its orders: signed, in order, and again until it arrives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import httpx2
import pytest
from fastapi import FastAPI

from order_system.events import OrderEvent, decode_event, verify
from order_system.vocabulary import EventKind
from simulator.shop import router
from simulator.shop_events import Events
from simulator.shop_shelf import Shelf

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOON = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


class Desk:
    """Takes events, after refusing as many as it is told to."""

    def __init__(self) -> None:
        self.refusals = 0
        self.tries = 0
        self.taken: list[OrderEvent] = []
        self.arrived = asyncio.Event()

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.tries += 1
        if self.refusals:
            self.refusals -= 1
            if self.refusals % 2:
                raise httpx2.ConnectError("down")
            return httpx2.Response(503)
        verify(request.headers, request.content, [SECRET], now=NOON)
        self.taken.append(decode_event(request.headers, request.content))
        self.arrived.set()
        return httpx2.Response(204)

    async def next(self) -> OrderEvent:
        await asyncio.wait_for(self.arrived.wait(), 10)
        self.arrived.clear()
        return self.taken[-1]


@asynccontextmanager
async def _shop(desk: Desk, url: str = "http://desk/hook") -> AsyncIterator[httpx2.AsyncClient]:
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(desk))
    events = Events(url, SECRET, client, lambda: NOON, first_pause=0.001)
    app = FastAPI()
    app.include_router(router("http://127.0.0.1:8090", "token", Shelf(lambda: NOON), events))
    running = asyncio.create_task(events.run())
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://shop.test/shop/control/"
    ) as screen:
        yield screen
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await client.aclose()


async def test_each_step_worth_telling_is_told_with_the_order() -> None:
    desk = Desk()
    async with _shop(desk) as screen:
        await screen.put("orders/48391/state", json={"state": "shipped"})
        told = await desk.next()
        assert (told.kind, told.order.display_number) == (EventKind.SHIPPED, "48391")
        assert told.order.shipments[0].number is not None
        await screen.put("orders/48391/state", json={"state": "in_transit"})
        await screen.put("orders/48391/delay", json={"days": 2})
        assert (await desk.next()).kind is EventKind.DELAYED
        await screen.put("orders/48391/state", json={"state": "out_for_delivery"})
        assert (await desk.next()).kind is EventKind.OUT_FOR_DELIVERY
        await screen.put("orders/48391/state", json={"state": "delivered"})
        assert (await desk.next()).kind is EventKind.DELIVERED
        page = (await screen.get("orders/48391")).json()
    assert len({event.id for event in desk.taken}) == 4
    assert [one["kind"] for one in page["events"]] == [
        "order.delivered",
        "order.out_for_delivery",
        "order.delayed",
        "order.shipped",
    ]


async def test_an_event_is_brought_again_until_the_desk_takes_it() -> None:
    desk = Desk()
    desk.refusals = 3
    async with _shop(desk) as screen:
        await screen.put("orders/48391/state", json={"state": "shipped"})
        await desk.next()
    assert desk.tries == 4
    assert len(desk.taken) == 1


async def test_without_an_address_nothing_is_sent_but_all_is_shown() -> None:
    desk = Desk()
    async with _shop(desk, url="") as screen:
        page = (await screen.put("orders/48391/state", json={"state": "shipped"})).json()
    assert [one["state"] for one in page["events"]] == ["not_sent"]
    assert desk.tries == 0


async def test_events_without_a_secret_are_a_mistake() -> None:
    async with httpx2.AsyncClient() as client:
        with pytest.raises(ValueError, match="secret"):
            Events("http://desk/hook", "", client, lambda: NOON)

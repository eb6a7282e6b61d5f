"""Puts the simulated world together as one web application."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2
from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles

from simulator import control, graph, phone, shop, templates
from simulator.busy import BusyDay
from simulator.courier import Courier
from simulator.faults import Faults
from simulator.feed import Feed
from simulator.journal import Journal
from simulator.media import MediaShelf
from simulator.outside import Outside
from simulator.refusals import GraphError, ServerBrokenError
from simulator.settings import Settings
from simulator.shop_events import Events
from simulator.verification import verify
from simulator.world import World

log = logging.getLogger("simulator")


def create_app(
    settings: Settings,
    *,
    transport: httpx2.AsyncBaseTransport | None = None,
    now: Callable[[], float] = time.time,
) -> FastAPI:
    """Make the application; `transport` and `now` let tests bring their own desk and time."""
    outside = _outside(settings, transport, now)
    busy = BusyDay(outside)
    events = _events(outside)
    journal = _journal(settings, outside)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        outside.courier.on_delivered = lambda wamids: _tick(outside, wamids)
        loops = [
            asyncio.create_task(outside.courier.run()),
            asyncio.create_task(verify(settings, outside.client)),
            asyncio.create_task(busy.run()),
            asyncio.create_task(events.run()),
        ]
        if journal is not None:
            loops.append(asyncio.create_task(journal.run()))
        for loop in loops:
            loop.add_done_callback(_tell_of_failure)
        yield
        outside.world.feed.close()
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await outside.client.aclose()
        if journal is not None:
            journal.save()

    app = FastAPI(title="Simulator", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.outside = outside
    app.state.busy = busy
    _add_routes(app, outside, busy, events)
    return app


def _tell_of_failure(loop: asyncio.Task[Any]) -> None:
    """Say at once that a loop broke, not when the simulator is stopped."""
    if not loop.cancelled() and (error := loop.exception()) is not None:
        log.error("a loop of the simulator broke", exc_info=error)


def _outside(
    settings: Settings,
    transport: httpx2.AsyncBaseTransport | None,
    now: Callable[[], float],
) -> Outside:
    world = World(feed=Feed(), now=now)
    faults = Faults()
    folder = settings.state.with_suffix(".media") if settings.state is not None else None
    client = httpx2.AsyncClient(
        transport=transport,
        timeout=httpx2.Timeout(settings.answer_timeout_seconds, connect=3),
        trust_env=False,
    )
    return Outside(
        settings=settings,
        world=world,
        faults=faults,
        shelf=MediaShelf(settings.public_url, settings.media_url_seconds, now, folder),
        courier=Courier(settings, world, faults, client),
        client=client,
        now=now,
    )


def _events(outside: Outside) -> Events:
    return Events(
        outside.settings.order_events_url,
        outside.settings.order_events_secret.get_secret_value(),
        outside.client,
        lambda: datetime.fromtimestamp(outside.now(), UTC),
    )


def _journal(settings: Settings, outside: Outside) -> Journal | None:
    journal = (
        Journal(settings.state, outside.world, outside.shelf)
        if settings.state is not None
        else None
    )
    if journal is None or not journal.load():
        outside.world.begin()
        outside.world.templates[:] = templates.demo_templates()
    return journal


def _add_routes(app: FastAPI, outside: Outside, busy: BusyDay, events: Events) -> None:
    settings = outside.settings
    app.add_exception_handler(GraphError, graph.refused)
    app.add_exception_handler(ServerBrokenError, graph.refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.include_router(graph.router(outside))
    app.include_router(graph.attachments(outside))
    app.include_router(control.router(outside, busy))
    app.include_router(phone.router(outside))
    token = settings.order_token.get_secret_value()
    app.include_router(shop.router(settings.public_url, token, events=events))
    app.mount("/phone/static", StaticFiles(directory=phone.PAGE))

    @app.get("/", include_in_schema=False)
    async def front_door() -> Response:
        return RedirectResponse("/phone")


def _tick(outside: Outside, wamids: list[str]) -> None:
    """Give a second tick to the shopper's messages that the desk has taken."""
    for wamid in wamids:
        message = outside.world.message(wamid)
        if message is not None and message.status == "sent":
            message.status = "delivered"
            outside.world.show(message)


async def _invalid(request: Request, error: Exception) -> Response:
    """Answer malformed requests in the shape of the side they were made to."""
    if not isinstance(error, RequestValidationError):
        raise error
    if request.url.path.startswith("/graph/"):
        names = ", ".join(str(one["loc"][-1]) for one in error.errors())
        return await graph.refused(request, GraphError(100, f"Invalid parameter: {names}."))
    return await request_validation_exception_handler(request, error)

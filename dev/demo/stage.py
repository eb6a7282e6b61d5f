"""The desk and the world outside in one process, so that a story can be lived through quickly."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import structlog
import uvicorn
from pydantic import SecretStr

from dev.demo.bot import ScriptedBot
from dev.demo.past import Past
from simulator.app import create_app as create_simulator
from simulator.outside import Outside
from simulator.settings import Settings as SimulatorSettings
from sla_service.app import create_app
from sla_service.conversations import lanes
from sla_service.database.sessions import Database
from sla_service.jobs import queue
from sla_service.settings import Settings
from sla_service.whatsapp.client import GraphClient
from sla_service.worker import Worker

_DESK = "http://desk.example"
_ROUNDS = 20
_PATIENCE = 5.0  # seconds for a webhook to arrive


@dataclass(frozen=True, slots=True)
class Stage:
    """A desk whose worker does what it is told, and the phones of its contacts."""

    database: Database
    web: httpx2.AsyncClient
    worker: Worker
    bot: ScriptedBot
    outside: Outside
    settings: Settings

    async def settle(self) -> None:
        """Let everything arrive, be answered and be sent."""
        for _ in range(_ROUNDS):
            await self._arrived()
            done = await self.worker.intake.drain()
            async with self.database.connection() as connection:
                lease = self.settings.lanes.lease
                claims, _ = await lanes.claim(connection, limit=32, lease=lease)
            for claim in claims:
                await self.worker.attendant.attend(claim)
            if not done and not claims:
                return

    async def pass_time(self) -> None:
        """Let what comes with time come: promises, ratings, reminders, files."""
        await self.worker.sweep.once()
        await self.worker.upkeep.once()
        while await self.worker.fetcher.once():
            pass
        async with self.database.connection() as connection:
            is_idle = await queue.is_empty(connection)
        if not is_idle:
            await self.worker.jobs.drain()
        await self.settle()

    async def _arrived(self) -> None:
        """Wait until the desk has every webhook."""
        owed, until = self.outside.world.deliveries, time.monotonic() + _PATIENCE
        while owed and time.monotonic() < until:
            self.outside.courier.wake()
            await asyncio.sleep(0.002)


@asynccontextmanager
async def built(past: Past, settings: Settings, outside: SimulatorSettings) -> AsyncIterator[Stage]:
    """A stage; what happened on it is in the database and in the simulator's file afterwards."""
    with _quiet():
        async with _built(past, settings, outside) as stage:
            yield stage


@contextmanager
def _quiet() -> Iterator[None]:
    """What the desk would say of a past that is made up, nobody needs to read."""
    usual = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**usual)


@asynccontextmanager
async def _built(
    past: Past, settings: Settings, outside: SimulatorSettings
) -> AsyncIterator[Stage]:
    listener = socket.create_server(("127.0.0.1", 0))
    here = f"http://127.0.0.1:{listener.getsockname()[1]}"
    channel = settings.whatsapp.model_copy(update={"graph_url": f"{here}/graph"})
    quick = settings.lanes.model_copy(update={"quiet": timedelta()})
    changed = {"database_url": SecretStr(past.url), "whatsapp": channel, "lanes": quick}
    settings = settings.model_copy(update=changed)
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=_DESK) as web,
        _simulator(outside, here, listener, app) as world,
    ):
        database, graph = Database(past.url, pool_size=4), GraphClient(settings.whatsapp)
        bot = ScriptedBot(settings, web)
        worker = Worker(settings, database, bot, graph)
        try:
            yield Stage(database, web, worker, bot, world, settings)
        finally:
            await bot.close()
            await graph.close()
            await database.close()


def _leave() -> None:
    """Leave the simulator's file as it is."""


@asynccontextmanager
async def _simulator(
    wanted: SimulatorSettings, here: str, listener: socket.socket, desk: Any
) -> AsyncIterator[Outside]:
    at_once = {f"{status}_after_seconds": 0 for status in ("sent", "delivered", "read")}
    address = {"public_url": here, "webhook_url": f"{_DESK}/webhooks/whatsapp"}
    settings = wanted.model_copy(update={**at_once, **address})
    app = create_simulator(settings, transport=httpx2.ASGITransport(app=desk))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="critical", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    outside: Outside = app.state.outside
    # The simulator writes its file once, when it ends.
    outside.world.touch = outside.world.keep = _leave
    try:
        yield outside
    finally:
        outside.world.feed.close()
        server.should_exit = True
        await serving

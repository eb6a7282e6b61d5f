"""Open pages hear what changes, over one connection to PostgreSQL a process."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import uvicorn
from sqlalchemy import text

from sla_service.app import create_app
from sla_service.console.live import Live
from sla_service.database.sessions import Database
from sla_service.database.wake import Channel, tell
from sla_service.web.access import COOKIE, cookie_for
from tests.sla_service.world import CONSOLE_KEY, World, settings_for

_PATIENCE = 15  # seconds after which a test that waits has failed


@dataclass
class Served:
    """The web process on a port of its own."""

    http: httpx2.AsyncClient
    live: Live


@pytest.fixture
async def served(database: Database, world: World) -> AsyncIterator[Served]:
    app = create_app(settings_for(database.url, world))
    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    client = httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", cookies={COOKIE: cookie_for(CONSOLE_KEY)}
    )
    async with client:
        yield Served(client, app.state.live)
    server.should_exit = True
    await running


class Page:
    """An open page: the events it hears, one by one."""

    def __init__(self, response: httpx2.Response) -> None:
        self.lines = response.aiter_lines()

    async def hears(self) -> tuple[str, Any]:
        """The next event and its data. Raises StopAsyncIteration when the stream has ended."""
        name = ""
        async with asyncio.timeout(_PATIENCE):
            while True:
                line = await anext(self.lines)
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    return name, json.loads(line.removeprefix("data: "))


async def changed(database: Database, *conversations: int) -> None:
    async with database.transaction() as session:
        for conversation in conversations:
            await tell(session, Channel.LIVE, str(conversation))


async def listeners(database: Database) -> list[int]:
    query = text(
        "SELECT pid FROM pg_stat_activity "
        "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    async with database.transaction() as session:
        return list((await session.scalars(query)).all())


async def until_listening(database: Database) -> int:
    """The connection that listens, once there is one."""
    async with asyncio.timeout(_PATIENCE):
        while not (found := await listeners(database)):
            await asyncio.sleep(0.01)
    (pid,) = found
    return pid


async def test_every_page_hears_of_a_change_over_one_connection(
    served: Served, database: Database
) -> None:
    await until_listening(database)
    async with (
        served.http.stream("GET", "/api/events") as first,
        served.http.stream("GET", "/api/events") as second,
    ):
        assert first.headers["content-type"].startswith("text/event-stream")
        pages = [Page(first), Page(second)]
        for page in pages:
            assert (await page.hears())[0] == "everything"
        await changed(database, 42)
        for page in pages:
            assert await page.hears() == ("conversation", {"id": 42})
        assert len(await listeners(database)) == 1


async def test_changes_at_once_are_told_once_each(served: Served, database: Database) -> None:
    await until_listening(database)
    async with served.http.stream("GET", "/api/events") as response:
        page = Page(response)
        await page.hears()
        for _ in range(3):
            await changed(database, 7, 8)
        await changed(database, 9)
        heard = [await page.hears() for _ in range(3)]
        assert heard == [("conversation", {"id": number}) for number in (7, 8, 9)]


async def test_after_a_lost_connection_a_page_looks_at_everything(
    served: Served, database: Database
) -> None:
    pid = await until_listening(database)
    async with served.http.stream("GET", "/api/events") as response:
        page = Page(response)
        await page.hears()
        async with database.transaction() as session:
            await session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        assert (await page.hears())[0] == "everything"
        await changed(database, 3)
        assert await page.hears() == ("conversation", {"id": 3})


async def test_a_page_that_is_closed_is_forgotten_and_a_stopping_desk_ends_the_rest(
    served: Served, database: Database
) -> None:
    await until_listening(database)
    async with served.http.stream("GET", "/api/events") as response:
        page = Page(response)
        await page.hears()
        async with served.http.stream("GET", "/api/events") as closed:
            await Page(closed).hears()
        served.live.end()
        with pytest.raises(StopAsyncIteration):
            await page.hears()

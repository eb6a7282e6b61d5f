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
from sla_service.database.wake import Channel, tell, tell_by
from tests.sla_service import people
from tests.sla_service.world import Desk, World, settings_for, written

_PATIENCE = 15  # seconds after which a test that waits has failed


@dataclass
class Served:
    """The web process on a port of its own."""

    http: httpx2.AsyncClient
    live: Live


@pytest.fixture
async def served(database: Database, world: World) -> AsyncIterator[Served]:
    await people.seat(database)
    app = create_app(settings_for(database.url, world))
    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    token = await people.session_of(database, people.BRUNO)
    client = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", cookies={people.COOKIE: token})
    async with client:
        yield Served(client, app.state.live)
    server.should_exit = True
    await running


class Page:
    """An open page: the events it hears, one by one, and the mark of the last."""

    def __init__(self, response: httpx2.Response) -> None:
        self.lines = response.aiter_lines()
        self.mark = ""

    async def hears(self, *kinds: str) -> tuple[str, Any]:
        """The next event that is no count, or of these kinds. StopAsyncIteration at the end."""
        name = ""
        async with asyncio.timeout(_PATIENCE):
            while True:
                field, _, value = (await anext(self.lines)).partition(": ")
                if field == "event":
                    name = value
                elif field == "id":
                    self.mark = value
                elif field == "data":
                    data = json.loads(value)
                elif not field and name:
                    if name in kinds or (not kinds and name != "counts"):
                        return name, data
                    name = ""


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


async def until_listening_ends(database: Database) -> None:
    async with asyncio.timeout(_PATIENCE):
        while await listeners(database):
            await changed(database, 1)
            await asyncio.sleep(0.01)


async def test_every_page_hears_of_a_change_over_one_connection(
    served: Served, database: Database
) -> None:
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
    async with served.http.stream("GET", "/api/events") as response:
        page = Page(response)
        await page.hears()
        async with database.connection() as connection:
            for number in (7, 8, 7, 8, 7, 9):
                await tell_by(connection, Channel.LIVE, str(number))
        heard = [await page.hears() for _ in range(3)]
        assert heard == [("conversation", {"id": number}) for number in (7, 8, 9)]


async def test_after_a_lost_connection_a_page_looks_at_everything(
    served: Served, database: Database
) -> None:
    async with served.http.stream("GET", "/api/events") as response:
        page = Page(response)
        await page.hears()
        (pid,) = await listeners(database)
        async with database.transaction() as session:
            await session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        assert (await page.hears("everything"))[0] == "everything"
        await changed(database, 3)
        assert await page.hears("conversation") == ("conversation", {"id": 3})


async def told(database: Database, *payloads: str, channel: Channel = Channel.LIVE) -> None:
    async with database.transaction() as session:
        for payload in payloads:
            await tell(session, channel, payload)


async def test_a_page_that_comes_back_is_told_what_it_missed(
    served: Served, database: Database
) -> None:
    async with served.http.stream("GET", "/api/events") as response:
        page = Page(response)
        await page.hears()
        await changed(database, 1)
        await page.hears()
    async with served.http.stream("GET", "/api/events") as other:
        witness = Page(other)
        await witness.hears()
        await changed(database, 2)
        await witness.hears()
        await changed(database, 3, 2)
        await witness.hears()
        for headers, query in (
            ({"Last-Event-ID": page.mark}, {}),
            ({}, {"last_event_id": page.mark}),
        ):
            async with served.http.stream(
                "GET", "/api/events", headers=headers, params=query
            ) as response:
                back = Page(response)
                heard = [await back.hears() for _ in range(2)]
                assert sorted(data["id"] for _, data in heard) == [2, 3]


@pytest.mark.parametrize("mark", ["0-1", "elsewhere-7", "x", "%00"])
async def test_a_page_from_another_time_looks_at_everything(
    served: Served, database: Database, mark: str
) -> None:
    async with served.http.stream("GET", "/api/events", params={"last_event_id": mark}) as response:
        assert (await Page(response).hears())[0] == "everything"


async def test_people_notices_and_looks_are_told(served: Served, database: Database) -> None:
    async with served.http.stream("GET", "/api/events") as response:
        page = Page(response)
        await page.hears("everything")
        await told(database, "7", channel=Channel.ALERTS)
        assert await page.hears("notice") == ("notice", {"id": 7})
        await told(database, f"presence:{people.CARLA}")
        assert await page.hears("presence") == ("presence", {"agent": people.CARLA})
        headers = people.OWN
        answer = await served.http.post(
            "/api/conversations/4/viewing", json={"doing": "replying"}, headers=headers
        )
        assert answer.status_code == 204
        look = {"conversation": 4, "agent": people.BRUNO, "doing": "replying"}
        assert await page.hears("viewing") == ("viewing", look)
        answer = await served.http.post(
            "/api/conversations/4/viewing", json={"doing": "dancing"}, headers=headers
        )
        assert answer.status_code == 422


async def test_an_offer_is_told_to_whom_it_is_made_alone(
    served: Served, database: Database, hand_over: Any, desk: Desk
) -> None:
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    offers = {}
    for agent in (people.BRUNO, people.CARLA):
        (row,) = await desk.rows(
            "INSERT INTO offers (conversation_id, ticket_id, agent_id, owner_fence, expires_at, "
            "outcome) VALUES (1, 1, :agent, 0, now() + interval '30 seconds', "
            "CAST(:outcome AS varchar)) RETURNING id",
            agent=agent,
            outcome="declined" if offers else None,
        )
        offers[agent] = row.id
    async with served.http.stream("GET", "/api/events") as response:
        page = Page(response)
        await page.hears("everything")
        await told(database, *(f"offer:{offer}" for offer in offers.values()), "presence:4")
        kind, data = await page.hears("offer", "presence")
        assert (kind, data["id"], data["conversation"]) == ("offer", offers[people.BRUNO], 1)
        assert data["expires_at"].endswith("Z")
        assert (await page.hears("offer", "presence"))[0] == "presence"


async def test_counts_follow_what_changes(served: Served, database: Database, desk: Desk) -> None:
    async with served.http.stream("GET", "/api/events") as response:
        page = Page(response)
        _, data = await page.hears("counts")
        assert data == {"mine": 0, "waiting": 0, "open": 0, "bot": 0, "unread": 0}
        await desk.deliver(written("oi", "wamid.1"))
        await desk.settle()
        assert (await page.hears("counts"))[1]["bot"] == 1


async def test_a_page_that_is_closed_is_forgotten_and_a_stopping_desk_ends_the_rest(
    served: Served, database: Database
) -> None:
    async with served.http.stream("GET", "/api/events") as response:
        page = Page(response)
        await page.hears()
        async with served.http.stream("GET", "/api/events") as closed:
            await Page(closed).hears()
        served.live.end()
        with pytest.raises(StopAsyncIteration):
            await page.hears()


async def test_while_nobody_looks_nobody_listens(database: Database) -> None:
    live = Live(database, linger=0)
    live.start()
    assert await listeners(database) == []
    for number in (2, 3):
        page = live.changes(people.BRUNO)
        assert "everything" in [one.event for one in await anext(page)]
        assert len(await listeners(database)) == 1
        await changed(database, number)
        async with asyncio.timeout(_PATIENCE):
            while {"id": number} not in [one.data for one in await anext(page)]:
                continue
        await page.aclose()
        await until_listening_ends(database)
    await live.stop()

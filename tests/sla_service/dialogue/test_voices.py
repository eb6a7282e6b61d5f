"""A voice message is heard in words where somebody writes it down, and goes on as before else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sla_service.database.sessions import Database
from tests.sla_service.people import BRUNO
from tests.sla_service.world import Desk, World, open_desk, says, settings_for, written

OGG = b"OggS" + bytes(range(200))


@dataclass
class Ear:
    """Somebody who writes recordings down, on a port of the loopback."""

    answer: Any = field(default_factory=lambda: {"text": "cadê meu pedido 48213", "language": "pt"})
    heard: list[tuple[bytes, str, str | None, str | None]] = field(default_factory=list)
    before: Callable[[], Awaitable[Any]] | None = None
    url: str = ""

    async def listen(self, asked: web.Request) -> web.StreamResponse:
        content = await asked.read()
        self.heard.append(
            (
                content,
                asked.headers["Content-Type"],
                asked.headers.get("Authorization"),
                asked.headers.get("Content-Language"),
            )
        )
        if self.before is not None:
            await self.before()
        if isinstance(self.answer, int):
            return web.Response(status=self.answer)
        if isinstance(self.answer, bytes):
            return web.Response(body=self.answer)
        return web.json_response(self.answer)


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    ear = Ear()
    app = web.Application()
    app.router.add_post("/write-down", ear.listen)
    server = TestServer(app)
    await server.start_server()
    ear.url = str(server.make_url("/write-down"))
    yield ear
    await server.close()


@asynccontextmanager
async def a_desk_with(
    ear: Ear, database: Database, world: World, **changes: Any
) -> AsyncIterator[Desk]:
    voice = {"url": ear.url, "token": "an ear's token", **changes}
    async with open_desk(database, world, settings_for(database.url, world, voice=voice)) as desk:
        world.files["v1"] = OGG
        yield desk


def spoken(wamid: str = "wamid.1", **part: Any) -> dict[str, Any]:
    audio = {"id": "v1", "mime_type": "audio/ogg; codecs=opus", "voice": True, **part}
    return {**written("", wamid), "type": "audio", "audio": audio}


async def shown(desk: Desk) -> dict[str, Any]:
    person = await desk.sign_in(BRUNO)
    thread = (await person.get("/api/conversations/1/messages")).json()
    found: dict[str, Any] = thread["messages"][0]["media"]
    return found


async def test_the_bot_hears_the_words_and_agents_read_them(
    ear: Ear, database: Database, world: World
) -> None:
    async with a_desk_with(ear, database, world) as desk:
        await desk.deliver(spoken())
        await desk.settle()
        assert ear.heard == [(OGG, "audio/ogg; codecs=opus", "Bearer an ear's token", None)]
        (turn,) = world.turns
        assert turn["text"] == "cadê meu pedido 48213"
        assert turn["media"][0]["kind"] == "audio"
        assert world.sent[0]["text"]["body"] == "eco: cadê meu pedido 48213"
        assert (await shown(desk))["transcript"] == {
            "text": "cadê meu pedido 48213",
            "language": "pt",
            "heard": True,
        }
        (ticket,) = await desk.rows("SELECT subject FROM tickets")
        assert ticket.subject == "cadê meu pedido 48213"


async def test_words_and_a_recording_in_a_burst_are_heard_in_their_order(
    ear: Ear, database: Database, world: World
) -> None:
    async with a_desk_with(ear, database, world) as desk:
        await desk.deliver(written("oi", "wamid.0"), spoken(), written("por favor", "wamid.2"))
        await desk.settle()
        assert [turn["text"] for turn in world.turns] == ["oi\ncadê meu pedido 48213\npor favor"]


@pytest.mark.parametrize(
    "answer",
    [500, 204, 404, b"<html>", b"[1, 2]", {"text": ""}, {"text": None}, {"words": "oi"}],
)
async def test_what_nobody_could_write_down_goes_on_as_before(
    ear: Ear, database: Database, world: World, answer: Any
) -> None:
    ear.answer = answer
    async with a_desk_with(ear, database, world) as desk:
        await desk.deliver(spoken())
        await desk.settle()
        (turn,) = world.turns
        assert (turn["text"], turn["media"][0]["kind"]) == ("", "audio")
        assert (await shown(desk))["transcript"] is None


async def test_a_slow_ear_is_not_waited_for(ear: Ear, database: Database, world: World) -> None:
    never = asyncio.Event()
    ear.before = never.wait
    async with a_desk_with(ear, database, world, timeout=0.2) as desk:
        await desk.deliver(spoken())
        await desk.settle()
        assert [turn["text"] for turn in world.turns] == [""]
        never.set()


async def test_no_transaction_is_open_meanwhile(ear: Ear, database: Database, world: World) -> None:
    async with a_desk_with(ear, database, world) as desk:
        open_ones: list[Any] = []

        async def look() -> None:
            open_ones.extend(
                await desk.rows(
                    "SELECT state FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
                )
            )

        ear.before = look
        await desk.deliver(spoken())
        await desk.settle()
        assert len(ear.heard) == 1
        assert open_ones == []


async def test_words_of_what_was_erased_meanwhile_are_not_kept(
    ear: Ear, database: Database, world: World
) -> None:
    async with a_desk_with(ear, database, world) as desk:
        erase = "UPDATE messages SET content = '{\"erased\": true}' RETURNING id"
        ear.before = lambda: desk.rows(erase)
        await desk.deliver(spoken())
        await desk.settle()
        (ticket,) = await desk.rows("SELECT subject FROM tickets")
        (message,) = await desk.rows("SELECT content FROM messages WHERE author = 'contact'")
        assert (ticket.subject, message.content) == ("", {"erased": True})


async def test_too_large_a_recording_is_not_written_down(
    ear: Ear, database: Database, world: World
) -> None:
    async with a_desk_with(ear, database, world, largest=100) as desk:
        await desk.deliver(spoken())
        await desk.settle()
        assert ear.heard == []
        assert [turn["text"] for turn in world.turns] == [""]


async def test_a_file_that_meta_does_not_give_is_a_file(
    ear: Ear, database: Database, world: World
) -> None:
    async with a_desk_with(ear, database, world) as desk:
        world.breaks_files = True
        await desk.deliver(spoken())
        await desk.worker.intake.drain()
        await desk.settle()
        assert ear.heard == []
        assert [turn["text"] for turn in world.turns] == [""]


async def test_doubtful_words_are_for_people_alone(
    ear: Ear, database: Database, world: World
) -> None:
    ear.answer = {"text": "cadê o vestido", "language": "pt", "confidence": 0.3}
    async with a_desk_with(ear, database, world) as desk:
        await desk.deliver(spoken())
        await desk.settle()
        assert [turn["text"] for turn in world.turns] == [""]
        assert (await shown(desk))["transcript"]["heard"] is False


async def test_a_repeated_turn_is_not_written_down_again(
    ear: Ear, database: Database, world: World
) -> None:
    async with a_desk_with(ear, database, world) as desk:
        fails = iter([httpx2.Response(503)])
        world.bot = lambda body: next(fails, says(f"eco: {body['text']}"))
        await desk.deliver(spoken())
        await desk.settle()
        await desk.rows("UPDATE turns SET due_at = now() RETURNING 1")
        await desk.rows("UPDATE conversations SET due_at = now() RETURNING 1")
        await desk.settle()
        assert len(ear.heard) == 1
        assert [turn["text"] for turn in world.turns] == ["cadê meu pedido 48213"] * 2


async def test_spoken_words_that_cannot_wait_call_people(
    ear: Ear, database: Database, world: World
) -> None:
    ear.answer = {"text": "clonaram meu cartão nesse site", "language": "pt"}
    async with a_desk_with(ear, database, world) as desk:
        await desk.deliver(spoken())
        await desk.settle()
        assert world.turns == []
        (conversation,) = await desk.rows("SELECT owner FROM conversations")
        assert conversation.owner == "queue"
        assert len(world.sent) == 1


async def test_people_read_what_was_said_while_they_hold_the_conversation(
    ear: Ear, database: Database, world: World
) -> None:
    async with a_desk_with(ear, database, world) as desk:
        person = await _held_by_bruno(desk)
        heard_before = len(world.turns)
        await desk.deliver(spoken())
        await desk.settle()
        assert len(ear.heard) == 1
        assert len(world.turns) == heard_before, "the bot is not woken"
        thread = (await person.get("/api/conversations/1/messages")).json()
        (media,) = [one["media"] for one in thread["messages"] if one["media"]]
        assert media["transcript"] == {
            "text": "cadê meu pedido 48213",
            "language": "pt",
            "heard": True,
        }


async def test_a_recording_that_the_bot_did_not_come_to_hear_is_for_people_to_read(
    ear: Ear, database: Database, world: World
) -> None:
    async with a_desk_with(ear, database, world) as desk:
        await desk.deliver(spoken(), written("clonaram meu cartão nesse site", "wamid.2"))
        await desk.settle()
        assert world.turns == []
        assert (await shown(desk))["transcript"]["text"] == "cadê meu pedido 48213"


async def test_spoken_words_that_cannot_wait_matter_more_to_people(
    ear: Ear, database: Database, world: World
) -> None:
    ear.answer = {"text": "clonaram meu cartão nesse site", "language": "pt"}
    async with a_desk_with(ear, database, world) as desk:
        await _held_by_bruno(desk)
        await desk.deliver(spoken())
        await desk.settle()
        (ticket,) = await desk.rows("SELECT priority FROM tickets")
        assert ticket.priority == "urgent"


async def test_when_the_bot_goes_on_it_hears_what_people_could_read(
    ear: Ear, database: Database, world: World
) -> None:
    async with a_desk_with(ear, database, world) as desk:
        person = await _held_by_bruno(desk)
        await desk.deliver(spoken())
        await desk.settle()
        assert (await person.post("/api/conversations/1/bot", json={})).status_code < 300
        await desk.settle()
        assert world.turns[-1]["text"] == "cadê meu pedido 48213"
        assert len(ear.heard) == 1


async def test_without_an_ear_nothing_is_asked(desk: Desk, world: World) -> None:
    world.files["v1"] = OGG
    await desk.deliver(spoken())
    await desk.settle()
    assert [turn["text"] for turn in world.turns] == [""]


async def _held_by_bruno(desk: Desk) -> httpx2.AsyncClient:
    """A conversation that was begun with the bot, and that Bruno has taken."""
    await desk.deliver(written("oi", "wamid.0"))
    await desk.settle()
    person = await desk.sign_in(BRUNO)
    await person.post("/api/conversations/1/assignment", json={"agent": "me"})
    return person

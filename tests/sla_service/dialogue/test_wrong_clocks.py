"""A machine whose clock is wrong changes nothing: the database's rules, for all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx2
import pytest
import time_machine

from sla_service import clock
from tests.sla_service.people import BRUNO
from tests.sla_service.world import Desk, World, written

HOURS = timedelta(hours=5)


@contextmanager
def wrong_by(skew: timedelta) -> Iterator[None]:
    with time_machine.travel(clock.now() + skew, tick=True):
        yield


def _broken(_: object) -> httpx2.Response:
    return httpx2.Response(500)


@pytest.mark.parametrize("skew", [HOURS, -HOURS])
async def test_a_bot_that_failed_once_keeps_the_conversation(
    desk: Desk, world: World, skew: timedelta
) -> None:
    world.bot = _broken
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    with wrong_by(skew):  # another worker's
        await desk.rows("UPDATE turns SET due_at = now() RETURNING 1")
        await desk.rows("UPDATE conversations SET due_at = now() RETURNING 1")
        await desk.settle()
    assert [turn["message_id"] for turn in world.turns] == ["wamid.A1", "wamid.A1"]
    assert await desk.rows("SELECT owner FROM conversations") == [("bot",)]


@pytest.mark.parametrize("skew", [HOURS, -HOURS])
async def test_a_bot_that_failed_for_too_long_does_not(
    desk: Desk, world: World, skew: timedelta
) -> None:
    world.bot = _broken
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    with wrong_by(skew):
        await desk.rows(
            "UPDATE turns SET due_at = now(), started_at = now() - interval '1 hour' RETURNING 1"
        )
        await desk.rows("UPDATE conversations SET due_at = now() RETURNING 1")
        await desk.settle()
    assert await desk.rows("SELECT owner FROM conversations") == [("queue",)]


@pytest.mark.parametrize("skew", [HOURS, -HOURS])
async def test_what_is_said_is_said_now(desk: Desk, skew: timedelta) -> None:
    with wrong_by(skew):
        await desk.deliver(written("oi", "wamid.A1"))
        await desk.settle()
    found = await desk.rows(
        "SELECT count(*) FROM turns t JOIN messages m ON m.turn_id = t.id AND m.author = 'bot' "
        "WHERE abs(extract(epoch FROM t.started_at - now())) < 3600 "
        "AND abs(extract(epoch FROM t.closed_at - now())) < 3600 "
        "AND abs(extract(epoch FROM m.said_at - now())) < 3600"
    )
    assert found == [(1,)]


@pytest.mark.parametrize("skew", [HOURS, -HOURS])
async def test_whoever_is_there_is_seen_now(desk: Desk, skew: timedelta) -> None:
    person = await desk.sign_in(BRUNO)
    await desk.rows("UPDATE agents SET last_seen_at = NULL RETURNING 1")
    await desk.rows("UPDATE agent_sessions SET last_seen_at = now() - interval '2 h' RETURNING 1")
    with wrong_by(skew):
        (await person.get("/api/agents")).raise_for_status()
    found = await desk.rows(
        "SELECT id FROM agents WHERE abs(extract(epoch FROM last_seen_at - now())) < 100"
    )
    assert found == [(BRUNO,)]


async def test_nothing_is_forgotten_because_a_clock_is_a_century_ahead(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    with wrong_by(timedelta(days=36_500)):
        await desk.worker.retention.once()
    assert await desk.rows("SELECT text FROM messages WHERE author = 'contact'") == [("oi",)]
    assert await desk.rows("SELECT count(*) FROM whatsapp_deliveries WHERE body = ''") == [(0,)]

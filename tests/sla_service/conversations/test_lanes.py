"""A conversation is worked by one worker at a time, and a dead worker's lease runs out."""

import asyncio
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx2

from sla_service import clock
from sla_service.conversations import delivery, lanes, outbox
from sla_service.conversations.lanes import Claim, Patience
from sla_service.conversations.tables import Author
from sla_service.database.sessions import Connection, Database
from sla_service.dialogue.rasa import BotClient
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.compose import compose
from sla_service.whatsapp.values import Reply
from sla_service.worker import Worker
from tests.sla_service.world import Desk, World, says, settings_for, written

_NOW = int(time.time())
_LEASE = timedelta(seconds=30)


def _contact(number: int) -> dict[str, Any]:
    return {"profile": {"name": f"C{number}"}, "wa_id": f"55119{number:08d}"}


async def _claim(desk: Desk, lease: timedelta = _LEASE) -> list[Claim]:
    async with desk.database.connection() as connection:
        claims, _ = await lanes.claim(connection, limit=10, lease=lease)
        return claims


async def test_a_claimed_conversation_is_nobody_elses_until_the_lease_ends(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.worker.intake.drain()
    (first,) = await _claim(desk, timedelta(0))
    (second,) = await _claim(desk)
    assert await _claim(desk) == []
    assert second.fence == first.fence + 1
    async with desk.database.step() as connection:
        assert not await lanes.is_held(connection, first)
        assert await lanes.is_held(connection, second)


async def test_a_worker_that_is_stopped_while_it_claims_leaves_no_lease_behind(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.worker.intake.drain()
    for ticks in range(60):  # wherever the claim is when the end comes
        claiming = asyncio.create_task(_claim(desk))
        for _ in range(ticks):
            await asyncio.sleep(0)
        claiming.cancel()
        try:
            claims = await claiming
        except asyncio.CancelledError:
            claims = []
        held = "SELECT 1 FROM conversations WHERE leased_until > now() + interval '2 seconds'"
        assert bool(await desk.rows(held)) == bool(claims), ticks
        await desk.rows("UPDATE conversations SET leased_until = NULL RETURNING 1")


async def test_a_worker_that_lost_its_lane_says_nothing(desk: Desk, world: World) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.worker.intake.drain()
    (claim,) = await _claim(desk)
    loop = asyncio.get_running_loop()
    stolen: list[asyncio.Task[Any]] = []

    def hear(_: dict[str, Any]) -> httpx2.Response:
        steal = "UPDATE conversations SET lane_fence = lane_fence + 1 RETURNING 1"
        stolen.append(loop.create_task(desk.rows(steal)))
        return says("tarde demais")

    world.bot = hear
    world.before_answer = lambda: asyncio.gather(*stolen)
    await desk.worker.attendant.attend(claim)
    assert world.sent == []
    world.bot = world.before_answer = None
    await desk.rows("UPDATE conversations SET leased_until = NULL RETURNING 1")
    await desk.settle()
    assert [turn["message_id"] for turn in world.turns] == ["wamid.A1", "wamid.A1"]
    assert len(world.sent) == 1


async def test_a_conversation_that_is_handed_back_is_due_in_a_second(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.worker.intake.drain()
    (failed,) = await _claim(desk)
    async with desk.database.connection() as connection:
        await lanes.hand_back(connection, failed)
    assert await _claim(desk) == []
    left = "SELECT extract(epoch FROM leased_until - now())::float FROM conversations"
    assert 0 < (await desk.rows(left))[0][0] <= 1
    await desk.rows("UPDATE conversations SET leased_until = now() - interval '1 ms' RETURNING 1")
    (again,) = await _claim(desk)
    assert again == Claim(failed.conversation_id, failed.fence + 1)


async def test_a_conversation_that_somebody_else_has_by_now_is_not_handed_back(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.worker.intake.drain()
    (lost,) = await _claim(desk, timedelta(0))
    (held,) = await _claim(desk)
    until = "SELECT leased_until FROM conversations"
    before = await desk.rows(until)
    async with desk.database.connection() as connection:
        await lanes.hand_back(connection, lost)
    assert await desk.rows(until) == before
    async with desk.database.step() as connection:
        assert await lanes.is_held(connection, held)


async def test_what_arrives_while_a_turn_is_taken_is_heard_next(desk: Desk, world: World) -> None:
    await desk.deliver(written("um", "wamid.A1", at=_NOW))
    await desk.worker.intake.drain()
    loop = asyncio.get_running_loop()
    arriving: list[asyncio.Task[Any]] = []

    async def arrive() -> None:
        await desk.deliver(written("dois", "wamid.A2", at=_NOW + 1))
        await desk.worker.intake.drain()

    def hear(_: dict[str, Any]) -> httpx2.Response:
        if not arriving:
            arriving.append(loop.create_task(arrive()))
        return says("ok")

    world.bot = hear
    world.before_answer = lambda: asyncio.gather(*arriving)
    await desk.settle()
    assert [turn["text"] for turn in world.turns] == ["um", "dois"]
    assert len(world.sent) == 2


async def test_what_arrives_while_the_last_answer_is_settled_is_heard_next(
    desk: Desk, database: Database
) -> None:
    await desk.deliver(written("um", "wamid.A1", at=_NOW))
    await desk.worker.intake.drain()
    (claim,) = await _claim(desk)
    patience = Patience(timedelta(), timedelta())
    async with database.step() as connection:
        await _owe(connection, claim.conversation_id)
        await connection.execute("UPDATE messages SET is_waiting = false")
        sending = await delivery.begin(connection, claim, desk.settings.whatsapp)
    assert sending is not None
    assert sending.is_last
    async with database.connection() as settling:
        async with database.step() as arriving:
            assert await lanes.is_held(arriving, claim)
            settled = asyncio.create_task(
                delivery.finish_last(settling, claim, sending, "wamid.OUT", patience)
            )
            await _waits_for_a_lock(desk)
            await arriving.execute("UPDATE messages SET is_waiting = true WHERE wamid = 'wamid.A1'")
            await lanes.owed(arriving, claim.conversation_id)
        assert await settled is None
    (state,) = await desk.rows("SELECT state FROM messages WHERE wamid = 'wamid.OUT'")
    assert state == ("sent",)
    async with database.step() as connection:
        assert await lanes.is_held(connection, claim)
        assert await lanes.release(connection, claim, patience) is not None


async def test_three_workers_answer_a_crowd_once_each_and_in_order(
    desk: Desk, database: Database, world: World
) -> None:
    people, messages = 25, 4
    settings = settings_for(database.url, world)
    clients = [(BotClient(settings.bot), GraphClient(settings.whatsapp)) for _ in range(3)]
    stop = asyncio.Event()
    workers = [
        asyncio.create_task(Worker(settings, database, bot, graph).run(stop))
        for bot, graph in clients
    ]
    for turn in range(messages):
        for person in range(people):
            contact = _contact(person)
            text = f"{person}:{turn}"
            await desk.deliver(
                written(text, f"w.{text}", at=_NOW + turn, sender=contact), contact=contact
            )
    async with asyncio.timeout(60):
        while sum(turn["text"].count(":") for turn in world.turns) < people * messages:
            await asyncio.sleep(0.05)
        while await desk.rows("SELECT 1 FROM outbox LIMIT 1"):
            await asyncio.sleep(0.05)
    stop.set()
    await asyncio.gather(*workers)
    for bot, graph in clients:
        await bot.close()
        await graph.close()
    heard: dict[str, list[str]] = {}
    for one in world.turns:
        heard.setdefault(one["conversation"], []).extend(one["text"].split("\n"))
    assert len(heard) == people
    for texts in heard.values():
        assert [text.split(":")[1] for text in texts] == ["0", "1", "2", "3"]
    keys = Counter(turn["message_id"] for turn in world.turns)
    assert set(keys.values()) == {1}
    assert len(world.sent) == len(world.turns)


async def _owe(connection: Connection, conversation_id: int) -> None:
    await outbox.say(
        connection,
        conversation_id=conversation_id,
        ticket_id=None,
        turn_id=None,
        author=Author.BOT,
        owner_fence=0,
        messages=compose([Reply("oi")], list_label="Ver"),
        at=clock.now(),
    )


async def _waits_for_a_lock(desk: Desk) -> None:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
    async with asyncio.timeout(10):
        while not await desk.rows(waiting + "current_database()"):
            await asyncio.sleep(0.01)

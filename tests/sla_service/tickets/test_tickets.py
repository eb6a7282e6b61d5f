"""Tickets as shoppers cause them."""

import time

from sla_service.database.sessions import Database
from tests.sla_service.people import BRUNO
from tests.sla_service.world import Desk, World, open_desk, settings_for, written

_NOW = int(time.time())
_DAY = 24 * 3600


async def test_messages_of_a_day_are_one_ticket_and_the_next_is_a_follow_up(
    desk: Desk, world: World
) -> None:
    await desk.deliver(written("cadê meu pedido?", "wamid.A1", at=_NOW - 2 * _DAY))
    await desk.deliver(written("alô", "wamid.A2", at=_NOW - 2 * _DAY + 3600))
    await desk.deliver(written("e agora?", "wamid.A3", at=_NOW))
    await desk.settle()
    tickets = await desk.rows("SELECT number, subject, status, follows_id FROM tickets ORDER BY id")
    assert tickets == [
        (1001, "cadê meu pedido?", "resolved", None),
        (1002, "e agora?", "open", 1),
    ]
    assert await desk.rows(
        "SELECT ticket_id, count(*) FROM messages WHERE author = 'contact' GROUP BY 1 ORDER BY 1"
    ) == [(1, 2), (2, 1)]


async def test_the_shop_may_reopen_instead(database: Database, world: World) -> None:
    settings = settings_for(database.url, world, tickets={"after_window": "reopen"})
    async with open_desk(database, world, settings) as desk:
        await desk.deliver(written("oi", "wamid.A1", at=_NOW - 2 * _DAY))
        await desk.settle()
        await desk.rows("UPDATE tickets SET status = 'resolved' RETURNING 1")
        await desk.deliver(written("oi de novo", "wamid.A2", at=_NOW))
        await desk.settle()
        assert await desk.rows("SELECT status FROM tickets") == [("open",)]


async def test_resolving_gives_the_conversation_back_to_the_bot(desk: Desk, world: World) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    await desk.rows("UPDATE conversations SET owner = 'queue', owner_fence = 7 RETURNING 1")
    await desk.sign_in(BRUNO)
    for _ in range(2):
        answer = await desk.http.post("/api/tickets/1001/resolution")
        assert (answer.json()["ticket"], answer.json()["owner"]) == (1001, "bot")
    assert await desk.rows("SELECT owner, owner_fence FROM conversations") == [("bot", 8)]
    await desk.deliver(written("obrigada", "wamid.A2"))
    await desk.settle()
    assert world.turns[-1]["text"] == "obrigada"


async def test_a_ticket_that_is_not_there_is_a_clear_refusal(desk: Desk) -> None:
    await desk.sign_in(BRUNO)
    answer = await desk.http.post("/api/tickets/4711/resolution")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "ticket_not_found"

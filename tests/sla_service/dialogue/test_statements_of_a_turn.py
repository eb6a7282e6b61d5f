"""What a message costs is its round trips: each stage speaks so many statements, and no more."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from sla_service.conversations import lanes
from sla_service.database.sessions import Database, rows
from tests.sla_service.whatsapp import samples
from tests.sla_service.world import Desk, World, open_desk, settings_for, written

Stage = Callable[[], Awaitable[object]]


@pytest.fixture
async def one_line(database_url: str, world: World) -> AsyncIterator[Desk]:
    """A desk whose message path has one connection, which remembers all that was spoken on it."""
    database = Database(database_url, pool_size=1)
    async with open_desk(database, world, settings_for(database_url, world)) as desk:
        await desk.deliver(written("oi", "wamid.A0"))
        await desk.settle()
        yield desk
    await database.close()


async def test_a_message_of_a_known_contact_is_taken_in_with_seven_statements(
    one_line: Desk,
) -> None:
    await one_line.deliver(written("cadê meu pedido?", "wamid.A1"))
    assert await _spoken(one_line, one_line.worker.intake.drain) == 7


async def test_the_first_message_of_a_contact_takes_five_more(one_line: Desk) -> None:
    rui = {"profile": {"name": "Rui"}, "wa_id": "351912345678"}
    await one_line.deliver(written("olá", "wamid.R1", sender=rui), contact=rui)
    assert await _spoken(one_line, one_line.worker.intake.drain) == 12


async def test_a_turn_is_claimed_ended_and_sent_with_seven_statements(
    one_line: Desk, world: World
) -> None:
    await one_line.deliver(written("cadê meu pedido?", "wamid.A1"))
    await one_line.worker.intake.drain()
    assert await _spoken(one_line, lambda: _attend(one_line)) == 7
    assert len(world.sent) == 2


async def test_news_of_a_sent_message_is_taken_in_with_three_statements(
    one_line: Desk, world: World
) -> None:
    (sent,) = await one_line.rows("SELECT wamid FROM messages WHERE author = 'bot'")
    told = [samples.status(sent.wamid, state) for state in ("sent", "delivered", "read")]
    await one_line.deliver_value({"statuses": told})
    assert await _spoken(one_line, one_line.worker.intake.drain) == 3


async def _attend(desk: Desk) -> None:
    async with desk.database.connection() as connection:
        claims, _ = await lanes.claim(connection, limit=1, lease=desk.settings.lanes.lease)
    for claim in claims:
        await desk.worker.attendant.attend(claim)


async def _spoken(desk: Desk, stage: Stage) -> int:
    """How many statements a stage speaks, the frames of its transactions aside."""
    before = await _runs(desk)
    await stage()
    return await _runs(desk) - before


async def _runs(desk: Desk) -> int:
    async with desk.database.connection() as connection:
        (found,) = await rows(connection, _RUNS)
    return int(found.times)


_RUNS = """
SELECT COALESCE(sum(generic_plans + custom_plans), 0) AS times
FROM pg_prepared_statements WHERE statement NOT LIKE '%pg_prepared_statements%'
"""

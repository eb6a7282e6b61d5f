"""When PostgreSQL throws everybody out, the desk comes back by itself and has lost nothing."""

import asyncio

import psycopg

from sla_service.database.sessions import Database
from sla_service.dialogue.rasa import BotClient
from sla_service.whatsapp.client import GraphClient
from sla_service.worker import Worker
from tests.sla_service.world import Desk, World, settings_for, written


def _is_under_way(url: str) -> bool:
    with psycopg.connect(url) as connection:  # its own, which nobody throws out
        found = connection.execute(
            "SELECT 1 FROM conversations WHERE leased_until IS NOT NULL OR due_at IS NOT NULL "
            "UNION ALL SELECT 1 FROM outbox"
        )
        return found.fetchone() is not None


def _throw_everybody_out(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_messages_go_on_being_answered_once_after_lost_connections(
    desk: Desk, database: Database, world: World
) -> None:
    settings = settings_for(database.url, world)
    bot, graph = BotClient(settings.bot), GraphClient(settings.whatsapp)
    stop = asyncio.Event()
    running = asyncio.create_task(Worker(settings, database, bot, graph).run(stop))
    for number in range(6):
        if number % 2:
            _throw_everybody_out(database.url)
        async with asyncio.timeout(30):
            # Meta brings again what was not acknowledged.
            while (await desk.deliver(written(str(number), f"w.{number}"))).status_code != 200:
                await asyncio.sleep(0.05)
            while len(world.sent) <= number:
                await asyncio.sleep(0.02)
            # A send whose outcome is not written down is in doubt, which is another story.
            while _is_under_way(database.url):
                await asyncio.sleep(0.02)
    stop.set()
    await running
    await bot.close()
    await graph.close()
    assert [body["text"]["body"] for body in world.sent] == [f"eco: {n}" for n in range(6)]

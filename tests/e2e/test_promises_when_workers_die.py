"""Promises with real workers that are killed, and a PostgreSQL that is: none lost, none twice."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from sla_service.database import embedded, migrations
from sla_service.database.sessions import Database
from sla_service.sla import recording, rulebooks
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import instant
from sla_service.sla.library import Shelf
from sla_service.sla.recording import Happened

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("BALCAO_KILLS", "8"))
TICKETS = 1200
PATIENCE = 120.0
# Promises that come due while workers are killed, whatever the machine's speed.
POLICIES = """
policies:
  - name: curta
    targets: {first_response: 20 s, resolution: 1 h}
    warnings: [50%]
    escalation: [{tier: bot, after: 10 s}, {tier: agent, after: 5 s}, {tier: senior, after: 1 h}]
"""


@pytest.fixture
def server() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="balcao-") as folder:
        root = Path(folder) / "postgres"
        embedded.ensure(root)
        yield root
        embedded.stop(root)


class Workers:
    """Two workers, and whoever takes the place of one that was killed."""

    def __init__(self, url: str) -> None:
        self._env = os.environ | {
            "PYTHONPATH": str(ROOT),
            "DESK_DEMO": "true",
            "DESK_DATABASE_URL": url,
            "DESK_LOG_LEVEL": "critical",
        }
        self._running = [self._start(), self._start()]

    def kill_one(self) -> None:
        victim = self._running.pop(random.randrange(len(self._running)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self._running.append(self._start())

    def end(self) -> None:
        for process in self._running:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "sla_service.worker"]
        return subprocess.Popen(
            command, cwd=ROOT, env=self._env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


@pytest.mark.parametrize("what", ["workers", "postgres"])
async def test_whatever_dies_the_effects_are_those_of_the_fold(server: Path, what: str) -> None:
    url = embedded.ensure(server)
    migrations.upgrade(url)
    await _open_tickets(url)
    workers = Workers(url)
    try:
        await _until_due(url)
        if what == "workers":
            for _ in range(KILLS):
                await asyncio.sleep(random.uniform(0.05, 1.5))
                workers.kill_one()
        else:
            for _ in range(2):
                await asyncio.sleep(random.uniform(0.2, 2.0))
                _stop_immediately(server)
                url = embedded.ensure(server)
        await _until_done(url)
    finally:
        workers.end()
    await _compare(url)


async def _open_tickets(url: str) -> None:
    """Tickets with the bot, whose contacts wrote within the last seconds, some answered since."""
    database = Database(url, pool_size=4)
    async with database.step() as connection:
        await rulebooks.store(connection, POLICIES, activate=True)
        await connection.execute(_MAKE, {"count": TICKETS})
    for first in range(1, TICKETS + 1, 100):
        async with database.step() as connection:
            for ticket in range(first, first + 100):
                happened = [Happened(EventKind.CONTACT_MESSAGE)]
                if ticket % 10 == 0:
                    happened.append(Happened(EventKind.AGENT_MESSAGE))
                await recording.record(connection, ticket, happened)
    await database.close()


async def _until_due(url: str) -> None:
    """Wait until promises begin to come due."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if _one(url, "SELECT count(*) FROM sla_effects"):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nothing came due")


async def _until_done(url: str) -> None:
    """Wait until every promise of the next minute is over and everything is handled."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if _one(url, _LEFT) == 0 and _one(url, "SELECT count(*) FROM sla_effects") >= TICKETS:
                return
        except psycopg.OperationalError:
            pass
        await asyncio.sleep(0.2)
    raise AssertionError(f"left: {_one(url, _LEFT)}")


async def _compare(url: str) -> None:
    """What is written is what the events say, each once, and people were told of each once."""
    database = Database(url, pool_size=2)
    async with database.connection() as connection:
        book, _ = await Shelf(connection).active()
    await database.close()
    expected = set()
    for (ticket, state), events in _histories(url).items():
        folded = Ticket.fresh(book, lambda _: book)
        for event in events:
            folded.apply(event)
        folded.advance(state)
        expected |= {(ticket, e.metric.value, e.cycle, e.kind, e.at) for e in folded.effects}
    with psycopg.connect(url, row_factory=namedtuple_row) as connection:
        written = connection.execute("SELECT * FROM sla_effects").fetchall()
        notices = connection.execute("SELECT key, team FROM notices").fetchall()
        owners = connection.execute(
            "SELECT ticket_id, count(*) AS times FROM handoffs GROUP BY ticket_id"
        ).fetchall()
    assert {(e.ticket_id, e.metric, e.cycle, e.kind, instant(e.at)) for e in written} == expected
    assert len(written) == len(expected)
    loud = {f"{e.ticket_id}:{e.metric}:{e.cycle}:{e.kind}" for e in written if not e.is_silent}
    assert {notice.key for notice in notices} == loud
    assert len(notices) == len(loud)
    assert {owner.times for owner in owners} == {1}
    assert len(owners) == TICKETS - TICKETS // 10


def _histories(url: str) -> dict[tuple[int, int], list[Event]]:
    with psycopg.connect(url, row_factory=namedtuple_row) as connection:
        rows = connection.execute(
            "SELECT e.*, (t.state ->> 'at')::bigint AS settled FROM sla_events e "
            "JOIN sla_tickets t USING (ticket_id) ORDER BY ticket_id, seq"
        ).fetchall()
    histories: dict[tuple[int, int], list[Event]] = {}
    for row in rows:
        event = Event(instant(row.at), EventKind(row.kind), row.payload)
        histories.setdefault((row.ticket_id, row.settled), []).append(event)
    return histories


def _one(url: str, query: str) -> Any:
    with psycopg.connect(url) as connection:
        found = connection.execute(query).fetchone()  # type: ignore[arg-type]
    assert found is not None
    return found[0]


def _stop_immediately(root: Path) -> None:
    """As `pg_ctl stop -m immediate`: without a checkpoint, and without a word to anybody."""
    pid = int((root / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGQUIT)
    until = time.monotonic() + PATIENCE
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.02)


_MAKE = """
WITH people AS (
  INSERT INTO contacts (wa_id, phone_key, name)
  SELECT '5511' || n, '5511' || n, 'Ana' FROM generate_series(1, %(count)s) n RETURNING id
), threads AS (
  INSERT INTO conversations (contact_id, phone_number_id)
  SELECT id, '700100200300' FROM people RETURNING id
)
INSERT INTO tickets (id, conversation_id, last_message_at)
SELECT row_number() OVER (ORDER BY id), id, now() FROM threads
"""
_LEFT = """
SELECT (SELECT count(*) FROM sla_tickets WHERE next_fire_at < now() + interval '60 s')
     + (SELECT count(*) FROM sla_effects WHERE handled_at IS NULL AND NOT is_silent)
"""

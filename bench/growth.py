"""What a long past costs: a desk with millions of messages beside the same desk a month old.

Both databases are on one private server, with as much to do each month; one has only been there
longer. Everything a desk does is done in turns here and there, by its own code, with Meta and the
bot answering at once; the quicker quarter's slowest counts, since whatever else the machine does
only adds to a time. A disk need not be waited for (`fsync` off, and all is read once before, to lie
in memory where there is room): the work is compared. The limit is 1.2 times, and a tenth of a
millisecond, which is noise. Prints one JSON line: the worst ratio, and for each piece of work its
milliseconds here and there, their ratio, and the pages that were looked at. `--var` keeps the
databases for another run.
"""

import argparse
import asyncio
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from bench import past
from bench.costs import COSTS
from bench.outside import Outside
from bench.readings import FINDS_MORE
from bench.servers import free_port
from bench.side import Prepare, Side
from dev.migration_rules import LARGE
from sla_service.database import embedded, migrations
from sla_service.database.sessions import Database
from sla_service.dialogue.rasa import BotClient
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.inbox import Inbox
from sla_service.worker import Worker

LIMIT = 1.2
NOISE = 0.1  # milliseconds
_DAYS = 30
_SERVER = {
    "shared_preload_libraries": "pg_stat_statements",
    "shared_buffers": "1GB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "autovacuum": "off",
}
_SPENT = """
SELECT sum(shared_blks_hit + shared_blks_read), sum(calls) FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = %s)
"""
_READ_THROUGH = """
SELECT count(pg_prewarm(oid::regclass, 'read')) FROM pg_class
WHERE relkind IN ('r', 'i', 't') AND NOT relisshared
"""
_SCANS = """
SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(%s) AND n_live_tup > 10000
"""


@dataclass(frozen=True)
class Measured:
    """Milliseconds, pages and statements of a piece of work, once each time it was done."""

    ms: list[float]
    pages: list[int]
    statements: list[int]


def main() -> None:
    """Fill, measure, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=1_000_000, help="of the long past")
    options.add_argument("--month", type=int, default=100_000, help="messages a month")
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--only", default="", help="work whose name has this in it")
    options.add_argument("--var", type=Path, help="where the databases lie, and stay")
    chosen = options.parse_args()
    if chosen.month < 20 * past.OPEN * past.MESSAGES or chosen.messages < chosen.month:
        options.error(f"--month is at least {20 * past.OPEN * past.MESSAGES}, --messages no less")
    wanted = {name: one for name, one in COSTS.items() if chosen.only in name}
    with _folder(chosen.var) as folder:
        root = folder / "postgres"
        try:
            url = _start(root)
            found = asyncio.run(measure(url, chosen.messages, chosen.month, chosen.rounds, wanted))
            print(json.dumps(found, ensure_ascii=False))
        finally:
            embedded.stop(root)


async def measure(
    url: str, messages: int, month: int, rounds: int, wanted: Mapping[str, Prepare]
) -> dict[str, Any]:
    """A month beside a long past."""
    outside = Outside(free_port())
    await outside.start()
    sides = [
        await _open(url, "month", month, month, outside),
        await _open(url, "past", messages, month, outside),
    ]
    with psycopg.connect(url, autocommit=True) as counter:
        counter.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        for side in sides:
            _read_through(side)
        before = _scans(sides[1])
        found = await _compare(counter, sides, wanted, rounds)
    scans = {table: count - before.get(table, 0) for table, count in _scans(sides[1]).items()}
    sizes = [await _close(side) for side in sides]
    await outside.stop()
    rows = {name: compared(*found[name]) for name in found}
    judged = rows.keys() - FINDS_MORE
    return {
        "worst_ratio": max((rows[name]["ratio"] for name in judged), default=0),
        "limit": LIMIT,
        "grows": sorted(name for name in judged if rows[name]["ratio"] > LIMIT),
        "messages": messages,
        "messages_month": month,
        "gigabytes": sizes,
        "read_from_end_to_end": sorted(table for table, count in scans.items() if count),
        "work": rows,
    }


def compared(few: Measured, many: Measured) -> dict[str, Any]:
    """A piece of work with a month and with a long past, and their ratio."""
    ms = [sorted(side.ms)[len(side.ms) // 4] for side in (few, many)]
    return {
        "ms_month": round(ms[0], 3),
        "ms": round(ms[1], 3),
        "ratio": round(max(ms[1] - NOISE, 0) / ms[0], 2),
        "pages_month": round(statistics.median(few.pages)),
        "pages": round(statistics.median(many.pages)),
        "statements": round(statistics.median(many.statements)),
    }


async def _compare(
    counter: psycopg.Connection[Any],
    sides: Sequence[Side],
    wanted: Mapping[str, Prepare],
    rounds: int,
) -> dict[str, list[Measured]]:
    found = {name: [Measured([], [], []), Measured([], [], [])] for name in wanted}
    for nth in range(rounds + 6):  # in six, every statement is prepared everywhere
        for name, prepare in wanted.items():
            for number in (0, 1) if nth % 2 else (1, 0):
                side = sides[number]
                work = await prepare(side, nth)
                pages, statements = _spent(counter, side)
                gc.collect()
                began = time.perf_counter()
                await work()
                taken = (time.perf_counter() - began) * 1000
                after = _spent(counter, side)
                if nth >= 6:
                    of_side = found[name][number]
                    of_side.ms.append(taken)
                    of_side.pages.append(after[0] - pages)
                    of_side.statements.append(after[1] - statements)
        _say(f"round {nth + 1} of {rounds + 6}")
    return found


async def _open(url: str, name: str, messages: int, month: int, outside: Outside) -> Side:
    """A desk on a database of its own, which is filled where it isn't."""
    url = make_url(url).set(database=name).render_as_string(hide_password=False)
    is_new = _make(url, name)
    settings = outside.settings(url)
    database = Database(url)
    server = psycopg.connect(url, autocommit=True)
    migrations.upgrade(url)
    if is_new:
        began = time.perf_counter()
        _say(f"{name}: filling with {messages:,} messages")
        await past.fill(database, server, messages=messages, days=_DAYS * messages // month)
        _say(f"{name}: filled in {time.perf_counter() - began:.0f} s")
    await database.close()
    database = Database(url)
    worker = Worker(settings, database, BotClient(settings.bot), GraphClient(settings.whatsapp))
    inbox = Inbox(url)
    inbox.start()
    count = messages // past.MESSAGES
    side = Side(settings, database, server, inbox, worker, outside, count, month // past.MESSAGES)
    server.execute("VACUUM (ANALYZE)")
    server.execute("CHECKPOINT")
    return side


def _read_through(side: Side) -> None:
    """Have the system keep a copy: what was lately filled would be there, and what is old not."""
    side.server.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
    side.server.execute(_READ_THROUGH)


async def _close(side: Side) -> float:
    """How large it was, in gigabytes."""
    row = side.server.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    side.server.close()
    await side.inbox.stop()
    await side.worker.attendant.bot.close()
    await side.worker.attendant.graph.close()
    await side.worker.announcer.close()
    await side.database.close()
    return round(row[0] / 1e9, 2)


def _make(url: str, name: str) -> bool:
    at_server = make_url(url).set(database=embedded.DATABASE)
    with psycopg.connect(
        at_server.render_as_string(hide_password=False), autocommit=True
    ) as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found is None:
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C.UTF-8'")  # type: ignore[arg-type]
    return found is None


def _start(root: Path) -> str:
    url = embedded.ensure(root)
    with psycopg.connect(url, autocommit=True) as server:
        for name, value in _SERVER.items():
            server.execute(f"ALTER SYSTEM SET {name} = '{value}'")  # type: ignore[arg-type]
    embedded.stop(root)
    return embedded.ensure(root)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _spent(counter: psycopg.Connection[Any], side: Side) -> tuple[int, int]:
    row = counter.execute(_SPENT, [side.server.info.dbname]).fetchone()
    assert row is not None
    return int(row[0] or 0), int(row[1] or 0)


def _scans(side: Side) -> dict[str, int]:
    return dict(side.server.execute(_SCANS, [list(LARGE)]).fetchall())


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

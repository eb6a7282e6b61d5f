"""The sweep of promises beside django-helpdesk's `escalate_tickets`.

So many open tickets on either side, on one PostgreSQL, of which some come due at once. Ours have
three running clocks each, and come due by an escalation; django-helpdesk raises a priority. Both
run in process after a warm-up, in alternating rounds, with vacuum and checkpoint done before.
`peer_ms_per_due` is without anybody to write to, since our sweep writes no mail either: it leaves
that to a job. `peer_mailed_ms_per_due` has a submitter, whose address its public form demands, and
an owner to tell, as in a shop, and mail that goes nowhere. Lag is by the database's clock, from a
deadline to the commit of what came of it, with two worker processes. Prints one JSON line.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench import promised
from bench.peer import Helpdesk
from bench.workers import Workers, seconds, seconds_of
from sla_service.database import embedded, migrations
from sla_service.database.sessions import Database
from sla_service.sla.sweep import Sweep

WORKERS = 2
IDLE_SWEEPS = 50  # a round
IDLE_SECONDS = 10
AHEAD = 5  # seconds from writing a deadline to the deadline, housekeeping in between
_PATIENCE = 120
Server = psycopg.Connection[Any]
Figures = dict[str, float | int]

# The commit's own time is kept, and statements can be counted; counting is off while we time.
_SERVER = (
    "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'",
    "ALTER SYSTEM SET pg_stat_statements.track = 'none'",
    "ALTER SYSTEM SET track_commit_timestamp = on",
    "ALTER SYSTEM SET max_wal_size = '8GB'",
)


@dataclass(frozen=True)
class Tickets:
    """How many are open, and how many of them come due at once."""

    open: int
    due: int

    def due_in(self, number: int) -> range:
        """The due ones, spread over all; others each round."""
        step = self.open // self.due
        first = 1 + number % step
        return range(first, first + step * self.due, step)


def main() -> None:
    """Measure, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--open", type=int, default=100_000, help="open tickets")
    options.add_argument("--due", type=int, default=1_000, help="of them due at once")
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    if not 0 < chosen.due <= chosen.open // 10:
        options.error("--due must be at most a tenth of --open")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "postgres"
        try:
            url = start(root)
            tickets = Tickets(chosen.open, chosen.due)
            print(json.dumps(asyncio.run(measure(url, tickets, chosen.rounds))))
        finally:
            embedded.stop(root)


def start(root: Path) -> str:
    """A private server that keeps what we want to know, with the desk's tables."""
    url = embedded.ensure(root)
    with psycopg.connect(url, autocommit=True) as server:
        for statement in _SERVER:
            server.execute(statement)
    embedded.stop(root)
    url = embedded.ensure(root)
    migrations.upgrade(url)
    return url


async def measure(url: str, tickets: Tickets, rounds: int) -> Figures:
    """Fill both sides, and take turns."""
    database = Database(url)
    sweep = Sweep(database)
    await promised.record_pattern(database)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("CREATE EXTENSION pg_stat_statements")
        few = Tickets(tickets.open // 10, tickets.due)
        _say(f"filling {few.open:,} tickets, then {tickets.open:,}")
        promised.fill(server, 1, few.open)
        counted_of_few = await statements(server, url, few.due_in(0))
        promised.fill(server, few.open + 1, tickets.open)
        counted = await statements(server, url, tickets.due_in(0))
        with Helpdesk(url, tickets.open, tickets.due) as peer:
            beside = await compare(server, sweep, peer, tickets, rounds)
        lags = lag(server, url, tickets, rounds)
    await database.close()
    return {
        **lags,
        **beside,
        "statements_per_sweep": counted[0],
        "statements_per_sweep_tenth_open": counted_of_few[0],
        "statements_per_idle_sweep": counted[1],
        "open": tickets.open,
        "clocks": tickets.open * promised.CLOCKS,
        "due": tickets.due,
    }


async def compare(
    server: Server, sweep: Sweep, peer: Helpdesk, tickets: Tickets, rounds: int
) -> Figures:
    """Rounds of everything; the first warms up."""
    rows: list[dict[str, float]] = []
    for number in range(rounds + 1):
        row = await due_ms(server, sweep, tickets.due_in(number))
        row["idle"] = await idle_ms(sweep)
        for kind in ("due", "mailed", "idle"):
            row |= peer_ms(server, peer, kind, tickets.due)
        _say(", ".join(f"{name} {of:.2f} ms" for name, of in row.items()))
        rows += [row] if number else []
    middle = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    each = {name: round(of / tickets.due, 4) for name, of in middle.items()}
    return {
        "ms_per_due": each["due"],
        "peer_ms_per_due": each["peer_due"],
        "ratio_due": ratio(middle, "due", "due"),
        "cpu_ms_per_due": each["due_cpu"],
        "peer_cpu_ms_per_due": each["peer_due_cpu"],
        "ratio_due_cpu": ratio(middle, "due_cpu", "due_cpu"),
        "peer_mailed_ms_per_due": each["peer_mailed"],
        "ratio_mailed": ratio(middle, "due", "mailed"),
        "ratio_mailed_cpu": ratio(middle, "due_cpu", "mailed_cpu"),
        "idle_ms": round(middle["idle"], 3),
        "peer_idle_ms": round(middle["peer_idle"], 3),
        "ratio_idle": ratio(middle, "idle", "idle"),
    }


def ratio(middle: dict[str, float], ours: str, theirs: str) -> float:
    """How many times as long django-helpdesk takes."""
    return round(middle[f"peer_{theirs}"] / middle[ours], 1)


async def due_ms(server: Server, sweep: Sweep, due: range) -> dict[str, float]:
    """One sweep of what is due, by one process: by the wall clock, and by the processor."""
    promised.arm(server, due, "now() - interval '1 second'")
    promised.tidy(server)
    before = _cpu(server, psutil.Process())
    began = time.perf_counter()
    swept = await sweep.once()
    taken = time.perf_counter() - began
    cpu = _cpu(server, psutil.Process()) - before
    assert swept.tickets == len(due), f"{swept.tickets} tickets were due"
    assert promised.escalated(server, due) == len(due), "an effect is missing"
    return {"due": taken * 1000, "due_cpu": cpu * 1000}


def peer_ms(server: Server, peer: Helpdesk, kind: str, due: int) -> dict[str, float]:
    """One run of `escalate_tickets`, in the same way."""
    peer.prepare(kind)
    before = _cpu(server, peer.process)
    taken = peer.run()
    cpu = _cpu(server, peer.process) - before
    assert peer.escalated() == (0 if kind == "idle" else due)
    return {f"peer_{kind}": taken, f"peer_{kind}_cpu": cpu * 1000}


async def idle_ms(sweep: Sweep) -> float:
    """A sweep that finds nothing."""
    taken = []
    for _ in range(IDLE_SWEEPS):
        began = time.perf_counter()
        swept = await sweep.once()
        taken.append((time.perf_counter() - began) * 1000)
        assert swept.tickets == 0
    return statistics.median(taken)


async def statements(server: Server, url: str, tickets: range) -> tuple[int, int]:
    """How many statements a sweep sends, BEGIN and COMMIT among them: with work, and without."""
    server.execute(f"ALTER DATABASE {embedded.DATABASE} SET pg_stat_statements.track = 'top'")
    database = Database(url)  # its connections are the ones that are counted
    sweep = Sweep(database)
    await due_ms(server, sweep, tickets)  # what is read once a process is read
    counted = []
    for due in (tickets, range(0)):
        promised.arm(server, due, "now() - interval '1 second'")
        server.execute("SELECT pg_stat_statements_reset()")
        swept = await sweep.once()
        assert swept.tickets == len(due)
        row = server.execute("SELECT sum(calls) FROM pg_stat_statements").fetchone()
        assert row is not None
        counted.append(int(row[0]))
    await database.close()
    server.execute(f"ALTER DATABASE {embedded.DATABASE} RESET pg_stat_statements.track")
    return counted[0], counted[1]


def lag(server: Server, url: str, tickets: Tickets, rounds: int) -> Figures:
    """Milliseconds from a deadline to the commit of its effect, with two workers."""
    lags: list[float] = []
    server.execute("DELETE FROM procrastinate_jobs")  # of sweeps that had no workers beside them
    with Workers(url, WORKERS) as workers:
        postmaster = _postmaster(server)
        used = workers.cpu(), seconds_of(postmaster)
        time.sleep(IDLE_SECONDS)
        idle = workers.cpu() - used[0], seconds_of(postmaster) - used[1]
        for number in range(rounds + 1):
            due = tickets.due_in(number)
            due_at = promised.arm(server, due, f"now() + interval '{AHEAD} seconds'")
            promised.tidy(server)
            until = time.monotonic() + _PATIENCE
            while promised.escalated(server, due) < len(due):
                assert time.monotonic() < until, promised.stuck(server)
                time.sleep(0.25)
            if number:
                lags += promised.lags_ms(server, due, due_at)
        peak = workers.peak_mb()
    lags.sort()
    return {
        "lag_p50_ms": round(statistics.median(lags), 1),
        "lag_p99_ms": round(lags[int(len(lags) * 0.99)], 1),
        "rss_mb": round(peak, 1),
        "idle_workers_cpu_percent": round(idle[0] / IDLE_SECONDS * 100, 2),
        "idle_database_cpu_percent": round(idle[1] / IDLE_SECONDS * 100, 2),
    }


def _cpu(server: Server, client: psutil.Process) -> float:
    return seconds(client) + seconds_of(_postmaster(server))


def _postmaster(server: Server) -> psutil.Process:
    row = server.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    postmaster = psutil.Process(row[0]).parent()
    assert postmaster is not None
    return postmaster


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()

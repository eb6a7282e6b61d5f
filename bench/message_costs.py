"""What a turn, a status and a look of the console cost, for `bench.sizing`.

A handful of shoppers talk to the whole desk on one machine; then each answer's statuses (sent,
delivered, read) arrive one by one, as they do from WhatsApp. Costs are processor time, which other
work on the machine hardly changes, and counts. `--write` puts them where `bench.sizing` finds them.
Prints one JSON line.
"""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from bench import load
from bench.graph import Graph
from bench.servers import free_port
from bench.shoppers import DeskShopper
from bench.turn import Desk
from sla_service.database.wake import Channel
from sla_service.whatsapp import signature

COSTS = Path(__file__).with_name("sizing.json")
_WARM_UP = 20  # turns a shopper
_LOOKS = 200
_AT_ONCE = 16  # connections that commit
_COMMITS = 50  # of each
_ROUNDS = 5
_PATIENCE = 300.0
_STATUSES = ("sent", "delivered", "read")


def main() -> None:
    """Measure, and print or keep the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shoppers", type=int, default=8)
    options.add_argument("--turns", type=int, default=100, help="turns of each shopper")
    options.add_argument("--write", action="store_true", help=f"keep them in {COSTS.name}")
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended all the same
    figures = asyncio.run(measure(chosen.shoppers, chosen.turns))
    if chosen.write:
        COSTS.write_text(json.dumps(json.loads(COSTS.read_text()) | figures, indent=2) + "\n")
    print(json.dumps(figures))


async def measure(shoppers: int, turns: int) -> dict[str, Any]:
    """Talk, let the statuses come, and say what each took."""
    graph = Graph(free_port())
    await graph.start()
    with tempfile.TemporaryDirectory() as folder, Desk(Path(folder), graph.port) as desk:
        server = _Server(desk)
        people = [
            await DeskShopper.open(desk.web, desk.secret, graph, number)
            for number in range(shoppers)
        ]
        await asyncio.gather(*(one.talk(_WARM_UP) for one in people))
        told = asyncio.create_task(server.count_notifications())
        before = await asyncio.to_thread(server.look)
        await asyncio.gather(*(one.talk(turns) for one in people))
        after = await asyncio.to_thread(server.look)
        told.cancel()
        turn = after.since(before, shoppers * turns)
        turn["notifications"] = round(server.notified / (shoppers * turns), 2)
        for one in people:
            await one.close()
        status = await _statuses(desk, server)
        look = await asyncio.to_thread(_looks, desk, server)
        commits = await _commits(desk.env["DESK_DATABASE_URL"])
    await graph.stop()
    return {"turn": turn, "status": status, "look": look, **commits}


async def _statuses(desk: Desk, server: "_Server") -> dict[str, Any]:
    """Every answer's statuses, each in a webhook of its own."""
    sent = await asyncio.to_thread(server.sent)
    requests = [_webhook(desk, one, status) for status in _STATUSES for one in sent]
    before = await asyncio.to_thread(server.look)
    await load.run(f"{desk.web}/webhooks/whatsapp", requests, at_once=8)
    await asyncio.to_thread(server.wait_until_taken_in)
    after = await asyncio.to_thread(server.look)
    return after.since(before, len(requests))


def _looks(desk: Desk, server: "_Server") -> dict[str, Any]:
    """What a console asks for when somebody opens one conversation after the other."""
    with httpx2.Client(base_url=desk.web, timeout=60, follow_redirects=True) as page:
        page.get(desk.way_in).raise_for_status()
        items = page.get("/api/conversations").raise_for_status().json()["items"]
        before = server.look()
        for number in range(_LOOKS // 2):
            one = items[number % len(items)]["id"]
            page.get("/api/conversations").raise_for_status()
            page.get(f"/api/conversations/{one}/messages").raise_for_status()
        return server.look().since(before, _LOOKS)


async def _commits(url: str) -> dict[str, float]:
    """Milliseconds from one commit to the next, when many commit at once: the best of some rounds.

    PostgreSQL lets commits that notify pass one at a time, and others together. A server loops by
    itself, so that no client is waited for.
    """
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("CREATE TABLE committed (note text)")
    took: dict[str, list[float]] = {"notifying_commit_ms": [], "commit_ms": []}
    for _ in range(_ROUNDS):
        for name, statement in zip(took, (_NOTIFYING, _PLAIN), strict=True):
            began = time.perf_counter()
            await asyncio.gather(*(_run(url, statement) for _ in range(_AT_ONCE)))
            took[name].append((time.perf_counter() - began) * 1000 / (_AT_ONCE * _COMMITS))
    return {name: round(min(each), 3) for name, each in took.items()}


async def _run(url: str, statement: bytes) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(statement)


@dataclass(frozen=True)
class _Look:
    """What had been spent and written at one moment."""

    seconds: dict[str, float]
    log_bytes: int
    table_bytes: int
    raw_bytes: int
    commits: int

    def since(self, before: "_Look", times: int) -> dict[str, Any]:
        """What was spent and written since, each time."""
        cpu = {
            name: round((spent - before.seconds[name]) * 1000 / times, 3)
            for name, spent in sorted(self.seconds.items())
            if name != "simulator"
        }
        return {
            "cpu_ms": cpu,
            "log_bytes": round((self.log_bytes - before.log_bytes) / times),
            "table_bytes": round((self.table_bytes - before.table_bytes) / times),
            "raw_bytes": round((self.raw_bytes - before.raw_bytes) / times),
            "commits": round((self.commits - before.commits) / times, 2),
        }


class _Server:
    """The desk's PostgreSQL, and the processes around it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._url = desk.env["DESK_DATABASE_URL"]
        self.notified = 0

    def look(self) -> _Look:
        """What has been spent and written so far, once nothing is under way."""
        self.wait_until_taken_in()
        time.sleep(1.5)  # the statistics of a server are told once a second
        with psycopg.connect(self._url, autocommit=True) as connection:
            row = connection.execute(_LOOK).fetchone()
        assert row is not None
        return _Look(self._desk.seconds_spent(), *map(int, row))

    def sent(self) -> list[str]:
        """The channel's names of all that was sent."""
        with psycopg.connect(self._url) as connection:
            found = connection.execute(_SENT).fetchall()
        return [row[0] for row in found]

    def wait_until_taken_in(self) -> None:
        """Wait until no update waits and no conversation is due."""
        until = time.monotonic() + _PATIENCE
        with psycopg.connect(self._url, autocommit=True) as connection:
            while time.monotonic() < until:
                row = connection.execute(_WAITING).fetchone()
                if row is not None and not row[0]:
                    return
                time.sleep(0.05)
        raise TimeoutError("the desk did not get done")

    async def count_notifications(self) -> None:
        """Count what processes tell each other through the server, until cancelled."""
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            for channel in Channel:
                await connection.execute(f"LISTEN {channel.value}")
            async for _ in connection.notifies():
                self.notified += 1


def _webhook(desk: Desk, wamid: str, status: str) -> bytes:
    told = {
        "id": wamid,
        "status": status,
        "timestamp": str(int(time.time())),
        "recipient_id": "447700000000",
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": "700100200300"},
        "statuses": [told],
    }
    entry = {"id": "900800700600", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    headers = {"X-Hub-Signature-256": signature.sign(body, desk.secret)}
    return load.request(f"{desk.web}/webhooks/whatsapp", body, headers)


_LOOK = """
SELECT pg_current_wal_lsn() - '0/0'::pg_lsn,
       (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname IN ('public', 'bot')
          AND c.relname <> 'whatsapp_deliveries'),
       pg_total_relation_size('whatsapp_deliveries'),
       (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())
"""
_PLAIN = b"""
DO $$ BEGIN
  FOR nth IN 1..50 LOOP INSERT INTO committed VALUES ('a'); COMMIT; END LOOP;
END $$
"""
_NOTIFYING = _PLAIN.replace(b"COMMIT;", b"PERFORM pg_notify('bench', ''); COMMIT;")
_SENT = "SELECT wamid FROM messages WHERE wamid IS NOT NULL AND author = 'bot' ORDER BY id"
_WAITING = """
SELECT (SELECT count(*) FROM whatsapp_updates WHERE state = 'waiting')
     + (SELECT count(*) FROM conversations WHERE due_at IS NOT NULL)
"""

if __name__ == "__main__":
    main()

"""A round: load and trouble, then quiet, then the books."""

import asyncio
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from sla_service.conversations.media_store import MediaStore
from tests.e2e.faults import promises, stage, troubles
from tests.e2e.faults.books import Books, Findings, Record
from tests.e2e.faults.crowd import Agents, Crowd, Guest
from tests.e2e.faults.stage import Stage
from tests.e2e.faults.troubles import Trouble

WRONG = (
    "lost",
    "doubled",
    "out_of_order",
    "promises_lost",
    "promises_doubled",
    "sends_without_owner",
    "unbalanced",
    "stuck",
)
"""Counts that must be nothing in the end."""
_SHOWN = (
    "messages",
    "answers",
    "replies",
    "files",
    "promises",
    "troubles",
    "kills",
    "restarts",
    "freezes",
    "postgres_stops",
    "disks_full",
    "wrong_clocks",
    "cuts",
    "refusals",
    "doubled_unheard",
    "brought_out_of_order",
)
_PER_SECOND = 5.0
_PAUSES = (0.3, 2.5)  # seconds between the end of a trouble and the next
_TWICE = 0.35  # how often a second trouble comes while one lasts
_UNTIL_QUIET = 420.0  # seconds; it ends as soon as nothing is left
_FIRST_NUMBER = 5511910000001
_HABITS = {"webhooks": {"duplicate": 1, "shuffle_statuses": True}}


@dataclass
class Run:
    """Rounds on one stage; what they found adds up."""

    stage: Stage
    dice: random.Random
    say: Callable[[str], None]
    found: Findings = field(default_factory=Findings)
    guests: list[Guest] = field(default_factory=list)
    record: list[dict[str, Any]] = field(default_factory=list)
    """Of the last round: who came, and what the Graph API accepted."""
    _drawn: list[Trouble] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(_FIRST_NUMBER))
    _seen: int = 0
    _rounds: int = 0

    def round(self, seconds: float, per_second: float = _PER_SECOND) -> None:
        """One round: `seconds` of load and trouble, with shoppers who were never here before."""
        self._rounds += 1
        self.stage.simulator.post("/control/faults", json=_HABITS).raise_for_status()
        dice = random.Random(self.dice.random())
        crowd = Crowd(self.stage, dice, lambda: str(next(self._numbers)))
        over = threading.Event()
        trouble = threading.Thread(target=self._torment, args=[over], name="trouble")
        with Agents(self.stage, crowd.guests, random.Random(self.dice.random())) as agents:
            trouble.start()
            crowd.write(per_second, seconds)
            over.set()
            trouble.join()
        self.say(f"  agents were told {dict(agents.told)}")
        self.stage.simulator.delete("/control/faults").raise_for_status()
        came = [guest for guest in crowd.guests if guest.sent]
        self._quieten(came)
        self._look(came)

    def books(self, record: Record) -> Findings:
        """What is found when the desk's tables are held against this record of the last round."""
        found = Findings()
        store = MediaStore(self.stage.folder / "media")
        book = asyncio.run(promises.rulebook(self.stage.url))
        with psycopg.connect(self.stage.url, autocommit=True, row_factory=namedtuple_row) as server:
            Books.opened(server, record, self.guests, store).check(found)
            keys = [guest.shopper.key for guest in self.guests]
            promises.check(server, keys, book, found)
        return found

    def figures(self) -> dict[str, Any]:
        """The counts, all of them."""
        counts = self.found.counts
        counts["wrong_clocks"] = sum(one.skewed for one in self.stage.spares)
        counts["restarts"] = sum(one.starts - 1 for one in self.stage.spares)
        counts["restarts"] += sum("starting it again" in line for line in self._supervisor())
        return {"rounds": self._rounds} | {name: counts[name] for name in (*_SHOWN, *WRONG)}

    def _supervisor(self) -> list[str]:
        return self.stage.desk.lines()

    def _torment(self, over: threading.Event) -> None:
        """Trouble after trouble, sometimes two at a time, until told to stop."""
        while not over.is_set():
            if len(self._drawn) < 2:
                self._drawn += troubles.deck(self.stage, self.dice)
            times = 2 if self.dice.random() < _TWICE else 1
            together, self._drawn = self._drawn[:times], self._drawn[times:]
            self._suffer(together)
            over.wait(self.dice.uniform(*_PAUSES))

    def _suffer(self, together: list[Trouble]) -> None:
        threads = [threading.Thread(target=self._bear, args=[one]) for one in together]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _bear(self, one: Trouble) -> None:
        self.say(f"  {one.name} ({one.seconds:.1f} s)")
        self.found.counts[one.counts_as] += 1
        self.found.counts["troubles"] += 1
        try:
            with one.last():
                time.sleep(one.seconds)
        except Exception as error:  # noqa: BLE001 - a harness that breaks must be seen
            self.found.wrong("stuck", f"{one.name} could not be brought about: {error!r}")

    def _quieten(self, guests: list[Guest]) -> None:
        """Wait until nothing is left to do; what never comes to rest is found."""
        stage.ensure_postgres(self.stage)
        keys = [guest.shopper.key for guest in guests]
        until = time.monotonic() + _UNTIL_QUIET
        left: list[str] = ["?"]
        while left and time.monotonic() < until:
            time.sleep(0.5)
            left = self._left(keys)
        for one in left:
            self.found.wrong("stuck", one)

    def _left(self, keys: list[str]) -> list[str]:
        """What is still to be done, in words."""
        owed = self.stage.simulator.get("/control/deliveries").json()["owed"]
        try:
            with psycopg.connect(self.stage.url, row_factory=namedtuple_row) as server:
                rows = server.execute(_LEFT, {"keys": keys}).fetchall()
        except psycopg.OperationalError as error:
            return [f"the database: {type(error).__name__}"]
        left = [f"{row.number} {row.what}" for row in rows if row.number]
        return [f"{owed} webhooks owed", *left] if owed else left

    def _look(self, guests: list[Guest]) -> None:
        query = {"kind": "message", "after": self._seen, "limit": 100_000}
        self.record = self.stage.simulator.get("/control/record", params=query).json()["record"]
        self._seen = self.record[-1]["seq"] if self.record else self._seen
        self.guests = guests
        self.found.add(self.books(self.record))
        told = self.stage.desk.command_line("inbox", "check")
        self.say(told.stdout.strip())
        if told.returncode or "waiting 0 " not in told.stdout or "parked 0" not in told.stdout:
            self.found.wrong("unbalanced", told.stdout.strip() + told.stderr[-500:])


_MINE = """
(SELECT c.id FROM conversations c JOIN contacts p ON p.id = c.contact_id
 WHERE p.bsuid = ANY(%(keys)s))
"""
_LEFT = f"""
SELECT 'updates waiting' AS what, count(*) AS number FROM whatsapp_updates WHERE state = 'waiting'
UNION ALL
SELECT 'conversations due', count(*) FROM conversations
WHERE id IN {_MINE} AND (due_at IS NOT NULL OR leased_until > now())
UNION ALL
SELECT 'messages owed', count(*) FROM outbox WHERE conversation_id IN {_MINE}
UNION ALL
SELECT 'files to fetch', count(*) FROM media_files f JOIN messages m ON m.id = f.message_id
WHERE f.state = 'waiting' AND m.conversation_id IN {_MINE}
UNION ALL
SELECT 'promises overdue', count(*) FROM sla_tickets WHERE next_fire_at < now()
UNION ALL
SELECT 'effects not handled', count(*) FROM sla_effects
WHERE handled_at IS NULL AND NOT is_silent
UNION ALL
SELECT 'jobs to do', count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
"""  # noqa: S608 - our own words

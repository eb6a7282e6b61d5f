"""A desk on a database with a past, in this very process, so that each step can be measured."""

import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench import past, webhooks
from bench.outside import Outside
from sla_service.database.sessions import Database
from sla_service.settings import Settings
from sla_service.whatsapp.inbox import Inbox
from sla_service.worker import Worker

Work = Callable[[], Awaitable[object]]
Prepare = Callable[["Side", int], Awaitable[Work]]


@dataclass
class Side:
    """A desk on a database with a past of so many conversations, the last `month` of them new."""

    settings: Settings
    database: Database
    server: psycopg.Connection[Any]
    inbox: Inbox
    worker: Worker
    outside: Outside
    conversations: int
    month: int
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(time.time_ns()))

    def recent(self, nth: int) -> int:
        """A contact whose ticket of this month is solved; another one for each `nth`."""
        return self.conversations - past.OPEN - 1 - nth * 7919 % (self.month - 2 * past.OPEN)

    def long_ago(self, nth: int) -> int:
        """A contact of any time."""
        return 1 + nth * 15_485_863 % (self.conversations - 2 * past.OPEN)

    def held(self, nth: int) -> int:
        """A conversation that an agent holds."""
        last = self.conversations - nth % (past.OPEN - 3)
        return last - (last - 2) % 3

    async def write(self, contact: int, words: str = "cadê meu pedido que comprei ontem?") -> None:
        """Let a contact's webhook be stored."""
        wamid = f"wamid.NOW{next(self.numbers)}"
        await self.inbox.store(webhooks.message(past.phone(contact), wamid, words))

    async def attend(self) -> None:
        """Take the turns that are due, and send what is owed."""
        claims, _ = await self.worker._claim(32)  # noqa: SLF001 - what its loop does
        assert claims, "no conversation is due"
        for claim in claims:
            await self.worker.attendant.attend(claim)

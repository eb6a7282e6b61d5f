"""Where conversations are kept: one row each, in PostgreSQL or, for a try-out, in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

Row = tuple[int, bytes]

# The same number in every process, so that only one of them creates the table.
_ADVISORY_LOCK = 4_210_661_305
_SCHEMA = """
create schema if not exists bot;
create table if not exists bot.conversations (
    conversation text primary key,
    version bigint not null,
    state json not null,
    updated_at timestamptz not null default now()
);
comment on table bot.conversations is
    'What the bot remembers of a conversation: slots, the last turns, the last answers.';
"""
_READ = "select version, state::text from bot.conversations where conversation = %s"
_WRITE_FIRST = """
insert into bot.conversations (conversation, version, state)
values (%(conversation)s, 1, %(state)s::json)
on conflict (conversation) do nothing
"""
# Whoever read a row that was erased since must not bring it back.
_WRITE_NEXT = """
update bot.conversations
set version = version + 1, state = %(state)s::json, updated_at = now()
where conversation = %(conversation)s and version = %(seen)s
"""
_NAMES = "select conversation from bot.conversations order by conversation"
# A write need not wait for the disk: the desk commits the turn's outcome after it, to the same
# server's log, and that commit carries this one with it. Should the server die in between, the
# desk sends the turn again, and the bot takes it again from where it was before.
_OPTIONS = "-c statement_timeout=5s -c synchronous_commit=off"
# A second try finds a live connection when the server was restarted between two turns.
_READ_ATTEMPTS = 2


class Rows(Protocol):
    """One row per conversation: a version that grows with each write, and the state as JSON."""

    async def read(self, conversation: str) -> Row | None:
        """The row, or None for a conversation not seen before."""

    async def write(self, conversation: str, seen: int, state: bytes) -> bool:
        """Replace version `seen` (0: no row yet); False when somebody else did so first."""

    async def names(self) -> list[str]:
        """All conversations."""

    async def aclose(self) -> None:
        """Let go of connections."""


class MemoryRows:
    """Rows that end with the process."""

    def __init__(self) -> None:
        """No conversations yet."""
        self._rows: dict[str, Row] = {}

    async def read(self, conversation: str) -> Row | None:
        """See `Rows.read`."""
        return self._rows.get(conversation)

    async def write(self, conversation: str, seen: int, state: bytes) -> bool:
        """See `Rows.write`."""
        if self._rows.get(conversation, (0, b""))[0] != seen:
            return False
        self._rows[conversation] = (seen + 1, state)
        return True

    async def names(self) -> list[str]:
        """See `Rows.names`."""
        return sorted(self._rows)

    async def aclose(self) -> None:
        """Nothing to let go of."""


class PostgresRows:
    """Rows in the table bot.conversations, which is created when first needed."""

    def __init__(self, url: str, max_connections: int, wait_in_seconds: float = 3.0) -> None:
        """Connects at the first read or write, inside the event loop that serves the turns."""
        self._url = url
        self._max_connections = max_connections
        self._wait = wait_in_seconds
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] | None = None
        self._opening = asyncio.Lock()

    async def read(self, conversation: str) -> Row | None:
        """See `Rows.read`."""
        for attempt in range(1, _READ_ATTEMPTS + 1):
            try:
                async with self._connection() as connection:
                    cursor = await connection.execute(_READ, (conversation,), binary=True)
                    row = await cursor.fetchone()
                    return (row[0], row[1].encode()) if row else None
            except OperationalError as error:
                if isinstance(error, PoolTimeout) or attempt == _READ_ATTEMPTS:
                    raise
        return None

    async def write(self, conversation: str, seen: int, state: bytes) -> bool:
        """See `Rows.write`."""
        values = {"conversation": conversation, "seen": seen, "state": state.decode()}
        async with self._connection() as connection:
            cursor = await connection.execute(_WRITE_NEXT if seen else _WRITE_FIRST, values)
            return cursor.rowcount == 1

    async def names(self) -> list[str]:
        """See `Rows.names`."""
        async with self._connection() as connection:
            cursor = await connection.execute(_NAMES)
            return [row[0] for row in await cursor.fetchall()]

    async def aclose(self) -> None:
        """Close the connections."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        pool = self._pool or await self._open()
        async with pool.connection() as connection:
            yield connection

    async def _open(self) -> AsyncConnectionPool[AsyncConnection[Any]]:
        async with self._opening:
            if self._pool is None:
                pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
                    self._url,
                    min_size=1,
                    max_size=self._max_connections,
                    timeout=self._wait,
                    open=False,
                    kwargs={
                        "autocommit": True,
                        "connect_timeout": 3,
                        "options": _OPTIONS,
                        "application_name": "balcao-bot",
                    },
                )
                await pool.open()
                try:
                    await _create_table(pool)
                except BaseException:
                    await pool.close()
                    raise
                self._pool = pool
            return self._pool


async def _create_table(pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
    async with pool.connection() as connection:
        # A role without the right to create may use a table that is already there.
        cursor = await connection.execute("select to_regclass('bot.conversations')")
        found = await cursor.fetchone()
        if found and found[0]:
            return
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(%s)", (_ADVISORY_LOCK,))
            await connection.execute(_SCHEMA)

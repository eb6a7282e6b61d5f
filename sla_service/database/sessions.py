"""The way to PostgreSQL: sessions for requests, the driver itself for the message path."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import orjson
import psycopg
from psycopg import AsyncConnection, AsyncCursor, AsyncRawCursor
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import namedtuple_row
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from sla_service.database.watched import WatchedConnection

set_json_loads(orjson.loads)  # what a row holds as JSON is read several times faster

Connection = AsyncConnection[Any]
"""A connection of the driver; outside `step` each statement on it is its own transaction."""


_TOO_LARGE = "54"
# A step takes about a millisecond: a few warm servers behind it do more than many cold ones.
_DRIVERS_AT_MOST = 4
# The path's statements are few, each has its index, and their plans do not hang on the values. A
# plan is made once, perhaps while a table is small: whoever scanned it then would do so for hours.
_OF_THE_PATH = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"


class Database:
    """The way to PostgreSQL: `async with database.transaction() as session`.

    A message passes some twenty statements on its way; there the session's bookkeeping would cost
    more than the work, so that path speaks SQL to the driver: `async with database.step()`.
    """

    def __init__(self, url: str, *, pool_size: int = 16) -> None:
        self.url = url
        given = conninfo_to_dict(url).get("options") or ""
        options = f"{given} -c timezone=UTC -c idle_in_transaction_session_timeout=60000".strip()
        self.engine: AsyncEngine = create_async_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=30,
            connect_args={"options": options, "application_name": "balcao"},
        )
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            connection_class=WatchedConnection,
            min_size=1,
            max_size=min(pool_size, _DRIVERS_AT_MOST),
            open=False,
            kwargs={
                "autocommit": True,
                "options": f"{options} {_OF_THE_PATH}",
                "application_name": "balcao",
            },
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed at the end, or undone if anything is raised."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection on which each statement is its own transaction."""
        await self._pool.open()
        async with self._pool.connection() as connection:
            yield connection

    @asynccontextmanager
    async def step(self) -> AsyncIterator[Connection]:
        """A connection whose work is committed at the end, or undone if anything is raised."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def renew(self) -> None:
        """Replace the driver's connections that were lost."""
        await self._pool.check()

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.close()
        await self.engine.dispose()


def is_servers(error: BaseException) -> bool:
    """Whether PostgreSQL is in trouble, whatever it was asked: not there, full, not as expected.

    What it can't keep because of what it holds (a text that is none, a row too large) is not.
    """
    if not isinstance(error, psycopg.Error):
        return False
    return not isinstance(error, psycopg.DataError | psycopg.IntegrityError) and not (
        error.sqlstate or ""
    ).startswith(_TOO_LARGE)


async def now(connection: Connection) -> datetime:
    """The time by the one clock that all processes share."""
    at: datetime = (await rows(connection, "SELECT now() AS at"))[0].at
    return at


async def driver(where: AsyncSession | Connection) -> Connection:
    """A session's own connection, in its transaction, for what speaks SQL to the driver."""
    if isinstance(where, AsyncConnection):
        return where
    raw = await (await where.connection()).get_raw_connection()
    connection = raw.driver_connection
    if not isinstance(connection, AsyncConnection):
        raise TypeError("not a connection of psycopg")
    return connection


async def rows(
    connection: Connection, query: str, values: Mapping[str, Any] | list[Any] | None = None
) -> list[Any]:
    """What a statement returns, as rows with named columns; prepared once a connection.

    Its parameters are `%(name)s`; with a list of values `$1` and so on, as the server has them.
    Where the named ones stand is remembered of statements up to 4,096 characters; in a longer one
    they are looked for at each use, which takes half a millisecond.
    """
    kind = AsyncRawCursor if isinstance(values, list) else AsyncCursor
    if isinstance(connection, WatchedConnection):
        cursor = connection.cursor_of(kind)
    else:
        cursor = kind(connection, row_factory=namedtuple_row)
    await cursor.execute(query, values, prepare=True)
    has_columns = cursor.pgresult is not None and cursor.pgresult.nfields > 0
    return await cursor.fetchall() if has_columns else []

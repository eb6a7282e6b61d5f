"""Looks at PostgreSQL: is it there, is it safe, does it keep our time, and does it wake us."""

import asyncio
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from sla_service import clock
from sla_service.notify import channels
from sla_service.notify.channels import ChannelRefused
from sla_service.operations import version
from sla_service.operations.findings import Finding, error, fine, warning
from sla_service.settings import Settings

_PATIENCE = 5
_OLDEST = 160000  # server_version_num; 18 is what the tests run on
_TESTED = 18
_SKEW = 1.0
_TOO_MUCH_SKEW = 30.0
_LISTENERS = 3  # connections of a process besides its pools
_DRIVERS = 4
_OF_THE_BOT = 8
_CHANNEL = "desk_doctor"

type Connection = psycopg.AsyncConnection[Any]


async def look(settings: Settings) -> list[Finding]:
    """Everything about the database; one finding when it can't be reached."""
    try:
        url = settings.server_url()
        async with await psycopg.AsyncConnection.connect(
            url, autocommit=True, connect_timeout=_PATIENCE
        ) as connection:
            found = await _server(connection)
            found += await _tables(connection)
            found += await _connections(connection, settings)
            found += await _time(connection)
            found += await _is_woken(connection, url)
            found += await _channels(connection, settings)
    except ValueError as wrong:
        return [error("database", f"{wrong}.", "Set DESK_DATABASE_URL=postgresql://…")]
    except (psycopg.Error, OSError) as wrong:
        told = (str(wrong) or type(wrong).__name__).splitlines()[0]
        remedy = "Start it, or correct DESK_DATABASE_URL; psql with that address tells the rest."
        return [error("database", f"PostgreSQL can't be used: {told}", remedy)]
    return found or [
        fine("database", "PostgreSQL is there, safe and on time, and its tables are up to date.")
    ]


async def _one(connection: Connection, query: str) -> Any:
    cursor = connection.cursor(row_factory=namedtuple_row)
    await cursor.execute(query)
    return await cursor.fetchone()


async def _server(connection: Connection) -> list[Finding]:
    found = []
    number = connection.info.server_version
    if number < _OLDEST:
        told = f"PostgreSQL {number // 10000} is too old."
        found.append(error("database", told, f"Move to PostgreSQL {_TESTED}."))
    elif number // 10000 != _TESTED:
        told = f"This is PostgreSQL {number // 10000}; the desk is tested with {_TESTED}."
        found.append(warning("database", told, f"Plan a move to PostgreSQL {_TESTED}."))
    for name, remedy in {
        "fsync": "a crash of the machine may destroy the whole database",
        "full_page_writes": "a crash of the machine may leave half-written pages",
        "synchronous_commit": "a message may be lost after WhatsApp was told that it is safe",
    }.items():
        row = await _one(connection, f"SELECT current_setting('{name}') AS it")
        if row.it == "off":
            told = f"PostgreSQL runs with {name} = off: {remedy}."
            found.append(error("database", told, f"Set {name} = on and reload the server."))
    row = await _one(connection, "SELECT current_setting('server_encoding') AS it")
    if row.it != "UTF8":
        told = f"The database's encoding is {row.it}: messages with emoji can't be stored."
        found.append(error("database", told, "Make a database with ENCODING 'UTF8'."))
    return found


async def _tables(connection: Connection) -> list[Finding]:
    row = await _one(connection, "SELECT to_regclass('public.alembic_version') IS NULL AS empty")
    if row.empty:
        return [error("database", "The database has no tables yet.", "Run bin/desk migrate.")]
    at = (await _one(connection, "SELECT version_num FROM alembic_version")).version_num
    known = version.known_schemas()
    if at not in known:
        told = f"The tables are at revision {at}, which this version of the desk doesn't know."
        return [warning("database", told, "Go on to the newer version that made them.")]
    if at != known[0]:
        told = f"The tables are at revision {at}; this version expects {known[0]}."
        return [error("database", told, "Run bin/desk migrate (docs/upgrading.md).")]
    row = await _one(connection, "SELECT count(*) AS n FROM pg_extension WHERE extname = 'pg_trgm'")
    if not row.n:
        told = "The extension pg_trgm is missing: people can't search."
        return [error("database", told, "CREATE EXTENSION pg_trgm; as the database's owner.")]
    return []


async def _connections(connection: Connection, settings: Settings) -> list[Finding]:
    row = await _one(
        connection,
        "SELECT current_setting('max_connections')::int AS most, "
        "current_setting('superuser_reserved_connections')::int AS kept",
    )
    pool = settings.database.pool_size
    each = pool + min(pool, _DRIVERS) + _LISTENERS
    wanted, there = 2 * each + _OF_THE_BOT, row.most - row.kept
    if wanted <= there:
        return []
    told = (
        f"One web process, one worker and the bot may open {wanted} connections; PostgreSQL "
        f"allows {there}."
    )
    remedy = "Lower DESK_DATABASE__POOL_SIZE, or raise max_connections (it takes a restart)."
    return [error("database", told, remedy)]


async def _time(connection: Connection) -> list[Finding]:
    before = clock.now()
    row = await _one(connection, "SELECT clock_timestamp() AS at")
    after = clock.now()
    skew = max((before - row.at).total_seconds(), (row.at - after).total_seconds(), 0.0)
    if skew < _SKEW:
        return []
    told = f"This machine's clock and PostgreSQL's are {skew:.0f} s apart."
    remedy = "Let both keep time by NTP: deadlines are the database's, windows are this machine's."
    make = error if skew >= _TOO_MUCH_SKEW else warning
    return [make("database", told, remedy)]


async def _is_woken(connection: Connection, url: str) -> list[Finding]:
    await connection.execute(f"LISTEN {_CHANNEL}")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as other:
        await other.execute(f"NOTIFY {_CHANNEL}")
    try:
        async with asyncio.timeout(_PATIENCE):
            async for _ in connection.notifies():
                return []
    except TimeoutError:
        pass
    told = "What one connection tells by NOTIFY does not reach another that listens."
    remedy = (
        "A pooler in transaction mode is in between, most likely: let DESK_DATABASE_URL lead to "
        "PostgreSQL itself. Without it, work waits up to a second and pages are not live."
    )
    return [error("database", told, remedy)]


async def _channels(connection: Connection, settings: Settings) -> list[Finding]:
    """Whether each team's channels have all that their services need; their URLs stay unsaid."""
    row = await _one(connection, "SELECT to_regclass('public.notify_teams') IS NULL AS absent")
    if row.absent:
        return []
    found = []
    cursor = await connection.execute("SELECT name, channels FROM notify_teams ORDER BY name")
    for team, urls in await cursor.fetchall():
        for channel, url in urls.items():
            try:
                await asyncio.to_thread(channels.named, [url], settings.notify, {})
            except ChannelRefused as refused:
                why = refused.details.get("why", "it is not a channel")
                told = f"The channel {channel} of the team {team} can't be used: {why}."
                remedy = "Write its address anew: bin/desk notify --help (docs/notifications.md)."
                found.append(error("notify", told, remedy))
    return found

"""NOTIFY and LISTEN: how one process tells the others that there is work."""

import asyncio
from collections.abc import AsyncGenerator
from enum import StrEnum

import psycopg
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.sessions import Connection, rows

_log = structlog.get_logger()
_NOTIFY = text("SELECT pg_notify(:channel, :payload)")


class Channel(StrEnum):
    """What can be told."""

    INBOX = "desk_inbox"
    """Updates from WhatsApp are stored and wait."""
    LANES = "desk_lanes"
    """A conversation is due for a turn or a send."""
    CLOCKS = "desk_clocks"
    """A promise comes due sooner than the sweep looks again by itself."""
    QUEUE = "desk_queue"
    """A conversation waits for people, or somebody has room for one."""
    ORDERS = "desk_orders"
    """The shop told of an order."""
    LIVE = "desk_live"
    """A conversation changed; the payload is its id."""
    ALERTS = "desk_alerts"
    """People must be told something; the payload is the notice's id, empty for several."""


async def tell(session: AsyncSession, channel: Channel, payload: str = "") -> None:
    """Tell listeners when this transaction commits (PostgreSQL drops repeats within one)."""
    await session.execute(_NOTIFY, {"channel": channel.value, "payload": payload})


async def tell_by(connection: Connection, channel: Channel, payload: str = "") -> None:
    """The same, on a connection of the driver."""
    values = {"channel": channel.value, "payload": payload}
    await rows(connection, "SELECT pg_notify(%(channel)s, %(payload)s)", values)


async def listen(url: str, *channels: Channel) -> AsyncGenerator[tuple[Channel, str]]:
    """Everything told from now on, for ever; survives a restart of PostgreSQL.

    After a reconnection each channel is yielded once with an empty payload, since what was told
    meanwhile is lost.
    """
    delay = 0.1
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                for channel in channels:
                    await connection.execute(f"LISTEN {channel.value}")
                delay = 0.1
                for channel in channels:
                    yield channel, ""
                async for note in connection.notifies():
                    yield Channel(note.channel), note.payload
        except psycopg.OperationalError as error:
            _log.warning("listening_stopped", error=type(error).__name__, again_in=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5)

"""Deliveries become durable: one commit for all that arrive at the same time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
import structlog
from psycopg.pq import TransactionStatus

from sla_service.database.sessions import is_servers, rows
from sla_service.database.wake import Channel
from sla_service.database.watched import WatchedConnection
from sla_service.whatsapp import payload
from sla_service.whatsapp.payload import Update

_log = structlog.get_logger()
_BATCH = 256

# One statement, one commit. Deliveries are numbered in order of arrival; updates are written in
# order of key, so that two processes with the same redelivery can't wait for each other in a
# circle.
_STORE = f"""
WITH arrived AS MATERIALIZED (
  SELECT nextval('whatsapp_deliveries_id_seq') AS id, nth, body, updates, error
  FROM unnest(%(bodies)s::bytea[], %(counts)s::int[], %(errors)s::text[])
       WITH ORDINALITY AS d(body, updates, error, nth)
), stored AS (
  INSERT INTO whatsapp_updates (delivery_id, place, kind, key, lane, state)
  SELECT a.id, u.place, u.kind, u.key, u.lane,
         CASE u.kind WHEN 'other' THEN 'processed' ELSE 'waiting' END
  FROM unnest(%(nths)s::int[], %(places)s::int[], %(kinds)s::text[], %(keys)s::text[],
              %(lanes)s::text[]) AS u(nth, place, kind, key, lane)
  JOIN arrived a USING (nth) ORDER BY u.key
  ON CONFLICT (key) DO NOTHING
  RETURNING delivery_id
), fresh AS (
  SELECT delivery_id AS id, count(*) AS updates FROM stored GROUP BY delivery_id
), kept AS (
  INSERT INTO whatsapp_deliveries (id, body, updates, duplicates, error)
  SELECT id, body, a.updates,
         CASE WHEN error IS NULL THEN a.updates - COALESCE(f.updates, 0) ELSE 0 END, error
  FROM arrived a LEFT JOIN fresh f USING (id)
)
SELECT pg_notify('{Channel.INBOX.value}', '')
"""  # noqa: S608 - the channel's name is ours


@dataclass(frozen=True, slots=True)
class _Arrival:
    body: bytes
    updates: Sequence[Update]
    error: str | None
    stored: asyncio.Future[None]


class Inbox:
    """Where the webhook puts what arrived; `store` returns when it is safe on disk."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._arrived: asyncio.Queue[_Arrival] = asyncio.Queue()
        self._connection: WatchedConnection | None = None
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write what arrives."""
        self._writer = asyncio.create_task(self._write(), name="inbox")

    async def stop(self) -> None:
        """End the writer; whoever still waits in `store` is told by cancellation."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
        if self._connection is not None:
            await self._connection.close()

    async def store(self, body: bytes) -> None:
        """Keep a genuine delivery and its updates. Raises psycopg.Error when that failed.

        A body that can't be read is kept too, parked with its error.
        """
        updates: Sequence[Update] = ()
        error = None
        try:
            updates = payload.split(body)
        except payload.UnreadableBody as unreadable:
            error = str(unreadable)[:500]
        stored = asyncio.get_running_loop().create_future()
        self._arrived.put_nowait(_Arrival(body, updates, error, stored))
        await stored

    async def _write(self) -> None:
        while True:
            batch = [await self._arrived.get()]
            while len(batch) < _BATCH and not self._arrived.empty():
                batch.append(self._arrived.get_nowait())
            await self._commit(batch)

    async def _commit(self, batch: list[_Arrival]) -> None:
        """Store the batch at once; if that fails, each alone, so that one can't fail the rest."""
        try:
            await self._execute(batch)
        except psycopg.Error as error:
            if len(batch) > 1 and not is_servers(error):
                for arrival in batch:
                    await self._commit([arrival])
                return
            await self._refuse(batch, error)
            return
        for arrival in batch:
            if not arrival.stored.done():
                arrival.stored.set_result(None)

    async def _refuse(self, batch: list[_Arrival], error: psycopg.Error) -> None:
        alone = batch[0]
        if alone.error is None and not is_servers(error):
            # Readable for us and not for PostgreSQL: parked whole, as its bytes.
            parked = _Arrival(alone.body, (), f"not storable: {error.sqlstate}", alone.stored)
            await self._commit([parked])
            return
        _log.warning("deliveries_not_stored", count=len(batch), error=type(error).__name__)
        for arrival in batch:
            if not arrival.stored.done():
                arrival.stored.set_exception(error)

    async def _execute(self, batch: list[_Arrival]) -> None:
        connection = await self._connected()
        told = [
            (nth, place, update)
            for nth, arrival in enumerate(batch, 1)
            for place, update in enumerate(arrival.updates)
        ]
        await rows(
            connection,
            _STORE,
            {
                "bodies": [a.body for a in batch],
                "counts": [len(a.updates) or 1 for a in batch],
                "errors": [a.error for a in batch],
                "nths": [nth for nth, _, _ in told],
                "places": [place for _, place, _ in told],
                "kinds": [update.kind.value for _, _, update in told],
                "keys": [update.key for _, _, update in told],
                "lanes": [update.lane for _, _, update in told],
            },
        )

    async def _connected(self) -> WatchedConnection:
        known = self._connection
        usable = known is not None and not known.closed
        if known is None or not usable or known.info.transaction_status != TransactionStatus.IDLE:
            if known is not None:
                await known.close()
            known = await WatchedConnection.connect(self._url, autocommit=True)
            self._connection = known
        return known

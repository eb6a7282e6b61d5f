"""Stored updates are taken in order for each contact; what fails again and again is parked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from sla_service.conversations import contacts, statuses
from sla_service.database.sessions import Connection, Database, is_servers, rows
from sla_service.database.wake import Channel
from sla_service.dialogue.receiving import Receiver
from sla_service.proactive import settling
from sla_service.settings import LaneSettings
from sla_service.whatsapp import payload, reading, registry
from sla_service.whatsapp.payload import UpdateKind
from sla_service.whatsapp.tables import UpdateState

_log = structlog.get_logger()
_BATCH = 300


@dataclass(frozen=True, slots=True)
class Taken:
    """One update that waits, with what it says."""

    delivery_id: int
    place: int
    kind: UpdateKind
    lane: str
    attempts: int
    content: dict[str, Any]
    received_at: datetime

    @property
    def id(self) -> str:
        """How people call it: the delivery's number and the place in it."""
        return f"{self.delivery_id}/{self.place}"


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes what the webhook stored; any number of workers may do it at once."""

    database: Database
    settings: LaneSettings
    receiver: Receiver
    worker: str
    """Who takes it: the others are told that conversations are due, and by whom."""

    async def drain(self) -> int:
        """Take what waits and is due, until nothing is; returns how many updates."""
        done = 0
        while taken := await self._take():
            done += taken
            if taken < _BATCH:
                break  # what came meanwhile was told meanwhile, and wakes us again
        return done

    async def _take(self) -> int:
        """One batch in one transaction; if it fails, update by update."""
        try:
            async with self.database.step() as connection:
                batch = await _read(connection, _WAITING)
                if batch:
                    await self._process(connection, batch)
                return len(batch)
        except Exception as error:  # noqa: BLE001 - poison may be anything, and must be found alone
            _log.info("intake_batch_failed", error=type(error).__name__)
        return await self._take_one_by_one()

    async def _take_one_by_one(self) -> int:
        async with self.database.step() as connection:
            batch = await _read(connection, _WAITING)
        failed: set[str] = set()
        for one in batch:
            if one.lane in failed and one.kind is not UpdateKind.STATUS:
                continue  # a contact's later messages wait for the earlier one
            try:
                async with self.database.step() as connection:
                    values = {"delivery": one.delivery_id, "place": one.place}
                    await self._process(connection, await _read(connection, _ONE, values))
            except Exception as error:  # noqa: BLE001 - as above
                failed.add(one.lane)
                await self._postpone(one, error)
        return len(batch)

    async def _postpone(self, one: Taken, error: Exception) -> None:
        """Try it again later; park it when that was often enough, and not for want of a server."""
        is_parked = one.attempts + 1 >= self.settings.attempts and not is_servers(error)
        _log.warning("update_failed", update=one.id, attempt=one.attempts + 1, parked=is_parked)
        state = UpdateState.PARKED if is_parked else UpdateState.WAITING
        async with self.database.connection() as connection:
            what = f"{type(error).__name__}: {_without_data(error)}"
            await _again(connection, one, state, what)

    async def _process(self, connection: Connection, batch: Sequence[Taken]) -> None:
        news = [one for one in batch if one.kind is UpdateKind.STATUS]
        late, erased = await self._apply_statuses(connection, news)
        for one in batch:
            if one.kind is UpdateKind.MESSAGE:
                if not await self.receiver.receive(connection, one.content, one.received_at):
                    erased.append(one)
            elif one.kind is UpdateKind.IDENTITY:
                change = reading.identity_change(one.content)
                if change is not None:
                    await contacts.rename(connection, change)
            elif one.kind is UpdateKind.TEMPLATE:
                await registry.hear(connection, one.content)
        done = [one for one in batch if one.id not in late]
        await rows(
            connection,
            _DONE,
            {
                "deliveries": [one.delivery_id for one in done],
                "places": [one.place for one in done],
                "worker": self.worker,
            },
        )
        for one in erased:
            await self.receiver.forgotten.erase_again(connection, one.delivery_id, one.content)

    async def _apply_statuses(
        self, connection: Connection, news: Sequence[Taken]
    ) -> tuple[set[str], list[Taken]]:
        """Apply news of sent messages: the updates whose message may still turn up, and those
        whose message was erased."""
        if not news:
            return set(), []
        told = {one.id: reading.status(one.content) for one in news}
        applied = await statuses.apply(connection, list(told.values()))
        if applied.turned:
            await settling.look_again(connection, applied.turned)
        late = [
            one
            for one in news
            if told[one.id].wamid in applied.unknown and one.attempts < self.settings.attempts
        ]
        for one in late:
            await _again(connection, one, UpdateState.WAITING, "no such message yet")
        erased = [one for one in news if told[one.id].wamid in applied.forgotten]
        return {one.id for one in late}, erased


async def _read(
    connection: Connection, query: str, values: dict[str, int] | None = None
) -> list[Taken]:
    """Rows that wait, each with what it says in its delivery, which is sent and parsed once."""
    found = await rows(connection, query, values)
    updates = {row.delivery_id: payload.split(row.body) for row in found if row.body is not None}
    return [
        Taken(
            delivery_id=row.delivery_id,
            place=row.place,
            kind=UpdateKind(row.kind),
            lane=row.lane,
            attempts=row.attempts,
            content=updates[row.delivery_id][row.place].content,
            received_at=row.received_at,
        )
        for row in found
    ]


async def _again(connection: Connection, one: Taken, state: UpdateState, error: str) -> None:
    await rows(
        connection,
        _POSTPONE,
        {
            "delivery": one.delivery_id,
            "place": one.place,
            "state": state.value,
            "error": error[:500],
            "delay": min(2 ** min(one.attempts, 6), 60),
        },
    )


def _without_data(error: Exception) -> str:
    """An error's own words are kept only where they can't quote a contact."""
    return str(error) if isinstance(error, reading.UnreadableUpdate) else ""


_WITH_BODY = """
SELECT t.*, d.received_at,
       CASE row_number() OVER (PARTITION BY d.id ORDER BY t.place) WHEN 1 THEN d.body END AS body
FROM {taken} t JOIN whatsapp_deliveries d ON d.id = t.delivery_id
ORDER BY t.delivery_id, t.place
"""

# One contact's updates are taken by one worker at a time, the oldest first: the lane's lock is
# held until the transaction ends, and a lane whose first update waits for a retry waits whole.
# What follows an update that somebody else has locked (to postpone it, say) stays behind it.
# Statuses have no order, and each is taken by whoever comes first.
_WAITING = f"""
WITH oldest AS MATERIALIZED (
  SELECT delivery_id, place, lane, due_at FROM whatsapp_updates
  WHERE state = 'waiting' AND lane <> 'statuses' ORDER BY delivery_id, place LIMIT {_BATCH}
), heads AS (
  SELECT DISTINCT ON (lane) lane, due_at FROM oldest ORDER BY lane, delivery_id, place
), mine AS MATERIALIZED (
  SELECT lane FROM heads
  WHERE due_at <= now() AND pg_try_advisory_xact_lock(748233, hashtext(lane))
), got AS MATERIALIZED (
  SELECT delivery_id, place, kind, lane, attempts FROM whatsapp_updates
  WHERE state = 'waiting'
    AND (delivery_id, place) IN (SELECT delivery_id, place FROM oldest JOIN mine USING (lane))
  FOR UPDATE SKIP LOCKED
), messages AS (
  SELECT delivery_id, place, kind, lane, attempts FROM (
    SELECT delivery_id, place, g.kind, lane, g.attempts,
           bool_and(g.kind IS NOT NULL) OVER (PARTITION BY lane ORDER BY delivery_id, place)
             AS is_next
    FROM oldest JOIN mine USING (lane) LEFT JOIN got g USING (delivery_id, place, lane)
  ) AS ordered WHERE is_next
), statuses AS (
  SELECT delivery_id, place, kind, lane, attempts FROM whatsapp_updates
  WHERE state = 'waiting' AND lane = 'statuses' AND due_at <= now()
  ORDER BY delivery_id, place LIMIT {_BATCH} FOR UPDATE SKIP LOCKED
)
{_WITH_BODY.format(taken="(SELECT * FROM messages UNION ALL SELECT * FROM statuses)")}
"""  # noqa: S608 - a number of ours

_ONE = f"""
WITH one AS (
  SELECT delivery_id, place, kind, lane, attempts FROM whatsapp_updates u
  WHERE delivery_id = %(delivery)s AND place = %(place)s
    AND state = 'waiting' AND due_at <= now()
    AND (lane = 'statuses' OR pg_try_advisory_xact_lock(748233, hashtext(lane)))
    AND (lane = 'statuses' OR NOT EXISTS (
      SELECT FROM whatsapp_updates earlier
      WHERE earlier.lane = u.lane AND earlier.state = 'waiting'
        AND (earlier.delivery_id, earlier.place) < (u.delivery_id, u.place)
    ))
  FOR UPDATE SKIP LOCKED
)
{_WITH_BODY.format(taken="one")}
"""  # noqa: S608 - our own words

# This commit need not wait for the disk: what it takes in is on disk already, and should the server
# die before it is written, the updates are waiting again.
_DONE = f"""
WITH done AS (
  UPDATE whatsapp_updates u SET state = 'processed', error = NULL
  FROM unnest(%(deliveries)s::bigint[], %(places)s::int[]) AS d(delivery_id, place)
  WHERE u.delivery_id = d.delivery_id AND u.place = d.place
)
SELECT pg_notify('{Channel.LANES.value}', %(worker)s),
       set_config('synchronous_commit', 'off', true)
"""  # noqa: S608 - the channel's name is ours

_POSTPONE = """
UPDATE whatsapp_updates
SET attempts = attempts + 1, state = %(state)s, error = %(error)s,
    due_at = now() + make_interval(secs => %(delay)s)
WHERE delivery_id = %(delivery)s AND place = %(place)s
"""

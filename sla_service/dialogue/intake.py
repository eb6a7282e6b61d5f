"""Stored updates are taken in order for each contact; what fails again and again is parked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import TextClause, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations import contacts, statuses
from sla_service.database.sessions import Database
from sla_service.dialogue.receiving import Receiver
from sla_service.settings import LaneSettings
from sla_service.whatsapp import payload, reading
from sla_service.whatsapp.payload import UpdateKind
from sla_service.whatsapp.tables import Delivery, UpdateState

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Taken:
    """One update that waits, with what it says."""

    delivery_id: int
    place: int
    kind: UpdateKind
    lane: str
    attempts: int
    content: dict[str, Any]

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

    async def drain(self) -> int:
        """Take what waits and is due, until nothing is; returns how many updates."""
        done = 0
        while taken := await self._take(_MESSAGES) + await self._take(_STATUSES):
            done += taken
        return done

    async def _take(self, waiting: TextClause) -> int:
        """One batch in one transaction; if it fails, update by update."""
        try:
            async with self.database.transaction() as session:
                batch = await _read(session, waiting)
                if batch:
                    await self._process(session, batch)
                return len(batch)
        except Exception as error:  # noqa: BLE001 - poison may be anything, and must be found alone
            _log.info("intake_batch_failed", error=type(error).__name__)
        return await self._take_one_by_one(waiting)

    async def _take_one_by_one(self, waiting: TextClause) -> int:
        async with self.database.transaction() as session:
            batch = await _read(session, waiting)
        failed: set[str] = set()
        for one in batch:
            if one.lane in failed and one.kind is not UpdateKind.STATUS:
                continue  # a contact's later messages wait for the earlier one
            try:
                async with self.database.transaction() as session:
                    await self._process(session, await _read(session, _ONE, one.id))
            except Exception as error:  # noqa: BLE001 - as above
                failed.add(one.lane)
                await self._postpone(one, error)
        return len(batch)

    async def _postpone(self, one: Taken, error: Exception) -> None:
        """Try it again later; park it when that was often enough."""
        is_parked = one.attempts + 1 >= self.settings.attempts
        _log.warning("update_failed", update=one.id, attempt=one.attempts + 1, parked=is_parked)
        state = UpdateState.PARKED if is_parked else UpdateState.WAITING
        async with self.database.transaction() as session:
            await _again(session, one, state, f"{type(error).__name__}: {_without_data(error)}")

    async def _process(self, session: AsyncSession, batch: Sequence[Taken]) -> None:
        late = await self._apply_statuses(
            session, [one for one in batch if one.kind is UpdateKind.STATUS]
        )
        for one in batch:
            if one.kind is UpdateKind.MESSAGE:
                await self.receiver.receive(session, one.content)
            elif one.kind is UpdateKind.IDENTITY:
                change = reading.identity_change(one.content)
                if change is not None:
                    await contacts.rename(session, change)
        done = [one for one in batch if one.id not in late]
        await session.execute(
            _DONE,
            {
                "deliveries": [one.delivery_id for one in done],
                "places": [one.place for one in done],
            },
        )

    async def _apply_statuses(self, session: AsyncSession, batch: Sequence[Taken]) -> set[str]:
        """Apply news of sent messages; returns the updates whose message may still turn up."""
        if not batch:
            return set()
        told = {one.id: reading.status(one.content) for one in batch}
        unknown = await statuses.apply(session, list(told.values()))
        late = [
            one
            for one in batch
            if told[one.id].wamid in unknown and one.attempts < self.settings.attempts
        ]
        for one in late:
            await _again(session, one, UpdateState.WAITING, "no such message yet")
        return {one.id for one in late}


async def _read(session: AsyncSession, query: TextClause, one: str | None = None) -> list[Taken]:
    """Rows that wait, each with what it says in its delivery, which is read once."""
    delivery_id, _, place = (one or "").partition("/")
    values = {"delivery": int(delivery_id), "place": int(place)} if one else {}
    rows = (await session.execute(query, values)).all()
    if not rows:
        return []
    wanted = list({row.delivery_id for row in rows})
    bodies = await session.execute(
        select(Delivery.id, Delivery.body).where(Delivery.id.in_(wanted))
    )
    updates = {row.id: payload.split(row.body) for row in bodies}
    return [
        Taken(
            delivery_id=row.delivery_id,
            place=row.place,
            kind=UpdateKind(row.kind),
            lane=row.lane,
            attempts=row.attempts,
            content=updates[row.delivery_id][row.place].content,
        )
        for row in rows
    ]


async def _again(session: AsyncSession, one: Taken, state: UpdateState, error: str) -> None:
    await session.execute(
        _POSTPONE,
        {
            "delivery": one.delivery_id,
            "place": one.place,
            "state": state.value,
            "error": error[:500],
            "delay": min(2**one.attempts, 60),
        },
    )


def _without_data(error: Exception) -> str:
    """An error's own words are kept only where they can't quote a contact."""
    return str(error) if isinstance(error, reading.UnreadableUpdate) else ""


# One contact's updates are taken by one worker at a time, the oldest first: the lane's lock is
# held until the transaction ends, and a lane whose first update waits for a retry waits whole.
_MESSAGES = text("""
WITH oldest AS MATERIALIZED (
  SELECT delivery_id, place, lane, due_at FROM whatsapp_updates
  WHERE state = 'waiting' AND lane <> 'statuses' ORDER BY delivery_id, place LIMIT 300
), heads AS (
  SELECT DISTINCT ON (lane) lane, due_at FROM oldest ORDER BY lane, delivery_id, place
), mine AS MATERIALIZED (
  SELECT lane FROM heads
  WHERE due_at <= now() AND pg_try_advisory_xact_lock(748233, hashtext(lane))
)
SELECT delivery_id, place, kind, lane, attempts FROM whatsapp_updates
WHERE state = 'waiting'
  AND (delivery_id, place) IN (SELECT delivery_id, place FROM oldest JOIN mine USING (lane))
ORDER BY delivery_id, place FOR UPDATE SKIP LOCKED
""")

_STATUSES = text("""
SELECT delivery_id, place, kind, lane, attempts FROM whatsapp_updates
WHERE state = 'waiting' AND lane = 'statuses' AND due_at <= now()
ORDER BY delivery_id, place LIMIT 300 FOR UPDATE SKIP LOCKED
""")

_ONE = text("""
SELECT delivery_id, place, kind, lane, attempts FROM whatsapp_updates
WHERE delivery_id = :delivery AND place = :place AND state = 'waiting' AND due_at <= now()
  AND (lane = 'statuses' OR pg_try_advisory_xact_lock(748233, hashtext(lane)))
FOR UPDATE SKIP LOCKED
""")

_DONE = text("""
UPDATE whatsapp_updates u SET state = 'processed', error = NULL
FROM unnest(CAST(:deliveries AS bigint[]), CAST(:places AS int[])) AS d(delivery_id, place)
WHERE u.delivery_id = d.delivery_id AND u.place = d.place
""")

_POSTPONE = text("""
UPDATE whatsapp_updates
SET attempts = attempts + 1, state = :state, error = :error,
    due_at = now() + make_interval(secs => :delay)
WHERE delivery_id = :delivery AND place = :place
""")

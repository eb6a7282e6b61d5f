"""The account of everything received: what became of it, what is parked, and trying it again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.wake import Channel, tell
from sla_service.errors import DomainError, NotFound
from sla_service.whatsapp import payload
from sla_service.whatsapp.tables import Delivery, StoredUpdate, UpdateState


class NothingParked(NotFound):
    """Nothing is parked under this name."""


class StillUnreadable(DomainError):
    """This delivery still can't be read; it stays parked."""

    status = 409


@dataclass(frozen=True, slots=True)
class Account:
    """Updates received, and where they are. Balanced: nothing was lost between the two."""

    received: int
    processed: int
    waiting: int
    duplicate: int
    parked: int

    @property
    def is_balanced(self) -> bool:
        """Whether received = processed + waiting + duplicate + parked."""
        return self.received == self.processed + self.waiting + self.duplicate + self.parked


@dataclass(frozen=True, slots=True)
class Parked:
    """Something that failed again and again. `name` is `DELIVERY/PLACE`, or `DELIVERY` whole."""

    name: str
    received_at: datetime
    kind: str
    attempts: int
    error: str


async def account(session: AsyncSession) -> Account:
    """Count both sides independently, in one snapshot."""
    row = (await session.execute(_ACCOUNT)).one()
    return Account(
        received=row.received,
        processed=row.processed,
        waiting=row.waiting,
        duplicate=row.duplicate,
        parked=row.parked_updates + row.parked_deliveries,
    )


async def parked(session: AsyncSession, limit: int = 100) -> list[Parked]:
    """What is parked, oldest first."""
    rows = await session.execute(_PARKED, {"limit": limit})
    return [
        Parked(
            name=str(row.delivery_id) if row.place is None else f"{row.delivery_id}/{row.place}",
            received_at=row.received_at,
            kind=row.kind,
            attempts=row.attempts,
            error=row.error or "",
        )
        for row in rows
    ]


async def replay(session: AsyncSession, name: str) -> None:
    """Try something parked again, from its first attempt. Raises NothingParked, StillUnreadable."""
    delivery_id, _, place = name.partition("/")
    if not delivery_id.isdigit() or (place and not place.isdigit()):
        raise NothingParked(name=name)
    if place:
        found = await session.execute(_REPLAY, {"delivery": int(delivery_id), "place": int(place)})
        if found.first() is None:
            raise NothingParked(name=name)
    else:
        await _read_again(session, int(delivery_id), name)
    await tell(session, Channel.INBOX)


async def _read_again(session: AsyncSession, delivery_id: int, name: str) -> None:
    delivery = await session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.error is None:
        raise NothingParked(name=name)
    try:
        updates = payload.split(delivery.body)
    except payload.UnreadableBody as error:
        raise StillUnreadable(name=name) from error
    stored = 0
    for place, update in enumerate(updates):
        is_handled = update.kind is payload.UpdateKind.OTHER
        rows = await session.execute(
            insert(StoredUpdate)
            .values(
                delivery_id=delivery_id,
                place=place,
                kind=update.kind,
                key=update.key,
                lane=update.lane,
                state=UpdateState.PROCESSED if is_handled else UpdateState.WAITING,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(StoredUpdate.place)
        )
        stored += rows.first() is not None
    delivery.error, delivery.updates = None, len(updates)
    delivery.duplicates = len(updates) - stored


_ACCOUNT = text("""
SELECT d.received, d.duplicate, d.parked_deliveries, u.processed, u.waiting, u.parked_updates
FROM (
  SELECT COALESCE(sum(updates), 0) AS received, COALESCE(sum(duplicates), 0) AS duplicate,
         count(*) FILTER (WHERE error IS NOT NULL) AS parked_deliveries
  FROM whatsapp_deliveries
) d, (
  SELECT count(*) FILTER (WHERE state = 'processed') AS processed,
         count(*) FILTER (WHERE state = 'waiting') AS waiting,
         count(*) FILTER (WHERE state = 'parked') AS parked_updates
  FROM whatsapp_updates
) u
""")

_PARKED = text("""
SELECT * FROM (
  SELECT u.delivery_id, u.place, d.received_at, u.kind::text AS kind, u.attempts, u.error
  FROM whatsapp_updates u JOIN whatsapp_deliveries d ON d.id = u.delivery_id
  WHERE u.state = 'parked'
  UNION ALL
  SELECT id, NULL, received_at, 'delivery', 1, error FROM whatsapp_deliveries
  WHERE error IS NOT NULL
) p ORDER BY delivery_id, place LIMIT :limit
""")

_REPLAY = text("""
UPDATE whatsapp_updates
SET state = 'waiting', attempts = 0, due_at = now()
WHERE delivery_id = :delivery AND place = :place AND state = 'parked'
RETURNING place
""")

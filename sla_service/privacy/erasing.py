"""A contact is forgotten, step by step: who does it may die at any point, and another goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from psycopg.types.json import Jsonb

from sla_service.agents import audit
from sla_service.conversations.media_store import MediaStore
from sla_service.database.sessions import Connection, Database, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.handoff.holding import DESK
from sla_service.jobs import queue
from sla_service.privacy import scrubbing
from sla_service.privacy.bodies import Redactor
from sla_service.privacy.fingerprints import Fingerprints
from sla_service.privacy.requests import ERASE
from sla_service.privacy.scrubbing import Whose
from sla_service.privacy.tables import ErasureStep
from sla_service.whatsapp.values import Identity

_log = structlog.get_logger()
_LOOK_AGAIN = 3  # seconds until it is looked whether the contact has got what they are owed
_PATIENCE = timedelta(minutes=10)
_WITHOUT_NINTH = 12  # digits of a Brazilian mobile without its ninth
_BODIES = 2000  # deliveries that are looked through in one transaction


@dataclass(frozen=True, slots=True)
class Erasing:
    """Goes on with an erasure, as the job `erase_contact`."""

    database: Database
    store: MediaStore
    fingerprints: Fingerprints
    redactor: Redactor = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "redactor", Redactor(self.fingerprints))

    async def handle(self, *, erasure: int) -> None:
        """Do what is left of an erasure; what is done stays done."""
        async with self.database.connection() as connection:
            found = await rows(connection, _STATE, {"id": erasure})
        if not found or found[0].finished_at is not None:
            return
        if found[0].step == ErasureStep.WAITING and not await self._is_quiet(found[0]):
            return
        whose = Whose(found[0].contact_id, tuple(found[0].conversations))
        if found[0].step in {ErasureStep.WAITING, ErasureStep.DELIVERIES}:
            await self._forget_who(erasure, whose)
        await self._drop_files(erasure, whose)
        await self._blank(erasure, whose)
        _log.info("contact_erased", erasure=erasure)

    async def _is_quiet(self, state: Any) -> bool:
        """Whether the contact has got what they are owed; if not, it is looked at again soon."""
        if not state.is_busy or state.age > _PATIENCE:
            return True
        async with self.database.step() as connection:
            await queue.defer(connection, ERASE, [{"erasure": state.id}], seconds=_LOOK_AGAIN)
        return False

    async def _forget_who(self, erasure: int, whose: Whose) -> None:
        """Look through deliveries, from where it was left; then nothing tells any more who it was.

        What arrives meanwhile is looked through last, once more after nobody knows the contact.
        """
        needles = await self._needles(whose)
        is_over = False
        while not is_over:
            async with self.database.step() as connection:
                is_over = await self._some_bodies(connection, erasure, needles)
                if is_over:
                    await self._cut(connection, erasure, whose)
        async with self.database.step() as connection:
            await self._some_bodies(connection, erasure, needles)

    async def _needles(self, whose: Whose) -> list[str]:
        """What tells in a delivery that it is about the contact."""
        async with self.database.connection() as connection:
            found = await rows(connection, _WHO, {"contact": whose.contact_id})
        return [*_numbers(found[0]), *([found[0].bsuid] if found[0].bsuid else [])]

    async def _some_bodies(self, connection: Connection, erasure: int, needles: list[str]) -> bool:
        """Redact what the next deliveries say of the contact; True when these were the last."""
        values = {
            "id": erasure,
            "limit": _BODIES,
            "needles": [needle.encode() for needle in needles],
        }
        looked = (await rows(connection, _LOOK_THROUGH, values))[0]
        if looked.found:
            await self.redactor.redact(connection, looked.found, needles)
        reached = {"id": erasure, "reached": looked.upto, "redacted": len(looked.found or ())}
        await rows(connection, _REACHED, reached)
        return bool(looked.is_last)

    async def _cut(self, connection: Connection, erasure: int, whose: Whose) -> None:
        """From here on, whoever writes from this number is somebody new."""
        who = (await rows(connection, _WHO, {"contact": whose.contact_id}))[0]
        prints = self.fingerprints.of_identity(Identity(wa_id=who.wa_id, bsuid=who.bsuid))
        await rows(connection, _ORDER_EVENTS, {"numbers": _numbers(who)})
        await rows(connection, _TOMBSTONES, {"prints": prints})
        await rows(connection, _NOBODY, {"contact": whose.contact_id})
        await _step(connection, erasure, ErasureStep.FILES)

    async def _drop_files(self, erasure: int, whose: Whose) -> None:
        """Files go from the disk before their names do: a name alone would be nobody's to erase."""
        async with self.database.step() as connection:
            values = whose.values()
            files = {row.sha256 for row in await rows(connection, _FILES, values) if row.sha256}
            for sha256 in files:
                if not await _is_others(connection, sha256, values):
                    self.store.drop(sha256)
            await rows(connection, _DROP_UPLOADS, values)
            await rows(connection, _DROP_FILES, values)
            await _step(connection, erasure, ErasureStep.CONTENT, {"files": len(files)})

    async def _blank(self, erasure: int, whose: Whose) -> None:
        """Words go, chunk by chunk; then what stands beside them."""
        is_over = False
        while not is_over:
            async with self.database.step() as connection:
                ids, wamids = await scrubbing.chunk(connection, whose)
                await self.redactor.redact_messages(connection, wamids)
                await scrubbing.messages(connection, ids)
                await _step(connection, erasure, ErasureStep.CONTENT, {"messages": len(ids)})
                is_over = not ids
        async with self.database.step() as connection:
            counts = await scrubbing.beside(connection, whose)
            await _step(connection, erasure, ErasureStep.DONE, counts)
            await audit.record(
                connection, DESK, "contact.erased", "contact", whose.contact_id, erasure=erasure
            )
            for conversation in whose.conversations:
                await tell_by(connection, Channel.LIVE, str(conversation))


async def _step(
    connection: Connection,
    erasure: int,
    step: ErasureStep,
    counts: Mapping[str, int] | None = None,
) -> None:
    values = {"id": erasure, "step": step.value, "counts": Jsonb(dict(counts or {}))}
    await rows(connection, _STEP, values)


async def _is_others(connection: Connection, sha256: str, values: Mapping[str, object]) -> bool:
    """Whether a file is in somebody else's thread too: the shop's own size chart, say."""
    return bool(await rows(connection, _OTHERS, {**values, "sha256": sha256}))


def _numbers(who: Any) -> list[str]:
    """A contact's number in every spelling: a Brazilian mobile with its ninth digit and without."""
    key = who.phone_key or ""
    longer = f"{key[:4]}9{key[4:]}" if key.startswith("55") and len(key) == _WITHOUT_NINTH else ""
    return [number for number in {who.wa_id, key, longer} if number]


_STATE = """
SELECT e.id, e.contact_id, e.step, e.finished_at, now() - e.requested_at AS age,
       COALESCE(array_agg(c.id) FILTER (WHERE c.id IS NOT NULL), '{}') AS conversations,
       COALESCE(bool_or(
         EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = c.id)
         OR EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id AND t.closed_at IS NULL)
       ), false) AS is_busy
FROM erasures e LEFT JOIN conversations c ON c.contact_id = e.contact_id
WHERE e.id = %(id)s GROUP BY e.id
"""

_WHO = "SELECT wa_id, phone_key, bsuid FROM contacts WHERE id = %(contact)s"

_LOOK_THROUGH = """
WITH upto AS (
  SELECT e.reached, max(d.id) AS id, count(*) AS count
  FROM erasures e LEFT JOIN LATERAL (
    SELECT id FROM whatsapp_deliveries WHERE id > e.reached ORDER BY id LIMIT %(limit)s
  ) d ON true
  WHERE e.id = %(id)s GROUP BY e.reached
)
SELECT COALESCE(u.id, u.reached) AS upto, u.count < %(limit)s AS is_last,
       (SELECT array_agg(d.id) FROM whatsapp_deliveries d
        WHERE d.id > u.reached AND d.id <= u.id
          AND EXISTS (SELECT 1 FROM unnest(%(needles)s::bytea[]) n WHERE position(n IN d.body) > 0)
       ) AS found
FROM upto u
"""

_REACHED = """
UPDATE erasures
SET reached = %(reached)s, step = CASE step WHEN 'waiting' THEN 'deliveries' ELSE step END,
    counts = jsonb_set(counts, '{deliveries}',
                       to_jsonb(COALESCE((counts -> 'deliveries')::int, 0) + %(redacted)s))
WHERE id = %(id)s
"""

# What the shop told of their orders and nobody could read yet.
_ORDER_EVENTS = """
UPDATE order_events SET body = NULL, state = 'processed', error = NULL
WHERE body IS NOT NULL AND EXISTS (
  SELECT 1 FROM unnest(%(numbers)s::text[]) n
  WHERE position(n IN regexp_replace(encode(body, 'escape'), '[^0-9]', '', 'g')) > 0
)
"""

_TOMBSTONES = """
INSERT INTO tombstones (fingerprint) SELECT unnest(%(prints)s::text[])
ON CONFLICT (fingerprint) DO UPDATE SET erased_at = now()
"""

_NOBODY = """
UPDATE contacts
SET wa_id = NULL, phone_key = NULL, bsuid = NULL, username = NULL, name = NULL, erased_at = now()
WHERE id = %(contact)s
"""

_STEP = """
UPDATE erasures e
SET step = %(step)s::text, finished_at = CASE %(step)s::text WHEN 'done' THEN now() END,
    counts = e.counts || COALESCE((
      SELECT jsonb_object_agg(key, COALESCE((e.counts -> key)::int, 0) + value::int)
      FROM jsonb_each_text(%(counts)s)
    ), '{}')
WHERE e.id = %(id)s
"""

_MINE = """
SELECT m.id, m.content -> 'media' ->> 'id' AS media_id
FROM messages m WHERE m.conversation_id = ANY(%(conversations)s)
"""

_FILES = f"""
WITH mine AS ({_MINE})
SELECT f.sha256 FROM media_files f JOIN mine ON mine.id = f.message_id
UNION
SELECT u.sha256 FROM uploads u JOIN mine ON mine.media_id = u.media_id
"""  # noqa: S608 - our own words

_OTHERS = f"""
WITH mine AS ({_MINE})
SELECT 1 AS found FROM media_files f
WHERE f.sha256 = %(sha256)s AND f.message_id NOT IN (SELECT id FROM mine)
UNION ALL
SELECT 1 FROM uploads u
WHERE u.sha256 = %(sha256)s
  AND NOT EXISTS (SELECT 1 FROM mine WHERE mine.media_id = u.media_id)
LIMIT 1
"""  # noqa: S608 - our own words

_DROP_UPLOADS = f"""
WITH mine AS ({_MINE})
DELETE FROM uploads u USING mine WHERE mine.media_id = u.media_id
"""  # noqa: S608 - our own words

_DROP_FILES = f"""
WITH mine AS ({_MINE})
UPDATE media_files f
SET media_id = NULL, filename = NULL, sha256 = NULL, error = NULL, due_at = NULL,
    state = CASE state WHEN 'waiting' THEN 'failed' ELSE state END
FROM mine WHERE mine.id = f.message_id
"""  # noqa: S608 - our own words

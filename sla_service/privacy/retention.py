"""What is old is forgotten by itself: raw webhooks, words and files, and contacts long silent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sla_service.conversations.media_store import MediaStore
from sla_service.database.sessions import Connection, Database, now, rows
from sla_service.handoff.holding import DESK
from sla_service.privacy import requests, scrubbing
from sla_service.privacy.tables import ErasureCause
from sla_service.settings import PrivacySettings

_MONTH = timedelta(days=365.25 / 12)
_BODIES = 500
_CONTACTS = 20
_NEVER_SENT = timedelta(days=30)
"""So long a file that was brought and sent to nobody stays."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Any number of workers may do it at once: who comes second finds less to do."""

    database: Database
    settings: PrivacySettings
    store: MediaStore

    async def once(self, at: datetime | None = None) -> int:
        """Forget a chunk of each kind of what is old at `at`; returns how much there was.

        Now, where no `at` is given: by the database's clock, since what a wrong one had forgotten
        would not come back.
        """
        if at is None:
            async with self.database.connection() as connection:
                at = await now(connection)
        done = 0
        if self.settings.raw_days:
            done += await self._bodies(at - timedelta(days=self.settings.raw_days))
        done += await self._files_of_nobody(at - _NEVER_SENT)
        if self.settings.content_months:
            before = at - self.settings.content_months * _MONTH
            done += await self._silent(before)
            done += await self._files(before)
            done += await self._words(before)
        return done

    async def _bodies(self, before: datetime) -> int:
        """Deliveries that were taken in as a whole; what is parked or waits stays as it came."""
        async with self.database.step() as connection:
            reached = await _mark(connection, "deliveries")
            values = {"after": reached, "before": before, "limit": _BODIES}
            found = (await rows(connection, _BODIES_OF_OLD, values))[0]
            if found.reached is None:
                return 0
            await _move(connection, "deliveries", found.reached)
            return int(found.looked)

    async def _silent(self, before: datetime) -> int:
        """Contacts who have not written for so long are erased as if they had asked for it."""
        async with self.database.step() as connection:
            values = {"before": before, "limit": _CONTACTS}
            found = await rows(connection, _SILENT, values)
            for row in found:
                await requests.begin(connection, row.id, ErasureCause.RETENTION, DESK)
            return len(found)

    async def _words(self, before: datetime) -> int:
        async with self.database.step() as connection:
            reached = await _mark(connection, "messages")
            upto, is_last = await scrubbing.old_messages(connection, before, reached)
            if upto is None:
                return 0
            await _move(connection, "messages", upto)
            if is_last:  # each of its statements looks through a whole table
                await scrubbing.old_words(connection, before)
            return 1

    async def _files(self, before: datetime) -> int:
        async with self.database.step() as connection:
            values = {"before": before, "limit": _BODIES}
            found = await rows(connection, _OLD_FILES, values)
            return await self._let_go(connection, [row.sha256 for row in found])

    async def _files_of_nobody(self, before: datetime) -> int:
        """Each file that was brought is looked at once: what was sent by then stays."""
        async with self.database.step() as connection:
            values = {
                "after": await _mark(connection, "uploads"),
                "before": before,
                "limit": _BODIES,
            }
            found = (await rows(connection, _NEVER_SENT_FILES, values))[0]
            if not found.looked:
                return 0
            await _move(connection, "uploads", found.reached)
            await self._let_go(connection, found.hashes)
            return int(found.looked)

    async def _let_go(self, connection: Connection, hashes: list[str]) -> int:
        """Files that no row names any more go from the disk."""
        still = {row.sha256 for row in await rows(connection, _STILL_USED, {"hashes": hashes})}
        for sha256 in set(hashes) - still:
            self.store.drop(sha256)
        return len(hashes)


async def _mark(connection: Connection, name: str) -> int:
    """How far it got, held until the commit."""
    await rows(connection, _FIRST_MARK, {"name": name})
    return int((await rows(connection, _MARK, {"name": name}))[0].reached)


async def _move(connection: Connection, name: str, reached: int) -> None:
    await rows(connection, _MOVE, {"name": name, "reached": reached})


_FIRST_MARK = "INSERT INTO retention_marks (name) VALUES (%(name)s) ON CONFLICT DO NOTHING"
_MARK = "SELECT reached FROM retention_marks WHERE name = %(name)s FOR UPDATE"
_MOVE = "UPDATE retention_marks SET reached = %(reached)s WHERE name = %(name)s"

# It stops before the first delivery with something that still waits, and looks at no more than the
# next few, which are the oldest: all the others are newer. The channel brings nothing
# again that is so old, so that even the names of its updates may go: they hold a number.
_BODIES_OF_OLD = """
WITH looked AS (
  SELECT d.id, d.error IS NOT NULL OR EXISTS (
           SELECT 1 FROM whatsapp_updates u WHERE u.delivery_id = d.id AND u.state = 'parked'
         ) AS is_parked
  FROM (
    SELECT id, received_at, error FROM whatsapp_deliveries
    WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
  ) d
  WHERE d.received_at < %(before)s
    AND d.id < COALESCE((SELECT min(delivery_id) FROM whatsapp_updates WHERE state = 'waiting'),
                        9223372036854775807)
), emptied AS (
  UPDATE whatsapp_deliveries d SET body = '\\x' FROM looked l
  WHERE d.id = l.id AND NOT l.is_parked
), unnamed AS (
  UPDATE whatsapp_updates u SET key = 'old:' || u.delivery_id || '/' || u.place, lane = 'old'
  FROM looked l
  WHERE u.delivery_id = l.id AND NOT l.is_parked AND u.lane NOT IN ('old', 'erased')
)
SELECT max(id) AS reached, count(*) AS looked FROM looked
"""

_SILENT = """
SELECT p.id FROM contacts p
WHERE p.erased_at IS NULL AND p.legal_hold IS NULL AND p.created_at < %(before)s
  AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.contact_id = p.id AND e.finished_at IS NULL)
  AND NOT EXISTS (
    SELECT 1 FROM conversations c
    WHERE c.contact_id = p.id AND (
      c.last_message_at >= %(before)s
      OR EXISTS (SELECT 1 FROM tickets t WHERE t.conversation_id = c.id AND t.status <> 'resolved'))
  )
ORDER BY p.id LIMIT %(limit)s FOR NO KEY UPDATE OF p SKIP LOCKED
"""

_OLD_FILES = """
WITH old AS (
  SELECT f.message_id, f.sha256 FROM media_files f
  JOIN messages m ON m.id = f.message_id
  JOIN conversations c ON c.id = m.conversation_id JOIN contacts p ON p.id = c.contact_id
  WHERE f.created_at < %(before)s AND f.sha256 IS NOT NULL AND p.legal_hold IS NULL
  ORDER BY f.message_id LIMIT %(limit)s FOR UPDATE OF f SKIP LOCKED
), gone AS (
  UPDATE media_files f SET sha256 = NULL, filename = NULL, media_id = NULL, error = NULL
  FROM old WHERE f.message_id = old.message_id
), brought AS (
  DELETE FROM uploads u USING old WHERE u.sha256 = old.sha256 AND u.created_at < %(before)s
)
SELECT sha256 FROM old
"""

# By microseconds since 1970: their names are in no order. What was brought in the very microsecond
# at which a chunk ends is looked at with it.
_NEVER_SENT_FILES = """
WITH chunk AS (
  SELECT max(created_at) AS upto FROM (
    SELECT created_at FROM uploads
    WHERE created_at > to_timestamp(0) + %(after)s * interval '1 microsecond'
      AND created_at < %(before)s
    ORDER BY created_at LIMIT %(limit)s
  ) next
), looked AS (
  SELECT u.id, EXISTS (SELECT 1 FROM media_files f WHERE f.sha256 = u.sha256) AS is_sent
  FROM chunk, uploads u
  WHERE u.created_at > to_timestamp(0) + %(after)s * interval '1 microsecond'
    AND u.created_at <= chunk.upto
), gone AS (
  DELETE FROM uploads u USING looked l WHERE u.id = l.id AND NOT l.is_sent RETURNING u.sha256
)
SELECT (SELECT count(*) FROM looked) AS looked, ARRAY(SELECT sha256 FROM gone) AS hashes,
       (SELECT round(extract(epoch FROM upto) * 1000000)::bigint FROM chunk) AS reached
"""

_STILL_USED = """
SELECT sha256 FROM media_files WHERE sha256 = ANY(%(hashes)s)
UNION SELECT sha256 FROM uploads WHERE sha256 = ANY(%(hashes)s)
"""

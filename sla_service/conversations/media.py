"""The files of messages: owed at arrival, fetched soon after, and found again."""

from dataclasses import dataclass
from datetime import timedelta

from sla_service.conversations import media_types
from sla_service.conversations.media_store import Kept
from sla_service.conversations.media_tables import MediaState
from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.errors import NotFound
from sla_service.whatsapp.values import Media


class NoSuchFile(NotFound):
    """This message has no file, or it isn't here."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to be fetched; it is tried again later unless its end is written down."""

    message_id: int
    conversation_id: int
    media_id: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Found:
    """A message's file, and where it lies in the store."""

    sha256: str
    filename: str
    served: media_types.Served


async def owe(connection: Connection, wamid: str, file: Media) -> None:
    """Remember that a message's file is to be fetched; the channel keeps it for days only."""
    values = {
        "wamid": wamid,
        "media": file.id,
        "mime": file.mime_type,
        "filename": media_types.clean_name(file.filename, "") or None,
    }
    await rows(connection, _OWE, values)


async def attach(
    connection: Connection, message_id: int, *, sha256: str, size: int, mime: str, filename: str
) -> None:
    """A message of ours has a file that is in the store already."""
    values = {
        "message": message_id,
        "sha256": sha256,
        "size": size,
        "mime": mime,
        "filename": filename,
    }
    await rows(connection, _ATTACH, values)


async def attach_uploads(connection: Connection, turn_id: int) -> None:
    """What the bot said in a turn has the files that it brought for it."""
    await rows(connection, _ATTACH_UPLOADS, {"turn": turn_id})


async def claim(connection: Connection, *, limit: int, lease: timedelta) -> list[Wanted]:
    """Files that are due, the oldest first; nobody else gets them for as long as `lease`."""
    found = await rows(connection, _CLAIM, {"limit": limit, "lease": lease})
    return [
        Wanted(row.message_id, row.conversation_id, row.media_id, row.attempts) for row in found
    ]


async def keep(connection: Connection, wanted: Wanted, kept: Kept) -> bool:
    """A file is in the store; False: nobody wants it any more."""
    values = {
        "message": wanted.message_id,
        "sha256": kept.sha256,
        "size": kept.size,
        "sniffed": media_types.sniff(kept.head),
    }
    is_wanted = bool(await rows(connection, _KEEP, values))
    if is_wanted:
        await tell_by(connection, Channel.LIVE, str(wanted.conversation_id))
    return is_wanted


async def is_used(connection: Connection, sha256: str) -> bool:
    """Whether a message or an upload has this file."""
    return bool((await rows(connection, _IS_USED, {"sha256": sha256}))[0].is_used)


async def put_off(
    connection: Connection, wanted: Wanted, delay: timedelta, why: str, *, is_counted: bool = True
) -> None:
    """A file could not be had now; unless `is_counted`, it was no try."""
    values = {
        "message": wanted.message_id,
        "delay": delay,
        "error": why[:200],
        "tries": int(not is_counted),
    }
    await rows(connection, _PUT_OFF, values)


async def give_up(connection: Connection, wanted: Wanted, why: str) -> None:
    """A file can't be had."""
    await rows(connection, _GIVE_UP, {"message": wanted.message_id, "error": why[:200]})
    await tell_by(connection, Channel.LIVE, str(wanted.conversation_id))


async def of_message(connection: Connection, message_id: int) -> Found:
    """The file of a message that was not revoked. Raises NoSuchFile."""
    found = await rows(connection, _FIND, {"message": message_id})
    if not found:
        raise NoSuchFile(message=message_id)
    file = found[0]
    served = media_types.served(file.mime_declared, file.mime_sniffed)
    name = media_types.clean_name(file.filename, f"{file.kind}-{message_id}")
    return Found(file.sha256, name, served)


_OWE = """
INSERT INTO media_files (message_id, media_id, mime_declared, filename)
SELECT id, %(media)s, %(mime)s, %(filename)s FROM messages WHERE wamid = %(wamid)s
ON CONFLICT (message_id) DO NOTHING
"""

_ATTACH = f"""
INSERT INTO media_files (message_id, state, mime_declared, mime_sniffed, filename, size, sha256,
                         due_at, stored_at)
VALUES (%(message)s, '{MediaState.STORED.value}', %(mime)s, %(mime)s, %(filename)s, %(size)s,
        %(sha256)s, NULL, now())
"""  # noqa: S608 - our own words

_ATTACH_UPLOADS = f"""
INSERT INTO media_files (message_id, state, mime_declared, mime_sniffed, filename, size, sha256,
                         due_at, stored_at)
SELECT m.id, '{MediaState.STORED.value}', u.mime, u.mime, u.filename, u.size, u.sha256, NULL, now()
FROM messages m
JOIN uploads u ON u.media_id = m.content -> 'media' ->> 'id' AND u.agent_id IS NULL
WHERE m.turn_id = %(turn)s AND m.author = 'bot'
ON CONFLICT (message_id) DO NOTHING
"""  # noqa: S608 - our own words

_CLAIM = """
WITH claimed AS (
  UPDATE media_files SET attempts = attempts + 1, due_at = now() + %(lease)s
  WHERE message_id IN (
    SELECT message_id FROM media_files WHERE due_at <= now()
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
  )
  RETURNING message_id, media_id, attempts
)
SELECT c.message_id, m.conversation_id, c.media_id, c.attempts
FROM claimed c JOIN messages m ON m.id = c.message_id
"""

_KEEP = f"""
UPDATE media_files
SET state = '{MediaState.STORED.value}', sha256 = %(sha256)s, size = %(size)s,
    mime_sniffed = %(sniffed)s, due_at = NULL, error = NULL, stored_at = now()
WHERE message_id = %(message)s AND due_at IS NOT NULL RETURNING message_id
"""  # noqa: S608 - our own words

_IS_USED = """
SELECT EXISTS (SELECT 1 FROM media_files WHERE sha256 = %(sha256)s)
    OR EXISTS (SELECT 1 FROM uploads WHERE sha256 = %(sha256)s) AS is_used
"""

_PUT_OFF = """
UPDATE media_files
SET due_at = now() + %(delay)s, error = %(error)s, attempts = attempts - %(tries)s
WHERE message_id = %(message)s AND due_at IS NOT NULL
"""

_GIVE_UP = f"""
UPDATE media_files SET state = '{MediaState.FAILED.value}', due_at = NULL, error = %(error)s
WHERE message_id = %(message)s AND due_at IS NOT NULL
"""  # noqa: S608 - our own words

_FIND = """
SELECT f.sha256, f.filename, f.mime_declared, f.mime_sniffed, m.kind
FROM media_files f JOIN messages m ON m.id = f.message_id
WHERE f.message_id = %(message)s AND f.sha256 IS NOT NULL AND m.revoked_at IS NULL
"""

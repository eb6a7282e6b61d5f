"""All that the desk keeps of a contact, gathered as one document."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla_service.database.sessions import Connection, rows
from sla_service.privacy.readable import Document
from sla_service.privacy.requests import Subject


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the conversation: its hash in the store, and what it is called in the copy."""

    sha256: str
    name: str


async def gather(connection: Connection, whose: Subject, *, for_people: bool) -> Document:
    """What is kept of a contact, as plain values.

    What people wrote to each other about them is in the copy that people hand out, after they
    looked at it, and not in the one that the bot sends.
    """
    values = {"contact": whose.contact_id}
    contact = (await rows(connection, _CONTACT, values))[0]
    document: Document = {
        "contact": _named(contact),
        "consents": [_named(row) for row in await rows(connection, _CONSENTS, values)],
        "messages": [_named(row) for row in await rows(connection, _MESSAGES, values)],
        "requests": [_named(row) for row in await rows(connection, _TICKETS, values)],
        "ratings": [_named(row) for row in await rows(connection, _RATINGS, values)],
        "order_notices": [_named(row) for row in await rows(connection, _NOTICES, values)],
    }
    if for_people:
        document["notes"] = [_named(row) for row in await rows(connection, _NOTES, values)]
        document["handovers"] = [_named(row) for row in await rows(connection, _HANDOFFS, values)]
        document["bot_memory"] = await _bot_memory(connection, values)
    return document


async def files(connection: Connection, whose: Subject) -> list[KeptFile]:
    """The files that the contact sent or was sent, under names of their own."""
    found = await rows(connection, _FILES, {"contact": whose.contact_id})
    return [KeptFile(row.sha256, f"{row.message_id}-{_short(row.filename)}") for row in found]


async def _bot_memory(connection: Connection, values: dict[str, int]) -> list[Any]:
    is_there = await rows(connection, "SELECT to_regclass('bot.conversations') AS found")
    if is_there[0].found is None:
        return []
    return [row.state for row in await rows(connection, _BOT_MEMORY, values)]


def _named(row: Any) -> dict[str, Any]:
    return {name: _told(value) for name, value in row._asdict().items() if value is not None}


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _short(name: str | None) -> str:
    kept = "".join(c if c.isalnum() or c in "._-" else "_" for c in name or "arquivo")
    return kept[-80:].lstrip(".") or "arquivo"


_THREADS = "SELECT id FROM conversations WHERE contact_id = %(contact)s"

_CONTACT = """
SELECT name, wa_id AS number, username, bsuid AS user_id, created_at AS known_since,
       notice_version FROM contacts WHERE id = %(contact)s
"""
_CONSENTS = """
SELECT at, purpose, is_granted, wording, wording_version, language, channel, cause
FROM consents WHERE contact_id = %(contact)s ORDER BY id
"""
# Who of the shop said something is nobody's business but the shop's: "the team" is enough.
_MESSAGES = f"""
SELECT m.id, m.said_at, m.author, m.kind, NULLIF(m.text, '') AS text,
       m.content -> 'media' ->> 'filename' AS file,
       NULLIF(m.content - ARRAY['media', 'options', 'payload', 'notice', 'purpose', 'quoted',
                                'heard_as'], '{{}}') AS more
FROM messages m
WHERE m.conversation_id IN ({_THREADS}) AND m.revoked_at IS NULL
ORDER BY m.said_at, m.id
"""  # noqa: S608 - our own words
_TICKETS = f"""
SELECT number, subject, status, priority, tags, opened_at, resolved_at FROM tickets
WHERE conversation_id IN ({_THREADS}) ORDER BY id
"""  # noqa: S608 - our own words
_RATINGS = f"""
SELECT t.number, r.asked_at, r.score, r.rated_at, r.comment
FROM ratings r JOIN tickets t ON t.id = r.ticket_id
WHERE t.conversation_id IN ({_THREADS}) AND (r.asked_at IS NOT NULL OR r.score IS NOT NULL)
ORDER BY r.id
"""  # noqa: S608 - our own words
_NOTICES = f"""
SELECT order_number, kind, happened_at, told_at, score FROM order_notices
WHERE conversation_id IN ({_THREADS}) ORDER BY id
"""  # noqa: S608 - our own words
_NOTES = f"""
SELECT t.number, n.created_at, n.text FROM notes n JOIN tickets t ON t.id = n.ticket_id
WHERE t.conversation_id IN ({_THREADS}) ORDER BY n.id
"""  # noqa: S608 - our own words
_HANDOFFS = f"""
SELECT at, from_owner, to_owner, reason, summary FROM handoffs
WHERE conversation_id IN ({_THREADS}) ORDER BY id
"""  # noqa: S608 - our own words
_BOT_MEMORY = f"""
SELECT state FROM bot.conversations
WHERE conversation IN (SELECT id::text FROM ({_THREADS}) threads)
"""  # noqa: S608 - our own words
_FILES = f"""
SELECT f.message_id, f.sha256, f.filename FROM media_files f JOIN messages m ON m.id = f.message_id
WHERE m.conversation_id IN ({_THREADS}) AND f.sha256 IS NOT NULL ORDER BY f.message_id
"""  # noqa: S608 - our own words

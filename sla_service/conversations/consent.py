"""What a contact's number may be used for: the last word they said about each purpose."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla_service.conversations.purposes import Purpose
from sla_service.database.sessions import Connection, rows

__all__ = ["OPTIONAL", "Entry", "Purpose", "Words", "allowed_sql", "allows", "ledger", "record"]

WHATSAPP = "whatsapp"
OPTIONAL = (Purpose.PROACTIVE, Purpose.RATING, Purpose.MARKETING)
"""What a contact may have no more of; answers to their own questions they always get."""
_PRESUMED = frozenset({Purpose.SERVICE, Purpose.RATING})


@dataclass(frozen=True, slots=True)
class Words:
    """What a contact read when they agreed, or said when they didn't; any change is a version."""

    version: str
    text: str

    @classmethod
    def of(cls, text: str) -> "Words":
        """A text under the version that follows from it: nobody can forget to count on."""
        return cls(hashlib.sha256(text.encode()).hexdigest()[:10], text)


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of the ledger."""

    purpose: Purpose
    is_granted: bool
    wording_version: str
    wording: str
    language: str | None
    channel: str
    cause: str
    at: datetime


def presumed(purpose: Purpose) -> bool:
    """What counts until a contact says a word about it."""
    return purpose in _PRESUMED


async def allows(connection: Connection, contact_id: int, purpose: Purpose) -> bool:
    """Whether a contact may be written to for this purpose now."""
    if purpose is Purpose.SERVICE:
        return True
    values = {"contact": contact_id, "purpose": purpose.value, "presumed": presumed(purpose)}
    return bool((await rows(connection, _ALLOWS, values))[0].is_granted)


def allowed_sql(contact: str, purpose: Purpose) -> str:
    """`allows` as an expression of SQL, of the contact whose id the expression `contact` is."""
    if purpose is Purpose.SERVICE:
        return "true"
    return _LAST.format(
        contact=contact,
        purpose=f"'{purpose.value}'",
        presumed=str(presumed(purpose)).lower(),
    )


async def record(
    connection: Connection,
    contact_id: int,
    purposes: Collection[Purpose],
    *,
    granted: bool,
    wording: Words,
    language: str | None,
    channel: str = WHATSAPP,
    cause: str = "",
    message_id: int | None = None,
) -> int:
    """Write a contact's word down for each purpose that it changes; returns for how many.

    What was presumed and is now said counts as a change. Words about one contact come one after
    the other.
    """
    values = {
        "contact": contact_id,
        "purposes": sorted(purpose.value for purpose in purposes),
        "granted": granted,
        "version": wording.version,
        "wording": wording.text,
        "language": language,
        "channel": channel,
        "cause": cause,
        "message": message_id,
    }
    await rows(connection, _HOLD, values)
    return len(await rows(connection, _RECORD, values))


async def ledger(connection: Connection, contact_id: int) -> list[Entry]:
    """Every word of a contact, the earliest first."""
    return [_entry(row) for row in await rows(connection, _LEDGER, {"contact": contact_id})]


async def state(connection: Connection, contact_id: int) -> dict[Purpose, bool]:
    """What is allowed now, by purpose."""
    said = {entry.purpose: entry.is_granted for entry in await ledger(connection, contact_id)}
    said[Purpose.SERVICE] = True
    return {purpose: said.get(purpose, presumed(purpose)) for purpose in Purpose}


def _entry(row: Any) -> Entry:
    return Entry(
        Purpose(row.purpose),
        row.is_granted,
        row.wording_version,
        row.wording,
        row.language,
        row.channel,
        row.cause,
        row.at,
    )


_LAST = """COALESCE((
  SELECT k.is_granted FROM consents k
  WHERE k.contact_id = {contact} AND k.purpose = {purpose} ORDER BY k.id DESC LIMIT 1
), {presumed})"""

_ALLOWS = "SELECT {} AS is_granted".format(
    _LAST.format(contact="%(contact)s", purpose="%(purpose)s", presumed="%(presumed)s")
)

_HOLD = "SELECT id FROM contacts WHERE id = %(contact)s FOR NO KEY UPDATE"

_RECORD = """
INSERT INTO consents (contact_id, purpose, is_granted, wording_version, wording, language,
                      channel, cause, message_id)
SELECT %(contact)s, said.purpose, %(granted)s, %(version)s, %(wording)s, %(language)s,
       %(channel)s, %(cause)s, %(message)s
FROM unnest(%(purposes)s::text[]) AS said(purpose)
WHERE (
  SELECT k.is_granted FROM consents k
  WHERE k.contact_id = %(contact)s AND k.purpose = said.purpose ORDER BY k.id DESC LIMIT 1
) IS DISTINCT FROM %(granted)s
RETURNING id
"""

_LEDGER = """
SELECT purpose, is_granted, wording_version, wording, language, channel, cause, at FROM consents
WHERE contact_id = %(contact)s ORDER BY id
"""

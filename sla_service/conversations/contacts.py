"""Who writes: contacts found by whatever the channel knows of them, made, merged and renamed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla_service.conversations.phones import phone_key
from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, rows
from sla_service.whatsapp.values import Identity, IdentityChange

Adopt = Callable[[Connection, int, int], Awaitable[None]]
"""What else must move when the thread with the first id becomes part of the second."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A contact's conversation on one of our numbers, locked until the transaction ends."""

    conversation_id: int
    owner: Owner
    contact_id: int
    is_new: bool = False
    """Whether nobody of this identity was known before."""
    forgotten_at: datetime | None = None
    """When an earlier contact of this identity was erased."""


async def thread_with(
    connection: Connection, identity: Identity, phone_number_id: str, *, adopt: Adopt
) -> Thread:
    """The thread with this contact on our number; contact and conversation made where missing.

    Two contacts that turn out to be one person are merged, and `adopt` is asked to move what
    higher rooms tie to a thread.
    """
    values = {**_values_of(identity), "number": phone_number_id}
    found = await rows(connection, _KNOWN, values)
    is_new = False
    if len(found) != 1 or not _is_known(found[0], identity):
        contact, is_new = await _learnt(connection, identity, adopt)
        values["contact"] = contact.id
        made = await rows(connection, _MAKE_THREAD, values)
        found = made or await rows(connection, _THREAD, values)
    row = found[0]
    return Thread(row.id, Owner(row.owner), row.contact_id, is_new, row.forgotten_at)


async def unmake(connection: Connection, thread: Thread) -> None:
    """Take back a contact that is new, and the thread with them: nobody wrote after all."""
    values = {"id": thread.conversation_id, "contact": thread.contact_id}
    await rows(connection, "DELETE FROM conversations WHERE id = %(id)s", values)
    await rows(connection, "DELETE FROM contacts WHERE id = %(contact)s", values)


async def speaks(connection: Connection, conversation_id: int, language: str) -> None:
    """The contact seems to speak `language`; what the bot found out of it counts for more."""
    await rows(connection, _SPEAKS, {"id": conversation_id, "language": language})


async def rename(connection: Connection, change: IdentityChange) -> None:
    """A contact has a new number or user id.

    A number that another contact already bears stays theirs: it may have had another person
    behind it, whose thread must not be shown to this one.
    """
    known = await _all(connection, change.old)
    if not known:
        return
    contact = known[0]
    taken = [found for found in await _all(connection, change.new) if found.id != contact.id]
    values = _values(contact)
    if change.new.bsuid and not any(found.bsuid == change.new.bsuid for found in taken):
        values["bsuid"] = change.new.bsuid
    if change.new.wa_id:
        key = phone_key(change.new.wa_id)
        is_free = not any(found.phone_key == key for found in taken)
        values["wa_id"], values["phone"] = (change.new.wa_id, key) if is_free else (None, None)
    await rows(connection, _LEARN, values)


async def _learnt(connection: Connection, identity: Identity, adopt: Adopt) -> tuple[Any, bool]:
    """The contact with any part of this identity, knowing all of it now; and whether it was made.

    Several are merged.
    """
    found = await _all(connection, identity)
    is_new = not found
    if is_new:
        made = await rows(connection, _MAKE, _values_of(identity))
        found = made or await _all(connection, identity)
    if len(found) > 1:
        await _merge(connection, found[0].id, found[1].id, adopt)
        found = await _all(connection, identity)
    contact = found[0]
    if not _is_known(contact, identity):
        await rows(connection, _LEARN, {**_values(contact), **_told(identity)})
    return contact, is_new


def _is_known(contact: Any, identity: Identity) -> bool:
    """Whether an identity tells nothing new of a contact; an absent part tells nothing."""
    return _told(identity).items() <= _values(contact).items()


def _told(identity: Identity) -> dict[str, Any]:
    return {name: value for name, value in _values_of(identity).items() if value is not None}


async def _all(connection: Connection, identity: Identity) -> list[Any]:
    """Contacts with any part of an identity, the oldest first: one, unless they must be merged."""
    return await rows(connection, _FIND, _values_of(identity))


async def _merge(connection: Connection, kept: int, other: int, adopt: Adopt) -> None:
    """One person known by two parts of their identity: the older contact takes everything over."""
    for thread in await rows(connection, _THREADS, {"contact": other}):
        values = {"contact": kept, "number": thread.phone_number_id}
        target = await rows(connection, _THREAD, values)
        if not target:
            await rows(connection, _GIVE_THREAD, {"id": thread.id, "contact": kept})
            continue
        values = {"old": thread.id, "new": target[0].id}
        for table in ("messages", "outbox", "turns"):
            await rows(connection, _MOVE.format(table=table), values)
        await rows(connection, _SPEAKS_TOO, values)
        await adopt(connection, thread.id, target[0].id)
        await rows(connection, "DELETE FROM conversations WHERE id = %(old)s", values)
    for table in _OF_CONTACT:
        await rows(connection, _GIVE.format(table=table), {"kept": kept, "other": other})
    await rows(connection, _ABSORB, {"kept": kept, "other": other})


def _values(contact: Any) -> dict[str, Any]:
    return {
        "id": contact.id,
        "wa_id": contact.wa_id,
        "phone": contact.phone_key,
        "bsuid": contact.bsuid,
        "username": contact.username,
        "name": contact.name,
    }


def _values_of(identity: Identity) -> dict[str, Any]:
    return {
        "wa_id": identity.wa_id,
        "phone": phone_key(identity.wa_id) if identity.wa_id else None,
        "bsuid": identity.bsuid,
        "username": identity.username,
        "name": identity.name,
    }


# The usual case in one statement: a contact we know, and their thread, locked.
_KNOWN = """
SELECT c.id, c.owner, c.contact_id,
       p.forgotten_at, p.wa_id, p.phone_key, p.bsuid, p.username, p.name
FROM contacts p JOIN conversations c ON c.contact_id = p.id AND c.phone_number_id = %(number)s
WHERE p.bsuid = %(bsuid)s OR p.phone_key = %(phone)s FOR UPDATE OF c
"""

_FIND = """
SELECT id, wa_id, phone_key, bsuid, username, name FROM contacts
WHERE bsuid = %(bsuid)s OR phone_key = %(phone)s ORDER BY id
"""

_MAKE = """
INSERT INTO contacts (wa_id, phone_key, bsuid, username, name)
VALUES (%(wa_id)s, %(phone)s, %(bsuid)s, %(username)s, %(name)s) ON CONFLICT DO NOTHING
RETURNING id, wa_id, phone_key, bsuid, username, name
"""

_LEARN = """
UPDATE contacts SET wa_id = %(wa_id)s, phone_key = %(phone)s, bsuid = %(bsuid)s,
                    username = %(username)s, name = %(name)s
WHERE id = %(id)s
"""

_THREAD = """
SELECT c.id, c.owner, c.contact_id, p.forgotten_at
FROM conversations c JOIN contacts p ON p.id = c.contact_id
WHERE c.contact_id = %(contact)s AND c.phone_number_id = %(number)s FOR UPDATE OF c
"""

_MAKE_THREAD = """
INSERT INTO conversations (contact_id, phone_number_id, language)
SELECT %(contact)s::bigint, %(number)s::text,
       (SELECT language FROM conversations
        WHERE contact_id = %(contact)s::bigint AND language IS NOT NULL
        ORDER BY last_message_at DESC NULLS LAST, id DESC LIMIT 1)
ON CONFLICT DO NOTHING
RETURNING id, owner, contact_id,
          (SELECT forgotten_at FROM contacts WHERE id = contact_id) AS forgotten_at
"""

_THREADS = """
SELECT id, phone_number_id FROM conversations WHERE contact_id = %(contact)s FOR UPDATE
"""

_GIVE_THREAD = "UPDATE conversations SET contact_id = %(contact)s WHERE id = %(id)s"

_MOVE = "UPDATE {table} SET conversation_id = %(new)s WHERE conversation_id = %(old)s"

_SPEAKS = "UPDATE conversations SET language = %(language)s WHERE id = %(id)s AND language IS NULL"

_SPEAKS_TOO = """
UPDATE conversations c SET language = o.language FROM conversations o
WHERE c.id = %(new)s AND o.id = %(old)s AND c.language IS NULL
"""

_OF_CONTACT = ("consents", "erasures")
_GIVE = "UPDATE {table} SET contact_id = %(kept)s WHERE contact_id = %(other)s"

_ABSORB = """
WITH other AS (
  DELETE FROM contacts WHERE id = %(other)s
  RETURNING wa_id, phone_key, bsuid, username, name, notice_version, legal_hold
)
UPDATE contacts c
SET wa_id = COALESCE(c.wa_id, o.wa_id), phone_key = COALESCE(c.phone_key, o.phone_key),
    bsuid = COALESCE(c.bsuid, o.bsuid), username = COALESCE(c.username, o.username),
    name = COALESCE(c.name, o.name),
    notice_version = COALESCE(c.notice_version, o.notice_version),
    legal_hold = COALESCE(c.legal_hold, o.legal_hold)
FROM other o WHERE c.id = %(kept)s
"""

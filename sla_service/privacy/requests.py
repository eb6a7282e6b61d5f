"""Asking for an erasure: whose, whether it may be, and how far it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla_service.agents import audit
from sla_service.database.sessions import Connection, rows
from sla_service.errors import DomainError, NotFound
from sla_service.handoff.holding import ConversationNotFound
from sla_service.handoff.tables import Reason
from sla_service.jobs import queue
from sla_service.privacy.tables import ErasureCause, ErasureStep
from sla_service.web.principals import Principal

ERASE = "erase_contact"
"""The task that goes on with an erasure; its payload: `erasure`, an id."""


class NoErasure(NotFound):
    """There is no such erasure."""


class UnderLegalHold(DomainError):
    """Nothing of this contact may be erased for now: there is a legal hold."""

    status = 409


class CaseStillOpen(DomainError):
    """This contact has an open case of fraud or law: a person closes it before anything goes."""

    status = 409


class AlreadyErased(DomainError):
    """This contact was erased."""

    status = 409


@dataclass(frozen=True, slots=True)
class Subject:
    """A contact whose data it is about, and what their data is held for."""

    contact_id: int
    language: str | None
    notice_version: str | None
    erased_at: datetime | None
    legal_hold: str | None
    open_case: int | None
    """The number of a ticket about fraud or law that is not solved."""


@dataclass(frozen=True, slots=True)
class Progress:
    """An erasure, as it is seen from outside."""

    id: int
    contact_id: int
    cause: ErasureCause
    requested_by: str
    requested_at: datetime
    step: ErasureStep
    counts: dict[str, Any]
    finished_at: datetime | None


async def subject(connection: Connection, conversation_id: int) -> Subject:
    """Whom a conversation is with. Raises ConversationNotFound."""
    values = {"id": conversation_id, "reasons": [Reason.FRAUD.value, Reason.LEGAL.value]}
    found = await rows(connection, _SUBJECT, values)
    if not found:
        raise ConversationNotFound(conversation=conversation_id)
    row = found[0]
    return Subject(
        row.contact_id,
        row.language,
        row.notice_version,
        row.erased_at,
        row.legal_hold,
        row.open_case,
    )


async def ask(
    connection: Connection, conversation_id: int, cause: ErasureCause, by: Principal
) -> Progress:
    """Have a contact erased; asked again while that is under way, it is the same erasure.

    Raises ConversationNotFound, AlreadyErased, UnderLegalHold, CaseStillOpen.
    """
    whose = await subject(connection, conversation_id)
    await rows(connection, _HOLD, {"contact": whose.contact_id})
    under_way = await latest(connection, whose.contact_id)
    if under_way is not None and under_way.finished_at is None:
        return under_way
    if whose.erased_at is not None:
        raise AlreadyErased(conversation=conversation_id)
    if whose.legal_hold is not None:
        raise UnderLegalHold(conversation=conversation_id)
    if whose.open_case is not None:
        raise CaseStillOpen(conversation=conversation_id, ticket=whose.open_case)
    return await begin(connection, whose.contact_id, cause, by)


async def begin(
    connection: Connection, contact_id: int, cause: ErasureCause, by: Principal
) -> Progress:
    """Write an erasure down, and let a worker do it after the commit."""
    values = {"contact": contact_id, "cause": cause.value, "by": by.name}
    made = (await rows(connection, _ASK, values))[0]
    await audit.record(
        connection, by, "contact.erasure_requested", "contact", contact_id, cause=cause.value
    )
    await queue.defer(connection, ERASE, [{"erasure": made.id}])
    return _progress(made)


async def one(connection: Connection, erasure_id: int) -> Progress:
    """An erasure. Raises NoErasure."""
    found = await rows(connection, _ONE, {"id": erasure_id})
    if not found:
        raise NoErasure(id=erasure_id)
    return _progress(found[0])


async def latest(connection: Connection, contact_id: int) -> Progress | None:
    """The newest erasure of a contact."""
    found = await rows(connection, _LATEST, {"contact": contact_id})
    return _progress(found[0]) if found else None


async def hold_back(connection: Connection, contact_id: int, why: str | None) -> None:
    """Put a contact's data under a legal hold, or lift it: what is old is then looked at again."""
    await rows(connection, _KEEP_BACK, {"contact": contact_id, "why": why})
    if why is None:
        await rows(connection, _LOOK_AGAIN)


def _progress(row: Any) -> Progress:
    return Progress(
        row.id,
        row.contact_id,
        ErasureCause(row.cause),
        row.requested_by,
        row.requested_at,
        ErasureStep(row.step),
        row.counts,
        row.finished_at,
    )


_SUBJECT = """
SELECT c.contact_id, c.language, p.notice_version, p.erased_at, p.legal_hold,
       (SELECT t.number FROM conversations o JOIN tickets t ON t.conversation_id = o.id
        LEFT JOIN sla_tickets s ON s.ticket_id = t.id
        WHERE o.contact_id = c.contact_id AND t.status <> 'resolved'
          AND (s.state -> 'facts' ->> 'intent' = 'fraud_report' OR EXISTS (
                SELECT 1 FROM handoffs h WHERE h.ticket_id = t.id AND h.reason = ANY(%(reasons)s)))
        ORDER BY t.id LIMIT 1) AS open_case
FROM conversations c JOIN contacts p ON p.id = c.contact_id WHERE c.id = %(id)s
"""

_HOLD = "SELECT id FROM contacts WHERE id = %(contact)s FOR NO KEY UPDATE"

_COLUMNS = "id, contact_id, cause, requested_by, requested_at, step, counts, finished_at"

_ASK = f"""
INSERT INTO erasures (contact_id, cause, requested_by) VALUES (%(contact)s, %(cause)s, %(by)s)
RETURNING {_COLUMNS}
"""  # noqa: S608 - our own words

_ONE = f"SELECT {_COLUMNS} FROM erasures WHERE id = %(id)s"  # noqa: S608 - our own words

_LATEST = f"""
SELECT {_COLUMNS} FROM erasures WHERE contact_id = %(contact)s ORDER BY id DESC LIMIT 1
"""  # noqa: S608 - our own words

_KEEP_BACK = "UPDATE contacts SET legal_hold = %(why)s WHERE id = %(contact)s"
_LOOK_AGAIN = "UPDATE retention_marks SET reached = 0 WHERE name = 'messages'"

"""Ready answers in both languages: kept, found, and filled in for a conversation."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import audit
from sla_service.errors import DomainError, NotFound
from sla_service.tickets import placeholders
from sla_service.tickets.placeholders import Filled
from sla_service.tickets.tables import CannedReply
from sla_service.web.principals import Principal

_TARGET = "canned_reply"
_LANGUAGES = ("pt", "en")
# As people write an order's number: no year, no price, no part of something longer.
_ORDER = re.compile(r"(?<![\w.,/@+$-])#?((?!(?:19|20)\d\d\b)\d{4,8})(?![\w@/-]|[.,]\d)")


class NoSuchCannedReply(NotFound):
    """There is no such ready answer."""


class NoSuchConversation(NotFound):
    """There is no conversation with this id."""


class ShortcutTaken(DomainError):
    """Another ready answer has this shortcut."""

    status = 409


class CannedReplyFaulty(DomainError):
    """A ready answer has something in braces that can't be filled in."""

    status = 422


async def known(session: AsyncSession) -> list[CannedReply]:
    """All ready answers, by their shortcuts."""
    return list(await session.scalars(select(CannedReply).order_by(CannedReply.shortcut)))


async def one(session: AsyncSession, reply_id: int) -> CannedReply:
    """The ready answer of an id. Raises NoSuchCannedReply."""
    found = await session.get(CannedReply, reply_id)
    if found is None:
        raise NoSuchCannedReply(id=reply_id)
    return found


async def add(session: AsyncSession, who: Principal, wanted: Mapping[str, str]) -> CannedReply:
    """Keep a new one: `shortcut`, `title`, `text_pt`, `text_en`.

    Raises ShortcutTaken, CannedReplyFaulty.
    """
    _check(wanted)
    reply = CannedReply(**wanted, created_by=who.agent_id)
    session.add(reply)
    await _write(session, reply)
    await audit.record(
        session, who, "canned_reply.added", _TARGET, reply.id, shortcut=reply.shortcut
    )
    return reply


async def change(
    session: AsyncSession, who: Principal, reply_id: int, wanted: Mapping[str, str]
) -> CannedReply:
    """Change the parts in `wanted`. Raises NoSuchCannedReply, ShortcutTaken, CannedReplyFaulty."""
    reply = await one(session, reply_id)
    _check(wanted)
    changed = sorted(name for name, value in wanted.items() if value != getattr(reply, name))
    if changed:
        for name in changed:
            setattr(reply, name, wanted[name])
        reply.updated_at = await session.scalar(text("SELECT now()"))
        await _write(session, reply)
        await audit.record(session, who, "canned_reply.changed", _TARGET, reply_id, parts=changed)
    return reply


async def remove(session: AsyncSession, who: Principal, reply_id: int) -> None:
    """Forget one; what was sent with it stays as it is. Raises NoSuchCannedReply."""
    reply = await one(session, reply_id)
    await session.delete(reply)
    await audit.record(
        session, who, "canned_reply.removed", _TARGET, reply_id, shortcut=reply.shortcut
    )


async def render(
    session: AsyncSession,
    who: Principal,
    reply_id: int,
    conversation_id: int,
    *,
    language: str | None = None,
    order: str | None = None,
) -> tuple[str, Filled]:
    """A ready answer as it would be sent in a conversation: its language, and the text.

    `order` is the order's number that the agent looks at; without one it is the last that the
    contact wrote. Raises NoSuchCannedReply, NoSuchConversation.
    """
    reply = await one(session, reply_id)
    row = (await session.execute(_CONTEXT, {"conversation": conversation_id})).first()
    if row is None:
        raise NoSuchConversation(conversation=conversation_id)
    spoken = language or row.language
    spoken = spoken if spoken in _LANGUAGES else _LANGUAGES[0]
    values = {
        "contact.name": (row.name or "").strip(),
        "contact.first_name": _first(row.name),
        "ticket.number": str(row.number or ""),
        "ticket.subject": row.subject or "",
        "agent.name": who.name,
        "agent.first_name": _first(who.name),
        "order.number": order or _last_order(row.said or ()),
    }
    words = reply.text_en if spoken == "en" else reply.text_pt
    return spoken, placeholders.fill(words, values)


def _check(wanted: Mapping[str, str]) -> None:
    faulty: list[dict[str, Any]] = [
        {"language": language, **asdict(fault)}
        for language in _LANGUAGES
        for fault in placeholders.faults(wanted.get(f"text_{language}", ""))
    ]
    if faulty:
        raise CannedReplyFaulty(problems=faulty, known=placeholders.KNOWN)


async def _write(session: AsyncSession, reply: CannedReply) -> None:
    shortcut = reply.shortcut
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        raise ShortcutTaken(shortcut=shortcut) from error


def _first(name: str | None) -> str:
    return (name or "").strip().partition(" ")[0]


def _last_order(said: list[str] | tuple[()]) -> str:
    """The last number of an order in what a contact said, the latest first."""
    for words in said:
        found = _ORDER.findall(words)
        if found:
            return str(found[-1])
    return ""


_CONTEXT = text("""
SELECT c.language, p.name, t.number, t.subject,
       (SELECT array_agg(text ORDER BY said_at DESC, id DESC) FROM (
          SELECT m.text, m.said_at, m.id FROM messages m
          WHERE m.conversation_id = c.id AND m.author = 'contact' AND m.revoked_at IS NULL
            AND m.ticket_id = t.id
          ORDER BY m.said_at DESC, m.id DESC LIMIT 30
        ) latest) AS said
FROM conversations c
JOIN contacts p ON p.id = c.contact_id
LEFT JOIN LATERAL (
  SELECT id, number, subject FROM tickets
  WHERE conversation_id = c.id AND merged_into_id IS NULL ORDER BY id DESC LIMIT 1
) t ON true
WHERE c.id = :conversation
""")

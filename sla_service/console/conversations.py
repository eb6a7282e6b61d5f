"""The list of conversations: one query a page, however many there are."""

import re
import unicodedata
from typing import Any, Literal

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.console.cursors import Cursor
from sla_service.console.views import (
    ContactView,
    ConversationPage,
    ConversationView,
    LastMessageView,
    TicketView,
)
from sla_service.conversations.phones import phone_key
from sla_service.conversations.tables import Owner
from sla_service.handoff.ownership import ConversationNotFound

Holder = Literal["bot", "people", "queue", "agent"]

_SHORTEST_PHONE = 4
_ACCENTED = {
    "a": "áàâãä",
    "c": "ç",
    "e": "éèêë",
    "i": "íìîï",
    "n": "ñ",
    "o": "óòôõö",
    "u": "úùûü",
}


async def page(
    session: AsyncSession, *, owner: Holder | None, query: str, after: Cursor | None, limit: int
) -> ConversationPage:
    """Conversations with the newest activity first, after `after`.

    `query` is looked for in names, numbers, usernames, and ticket numbers and subjects, without
    regard to case and accents.
    """
    where = ["c.last_message_at IS NOT NULL"]
    values: dict[str, Any] = {"limit": limit + 1}
    if owner is not None:
        where.append("c.owner <> 'bot'" if owner == "people" else "c.owner = :owner")
        values["owner"] = owner
    if after is not None:
        where.append("c.last_message_at <= :at AND (c.last_message_at < :at OR c.id > :id)")
        values |= {"at": after.at, "id": after.id}
    sought = query.replace("\x00", "").strip()
    if sought:
        where.append(_FOUND)
        values |= _terms(sought)
    rows = (await session.execute(text(_list(where)), values)).all()
    shown = [_view(row) for row in rows[:limit]]
    more = len(rows) > limit
    return ConversationPage(
        items=shown,
        next=str(Cursor(shown[-1].last_message_at, shown[-1].id)) if more else None,
    )


async def one(session: AsyncSession, conversation_id: int) -> ConversationView:
    """One conversation as the list shows it. Raises ConversationNotFound."""
    row = (
        await session.execute(
            text(_list(["c.id = :id", "c.last_message_at IS NOT NULL"])),
            {"id": conversation_id, "limit": 1},
        )
    ).first()
    if row is None:
        raise ConversationNotFound(conversation=conversation_id)
    return _view(row)


def _terms(sought: str) -> dict[str, Any]:
    """What to compare with: the words, the number as a phone may be spelt, a ticket's number."""
    digits = re.sub(r"\D", "", sought)
    is_number = re.fullmatch(r"#?[\d\s().+-]+", sought) is not None
    phones = []
    if is_number and len(digits) >= _SHORTEST_PHONE:
        # A Brazilian number is typed with or without country code and ninth digit.
        phones = sorted({digits, phone_key(digits), phone_key(f"55{digits}")})
    return {
        "sought": sought,
        "words": "".join(_letter(letter) for letter in unicodedata.normalize("NFC", sought)),
        "phones": phones,
        "ticket": int(digits) if is_number and 0 < len(digits) <= 18 else None,
    }


def _letter(letter: str) -> str:
    """A regular expression for one letter, whatever accent it bears here or there."""
    plain = unicodedata.normalize("NFD", letter.lower())[0]
    if plain in _ACCENTED:
        return f"[{plain}{_ACCENTED[plain]}]"
    return letter if letter.isalnum() else f"\\{letter}"


def _view(row: Row[Any]) -> ConversationView:
    ticket = None
    if row.ticket_number is not None:
        ticket = TicketView(
            number=row.ticket_number,
            status=row.ticket_status,
            priority=row.ticket_priority,
            subject=row.ticket_subject,
            reason=row.reason,
        )
    last = None
    if row.message_author is not None:
        last = LastMessageView(
            text=row.message_text,
            author=row.message_author,
            kind=row.message_kind,
            at=row.message_at,
            revoked=row.message_revoked,
        )
    return ConversationView(
        id=row.id,
        contact=ContactView(name=row.name, phone=row.wa_id, username=row.username, bsuid=row.bsuid),
        language=row.language,
        owner=Owner(row.owner),
        waiting=row.is_waiting,
        last_message_at=row.last_message_at,
        ticket=ticket,
        last_message=last,
    )


def _list(where: list[str]) -> str:
    return _LIST.format(where=" AND ".join(where))


# The page is cut from the index of last activity first; each LATERAL then takes one row by index.
# The channel tells whole seconds: which message of one is the last, our own clock knows better.
# What the bot or the desk says after a handoff answers nobody: only an agent ends the waiting.
_LIST = """
SELECT c.id, c.owner, c.language, c.last_message_at, p.name, p.wa_id, p.username, p.bsuid,
       t.number AS ticket_number, t.status AS ticket_status, t.priority AS ticket_priority,
       t.subject AS ticket_subject, h.reason,
       CASE WHEN m.revoked_at IS NOT NULL THEN ''
            ELSE COALESCE(m.content ->> 'edited', m.text) END AS message_text,
       m.author AS message_author, m.kind AS message_kind, m.said_at AS message_at,
       m.revoked_at IS NOT NULL AS message_revoked,
       c.owner <> 'bot' AND COALESCE(asked.author = 'contact', false) AS is_waiting
FROM (
  SELECT c.id, c.owner, c.language, c.last_message_at, c.contact_id FROM conversations c
  WHERE {where} ORDER BY c.last_message_at DESC NULLS LAST, c.id LIMIT :limit
) c
JOIN contacts p ON p.id = c.contact_id
LEFT JOIN LATERAL (
  SELECT number, status, priority, subject FROM tickets
  WHERE conversation_id = c.id ORDER BY id DESC LIMIT 1
) t ON true
LEFT JOIN LATERAL (
  SELECT reason FROM handoffs
  WHERE conversation_id = c.id AND to_owner <> 'bot' AND c.owner <> 'bot'
  ORDER BY id DESC LIMIT 1
) h ON true
LEFT JOIN LATERAL (
  SELECT * FROM (
    SELECT text, content, author, kind, said_at, revoked_at, created_at, id FROM messages
    WHERE conversation_id = c.id ORDER BY said_at DESC, id DESC LIMIT 3
  ) newest
  ORDER BY CASE author WHEN 'contact' THEN LEAST(created_at, said_at + interval '0.999999 s')
           ELSE said_at END DESC, id DESC LIMIT 1
) m ON true
LEFT JOIN LATERAL (
  SELECT author FROM messages
  WHERE conversation_id = c.id AND c.owner <> 'bot' AND author IN ('contact', 'agent')
  ORDER BY said_at DESC, id DESC LIMIT 1
) asked ON true
ORDER BY c.last_message_at DESC NULLS LAST, c.id
"""

_FOUND = """
c.id IN (
  SELECT f.id FROM contacts p JOIN conversations f ON f.contact_id = p.id
  WHERE p.name ~* :words OR p.username ~* :words OR p.bsuid = :sought
     OR EXISTS (SELECT FROM unnest(CAST(:phones AS text[])) AS n
                WHERE strpos(p.phone_key, n) > 0 OR strpos(p.wa_id, n) > 0)
  UNION
  SELECT conversation_id FROM tickets
  WHERE number = CAST(:ticket AS bigint) OR subject ~* :words
)
"""

"""A thread as people read it: messages, changes of owner and tickets, a stretch at a time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.console.cursors import Cursor
from sla_service.console.views import (
    FailureView,
    HandoffView,
    MediaView,
    MessageView,
    OptionView,
    PersonView,
    PlaceView,
    QuotedView,
    ThreadPage,
    ThreadTicketView,
    TranscriptView,
    TurnView,
)
from sla_service.conversations import media_types, replying
from sla_service.conversations.tables import Author
from sla_service.handoff.holding import ConversationNotFound

_SECOND = timedelta(microseconds=999_999)


async def page(
    session: AsyncSession, conversation_id: int, *, before: Cursor | None, limit: int
) -> ThreadPage:
    """The newest messages before `before`, oldest first, with what happened among them.

    Raises ConversationNotFound.
    """
    found = await session.scalar(_EXISTS, {"id": conversation_id})
    if found is None:
        raise ConversationNotFound(conversation=conversation_id)
    rows = await _messages(session, conversation_id, before, limit + 1)
    shown = rows[-limit:]
    earlier = Cursor(shown[0].said_at, shown[0].id) if len(rows) > limit else None
    return ThreadPage(
        messages=[_message(row) for row in sorted(shown, key=_place_in_thread)],
        handoffs=await _handoffs(
            session,
            conversation_id,
            since=earlier.at if earlier else None,
            until=before.at if before else None,
        ),
        tickets=await _tickets(session, {row.ticket_id for row in shown if row.ticket_id}),
        before=str(earlier) if earlier else None,
    )


async def one(session: AsyncSession, conversation_id: int, message_id: int) -> MessageView:
    """One message as its thread shows it."""
    values = {"conversation": conversation_id, "limit": 1, "id": message_id}
    return _message((await session.execute(_ONE, values)).one())


async def _messages(
    session: AsyncSession, conversation_id: int, before: Cursor | None, limit: int
) -> Sequence[Row[Any]]:
    values = {"conversation": conversation_id, "limit": limit}
    if before is None:
        return (await session.execute(_NEWEST, values)).all()
    return (await session.execute(_BEFORE, {**values, "at": before.at, "id": before.id})).all()


async def _handoffs(
    session: AsyncSession,
    conversation_id: int,
    *,
    since: datetime | None,
    until: datetime | None,
) -> list[HandoffView]:
    """The changes of owner of a stretch; one without a bound is the thread's first or last."""
    values = {"conversation": conversation_id, "since": since, "until": until}
    return [_handoff(row) for row in await session.execute(_HANDOFFS, values)]


async def _tickets(session: AsyncSession, ids: Iterable[int]) -> list[ThreadTicketView]:
    rows = await session.execute(_TICKETS, {"ids": list(ids)})
    return [ThreadTicketView.model_validate(row, from_attributes=True) for row in rows]


def _place_in_thread(row: Row[Any]) -> tuple[datetime, int]:
    """Where a message stands: the channel tells whole seconds, our clock knows the rest."""
    if row.author != Author.CONTACT:
        return row.said_at, row.id
    return min(row.created_at, row.said_at + _SECOND), row.id


def _message(row: Row[Any]) -> MessageView:
    revoked = row.revoked_at is not None
    content: dict[str, Any] = {} if revoked else row.content
    quoted = None
    if row.quoted_author is not None and not revoked:
        quoted = QuotedView(text=row.quoted_text, author=row.quoted_author, kind=row.quoted_kind)
    turn = None
    if row.turn_id is not None:
        turn = TurnView(id=row.turn_id, intent=row.intent, confidence=row.confidence)
    return MessageView(
        id=row.id,
        author=row.author,
        agent=_person(row.agent_id, row.agent_name),
        key=replying.called(row.client_key),
        kind=row.kind,
        text="" if revoked else row.text,
        edited=content.get("edited"),
        options=[
            OptionView(title=option["title"], taken=option["payload"] == row.taken)
            for option in content.get("options", [])
        ],
        media=_media(row, content),
        place=_place(content),
        reaction=content.get("reaction"),
        template=content.get("template", {}).get("name"),
        quoted=quoted,
        state=row.state,
        failure=_failure(row.failure),
        said_at=row.said_at,
        revoked_at=row.revoked_at,
        ticket=row.ticket_number,
        turn=turn,
    )


def _handoff(row: Row[Any]) -> HandoffView:
    return HandoffView(
        id=row.id,
        at=row.at,
        from_owner=row.from_owner,
        to_owner=row.to_owner,
        reason=row.reason,
        summary=row.summary,
        ticket=row.ticket,
        by=_person(row.by_agent_id, row.by_name),
        to_agent=_person(row.to_agent_id, row.to_name),
        details=row.details,
    )


def _person(agent_id: int | None, name: str | None) -> PersonView | None:
    return None if agent_id is None else PersonView(id=agent_id, name=name or "")


def _media(row: Row[Any], content: dict[str, Any]) -> MediaView | None:
    media = content.get("media")
    if media is None and "link" not in content:
        return None
    known = media or {}
    is_here = row.file_sha256 is not None
    served = media_types.served(row.mime_declared, row.mime_sniffed)
    return MediaView(
        mime_type=served.mime if is_here else known.get("mime_type"),
        filename=media_types.clean_name(known.get("filename"), "") or None,
        voice=known.get("voice") is True,
        transcript=_transcript(content.get("transcript")),
        link=content.get("link"),
        state=row.file_state,
        url=f"/api/media/{row.id}" if is_here else None,
        shown=is_here and served.is_shown,
        size=row.file_size,
    )


def _transcript(said: dict[str, Any] | None) -> TranscriptView | None:
    if said is None:
        return None
    return TranscriptView(
        text=said["text"], language=said.get("language"), heard=bool(said.get("is_heard"))
    )


def _place(content: dict[str, Any]) -> PlaceView | None:
    """The location of a message; what a phone sent in another form than documented is left out."""
    part = content.get("location")
    if not isinstance(part, dict):
        return None
    try:
        latitude, longitude = float(part["latitude"]), float(part["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    name, address = part.get("name"), part.get("address")
    return PlaceView(
        latitude=latitude,
        longitude=longitude,
        name=name if isinstance(name, str) else None,
        address=address if isinstance(address, str) else None,
    )


def _failure(failure: dict[str, Any] | None) -> FailureView | None:
    if failure is None:
        return None
    return FailureView(reason=failure.get("class"), code=failure.get("code"))


_EXISTS = text("SELECT id FROM conversations WHERE id = :id")

# A choice that was taken names the message that offered it; a message that answers another one
# shows it only where both belong to the same thread.
_THREAD = """
WITH stretch AS (
  SELECT * FROM messages WHERE conversation_id = :conversation {bound}
  ORDER BY said_at DESC, id DESC LIMIT :limit
), taken AS (
  SELECT DISTINCT ON (1) content ->> 'quoted' AS offer, content ->> 'payload' AS payload
  FROM messages WHERE conversation_id = :conversation AND kind = 'choice'
  ORDER BY 1, said_at, id
)
SELECT m.id, m.author, m.agent_id, a.name AS agent_name, m.kind, m.text, m.content, m.state,
       m.failure, m.said_at, m.created_at, m.revoked_at, m.ticket_id, m.turn_id, m.client_key,
       t.number AS ticket_number, u.intent, u.confidence,
       q.author AS quoted_author, q.kind AS quoted_kind,
       CASE WHEN q.revoked_at IS NULL THEN q.text ELSE '' END AS quoted_text,
       taken.payload AS taken, f.state AS file_state, f.sha256 AS file_sha256,
       f.size AS file_size, f.mime_declared, f.mime_sniffed
FROM stretch m
LEFT JOIN agents a ON a.id = m.agent_id
LEFT JOIN media_files f ON f.message_id = m.id
LEFT JOIN tickets t ON t.id = m.ticket_id
LEFT JOIN turns u ON u.id = m.turn_id
LEFT JOIN messages q
  ON q.wamid = m.content ->> 'quoted' AND q.conversation_id = m.conversation_id
LEFT JOIN taken ON taken.offer = m.wamid
ORDER BY m.said_at, m.id
"""
_NEWEST = text(_THREAD.format(bound=""))
_ONE = text(_THREAD.format(bound="AND id = :id"))
_BEFORE = text(_THREAD.format(bound="AND (said_at, id) < (:at, :id)"))

_HANDOFFS = text("""
SELECT h.id, h.at, h.from_owner, h.to_owner, h.reason, h.summary, t.number AS ticket,
       h.details, h.by_agent_id, b.name AS by_name, h.to_agent_id, g.name AS to_name
FROM handoffs h JOIN tickets t ON t.id = h.ticket_id
LEFT JOIN agents b ON b.id = h.by_agent_id
LEFT JOIN agents g ON g.id = h.to_agent_id
WHERE h.conversation_id = :conversation
  AND h.at >= COALESCE(CAST(:since AS timestamptz), '-infinity')
  AND h.at < COALESCE(CAST(:until AS timestamptz), 'infinity')
ORDER BY h.id
""")

_TICKETS = text("""
SELECT t.number, t.status, t.subject, t.opened_at, t.resolved_at, f.number AS follows
FROM tickets t LEFT JOIN tickets f ON f.id = t.follows_id
WHERE t.id = ANY(:ids) ORDER BY t.id
""")

"""A turn of the bot: opened under a key, closed with what we owe, or given up to people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations import outbox
from sla_service.conversations.lanes import Claim
from sla_service.conversations.tables import Author, Message, Owner, Turn
from sla_service.database.wake import Channel, tell
from sla_service.dialogue.hearing import Heard, Waiting, next_turn
from sla_service.dialogue.rasa import Answer, Listener
from sla_service.dialogue.wording import HANDED_OVER, SEE_OPTIONS, Wording
from sla_service.handoff import ownership
from sla_service.handoff.tables import Reason
from sla_service.whatsapp.compose import compose
from sla_service.whatsapp.values import MessageKind, Reply

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A turn that is the bot's to take now."""

    id: int
    conversation_id: int
    phone_number_id: str
    ticket_id: int | None
    attempts: int
    started_at: datetime
    owner_fence: int
    who: Listener
    heard: Heard


async def take(session: AsyncSession, claim: Claim, at: datetime) -> OpenTurn | None:
    """The turn that is due in a held conversation; None when there is none.

    An open turn is taken up again with the very messages it had, so that its key means the same.
    Where people hold the conversation, what waits is left to them.
    """
    rows = (await session.execute(_STATE, {"id": claim.conversation_id})).all()
    if not rows:
        return None
    first = rows[0]
    handed_over_itself = first.turn_key is not None and first.turn_key == first.owner_changed_by
    if first.owner != Owner.BOT and not handed_over_itself:
        await _leave_to_people(session, claim.conversation_id, at)
        return None
    if first.turn_id is not None:
        if first.turn_due_at > at:
            return None
        mine = [row for row in rows if row.message_turn_id == first.turn_id]
        heard = next_turn([_waiting(row) for row in mine])
    else:
        heard = next_turn([_waiting(row) for row in rows])
    if heard is None:
        return None
    if first.turn_id is not None:
        return _open_turn(first, first.turn_id, heard, first.turn_attempts, first.turn_started_at)
    opened = await session.execute(
        _OPEN,
        {
            "conversation": claim.conversation_id,
            "key": heard.key,
            "fence": first.owner_fence,
            "at": at,
            "messages": list(heard.message_ids),
        },
    )
    return _open_turn(first, opened.scalar_one(), heard, 0, at)


async def close(
    session: AsyncSession, turn: OpenTurn, answer: Answer, wording: Wording, at: datetime
) -> None:
    """Owe the contact what the bot said, and remember what it understood.

    What the bot said is owed under the owner that heard it: if people took over meanwhile, it is
    not sent, unless the turn itself handed over. Raises Unsendable.
    """
    language = answer.language
    messages = compose(answer.replies, list_label=wording.say(SEE_OPTIONS, language))
    fence = await _fence(session, turn)
    await _end(session, turn, at, answer=answer)
    await outbox.say(
        session,
        conversation_id=turn.conversation_id,
        ticket_id=turn.ticket_id,
        turn_id=turn.id,
        author=Author.BOT,
        owner_fence=fence,
        messages=messages,
        at=at,
    )
    await tell(session, Channel.LIVE, str(turn.conversation_id))


async def postpone(session: AsyncSession, turn: OpenTurn, why: str, at: datetime) -> None:
    """The bot could not take the turn: it waits longer each time, and this conversation alone."""
    delay = timedelta(seconds=min(2**turn.attempts, 10))
    _log.info("turn_postponed", turn=turn.id, attempt=turn.attempts + 1, why=why)
    await session.execute(
        update(Turn)
        .where(Turn.id == turn.id)
        .values(attempts=turn.attempts + 1, due_at=at + delay, error=why[:200])
        .execution_options(synchronize_session=False)
    )


async def give_up(
    session: AsyncSession, turn: OpenTurn, wording: Wording, why: str, at: datetime
) -> None:
    """The bot failed too long: people get the conversation, and the contact is told."""
    _log.warning("turn_given_up", turn=turn.id, attempts=turn.attempts + 1, why=why)
    held = await ownership.to_queue(
        session, turn.conversation_id, reason=Reason.BOT_DOWN, key=turn.heard.key
    )
    fence = await _fence(session, turn)
    await _end(session, turn, at, error=why)
    text = wording.say(HANDED_OVER, turn.who.language, ticket=held.ticket.number)
    await outbox.say(
        session,
        conversation_id=turn.conversation_id,
        ticket_id=held.ticket.id,
        turn_id=turn.id,
        author=Author.DESK,
        owner_fence=fence,
        messages=compose([Reply(text)], list_label=""),
        at=at,
    )


async def _fence(session: AsyncSession, turn: OpenTurn) -> int:
    """The owner fence a turn speaks under: the one it began with, or the one it made itself."""
    row = (await session.execute(_FENCE, {"id": turn.conversation_id})).one()
    return row.owner_fence if row.owner_changed_by == turn.heard.key else turn.owner_fence


async def _end(
    session: AsyncSession,
    turn: OpenTurn,
    at: datetime,
    *,
    answer: Answer | None = None,
    error: str | None = None,
) -> None:
    await session.execute(
        _END,
        {
            "turn": turn.id,
            "conversation": turn.conversation_id,
            "at": at,
            "language": answer.language if answer else None,
            "intent": answer.intent if answer else None,
            "confidence": answer.confidence if answer else None,
            "error": error,
        },
    )


async def _leave_to_people(session: AsyncSession, conversation_id: int, at: datetime) -> None:
    await session.execute(
        update(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.closed_at.is_(None))
        .values(closed_at=at, error="people took over")
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(Message)
        .where(Message.conversation_id == conversation_id, Message.is_waiting)
        .values(is_waiting=False)
        .execution_options(synchronize_session=False)
    )


def _waiting(row: Row[Any]) -> Waiting:
    content = row.content
    return Waiting(
        id=row.message_id,
        wamid=row.wamid,
        kind=MessageKind(row.kind),
        text=row.text,
        payload=content.get("payload"),
        media=content.get("media"),
        said_at=row.said_at,
    )


def _open_turn(
    row: Row[Any], turn_id: int, heard: Heard, attempts: int, started_at: datetime
) -> OpenTurn:
    return OpenTurn(
        id=turn_id,
        conversation_id=row.id,
        phone_number_id=row.phone_number_id,
        ticket_id=row.ticket_id,
        attempts=attempts,
        started_at=started_at,
        owner_fence=row.owner_fence if row.turn_fence is None else row.turn_fence,
        who=Listener(row.id, row.language, row.name, row.wa_id),
        heard=heard,
    )


_STATE = text("""
SELECT c.id, c.phone_number_id, c.language, c.owner, c.owner_fence, c.owner_changed_by,
       p.name, p.wa_id,
       t.id AS turn_id, t.key AS turn_key, t.due_at AS turn_due_at, t.attempts AS turn_attempts,
       t.started_at AS turn_started_at, t.owner_fence AS turn_fence,
       m.id AS message_id, m.ticket_id, m.turn_id AS message_turn_id, m.wamid, m.kind, m.text,
       m.content, m.said_at
FROM conversations c
JOIN contacts p ON p.id = c.contact_id
JOIN messages m ON m.conversation_id = c.id AND m.is_waiting
LEFT JOIN turns t ON t.conversation_id = c.id AND t.closed_at IS NULL
WHERE c.id = :id
ORDER BY t.id, m.id LIMIT 100
""")

_OPEN = text("""
WITH opened AS (
  INSERT INTO turns (conversation_id, key, owner_fence, started_at, due_at)
  VALUES (:conversation, :key, :fence, :at, :at) RETURNING id
), bound AS (
  UPDATE messages SET turn_id = (SELECT id FROM opened) WHERE id = ANY(:messages)
)
SELECT id FROM opened
""")

_FENCE = text("SELECT owner_fence, owner_changed_by FROM conversations WHERE id = :id")

_END = text("""
WITH ended AS (
  UPDATE turns SET closed_at = :at, language = :language, intent = :intent,
                   confidence = :confidence, error = :error
  WHERE id = :turn
), heard AS (
  UPDATE messages SET is_waiting = false WHERE turn_id = :turn AND is_waiting
)
UPDATE conversations SET language = COALESCE(:language, language), last_message_at = :at
WHERE id = :conversation
""")

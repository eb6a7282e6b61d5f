"""A turn of the bot: opened under a key, closed with what we owe, or given up to people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations import outbox
from sla_service.conversations.lanes import Claim, LaneLost
from sla_service.conversations.tables import Author, Owner
from sla_service.database.sessions import Connection, driver, rows
from sla_service.dialogue.hearing import Heard, Waiting, next_turn
from sla_service.dialogue.rasa import Answer, Listener
from sla_service.dialogue.topics import learnt
from sla_service.dialogue.wording import HANDED_OVER, SEE_OPTIONS, Wording
from sla_service.handoff import ownership
from sla_service.handoff.tables import Reason
from sla_service.settings import TicketSettings
from sla_service.tickets import lifecycle
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


async def take(connection: Connection, claim: Claim, at: datetime) -> OpenTurn | None:
    """The turn that is due in a claimed conversation; None when there is none.

    An open turn is taken up again with the very messages it had, so that its key means the same.
    Where people hold the conversation, what waits is left to them. Raises LaneLost. Needs no
    transaction: whoever lost the lane meanwhile opens nothing, and a turn opened while the owner
    changed speaks under the old fence and is not sent.
    """
    values = {"id": claim.conversation_id, "fence": claim.fence}
    state = await rows(connection, _STATE, values)
    if not state:
        raise LaneLost
    first = state[0]
    if first.message_id is None:
        return None
    handed_over_itself = first.turn_key is not None and first.turn_key == first.owner_changed_by
    if first.owner != Owner.BOT and not handed_over_itself:
        await rows(connection, _LEAVE_TO_PEOPLE, {"id": claim.conversation_id, "at": at})
        return None
    if first.turn_id is not None:
        return _taken_up_again(state) if first.turn_is_due else None
    return await _opened(connection, claim, state, at)


async def close(
    connection: Connection,
    claim: Claim,
    turn: OpenTurn,
    answer: Answer,
    *,
    wording: Wording,
    settings: TicketSettings,
    at: datetime,
) -> None:
    """Owe the contact what the bot said, and remember what it understood.

    What the bot said is owed under the owner that heard it: if people took over meanwhile, it is
    not sent, unless the turn itself handed over. Raises LaneLost, Unsendable.
    """
    messages = compose(answer.replies, list_label=wording.say(SEE_OPTIONS, answer.language))
    fence = await _end(connection, claim, turn, at, answer=answer)
    await outbox.say(
        connection,
        conversation_id=turn.conversation_id,
        ticket_id=turn.ticket_id,
        turn_id=turn.id,
        author=Author.BOT,
        owner_fence=fence,
        messages=messages,
        at=at,
    )
    if turn.ticket_id is not None:
        await lifecycle.bot_answered(
            connection,
            turn.ticket_id,
            stage=answer.stage,
            attributes=learnt(answer.language, answer.intent),
            settings=settings,
        )


async def postpone(connection: Connection, turn: OpenTurn, why: str) -> None:
    """The bot could not take the turn: it waits longer each time, and this conversation alone."""
    delay = timedelta(seconds=min(2**turn.attempts, 10))
    _log.info("turn_postponed", turn=turn.id, attempt=turn.attempts + 1, why=why)
    values = {"turn": turn.id, "delay": delay, "error": why[:200]}
    await rows(connection, _POSTPONE, values)


async def give_up(
    session: AsyncSession,
    claim: Claim,
    turn: OpenTurn,
    why: str,
    *,
    wording: Wording,
    at: datetime,
) -> None:
    """The bot failed too long: people get the conversation, and the contact is told.

    Raises LaneLost.
    """
    _log.warning("turn_given_up", turn=turn.id, attempts=turn.attempts + 1, why=why)
    held = await ownership.to_queue(
        session, turn.conversation_id, reason=Reason.BOT_DOWN, key=turn.heard.key
    )
    await session.flush()
    connection = await driver(session)
    fence = await _end(connection, claim, turn, at, error=why)
    text = wording.say(HANDED_OVER, turn.who.language, ticket=held.ticket.number)
    await outbox.say(
        connection,
        conversation_id=turn.conversation_id,
        ticket_id=held.ticket.id,
        turn_id=turn.id,
        author=Author.DESK,
        owner_fence=fence,
        messages=compose([Reply(text)], list_label=""),
        at=at,
    )


def _taken_up_again(state: Sequence[Any]) -> OpenTurn | None:
    """The open turn, with its own messages; what came later waits for the next."""
    first = state[0]
    mine = [_waiting(row) for row in state if row.message_turn_id == first.turn_id]
    heard = next_turn(mine)
    if heard is None:
        return None
    return _open_turn(first, first.turn_id, heard, first.turn_attempts, first.turn_started_at)


async def _opened(
    connection: Connection, claim: Claim, state: Sequence[Any], at: datetime
) -> OpenTurn | None:
    """A new turn of what waits. Raises LaneLost."""
    heard = next_turn([_waiting(row) for row in state])
    if heard is None:
        return None
    opened = await rows(
        connection,
        _OPEN,
        {
            "conversation": claim.conversation_id,
            "lane_fence": claim.fence,
            "key": heard.key,
            "fence": state[0].owner_fence,
            "at": at,
            "messages": list(heard.message_ids),
        },
    )
    if not opened:
        raise LaneLost
    return _open_turn(state[0], opened[0].id, heard, 0, at)


async def _end(
    connection: Connection,
    claim: Claim,
    turn: OpenTurn,
    at: datetime,
    *,
    answer: Answer | None = None,
    error: str | None = None,
) -> int:
    """End a turn; returns the owner fence it speaks under.

    That is the one it began with, or the one it made itself when it handed over. Locks the
    conversation. Raises LaneLost.
    """
    ended = await rows(
        connection,
        _END,
        {
            "turn": turn.id,
            "conversation": turn.conversation_id,
            "fence": claim.fence,
            "at": at,
            "language": answer.language if answer else None,
            "intent": answer.intent if answer else None,
            "confidence": answer.confidence if answer else None,
            "error": error,
        },
    )
    if not ended:
        raise LaneLost
    is_own = ended[0].owner_changed_by == turn.heard.key
    return int(ended[0].owner_fence) if is_own else turn.owner_fence


def _waiting(row: Any) -> Waiting:
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
    row: Any, turn_id: int, heard: Heard, attempts: int, started_at: datetime
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


_STATE = """
SELECT c.id, c.phone_number_id, c.language, c.owner, c.owner_fence, c.owner_changed_by,
       p.name, p.wa_id,
       t.id AS turn_id, t.key AS turn_key, t.due_at <= now() AS turn_is_due,
       t.attempts AS turn_attempts, t.started_at AS turn_started_at, t.owner_fence AS turn_fence,
       m.id AS message_id, m.ticket_id, m.turn_id AS message_turn_id, m.wamid, m.kind, m.text,
       m.content, m.said_at
FROM conversations c
JOIN contacts p ON p.id = c.contact_id
LEFT JOIN messages m ON m.conversation_id = c.id AND m.is_waiting
LEFT JOIN turns t ON t.conversation_id = c.id AND t.closed_at IS NULL
WHERE c.id = %(id)s AND c.lane_fence = %(fence)s
ORDER BY t.id, m.id LIMIT 100
"""

_OPEN = """
WITH held AS (
  SELECT id FROM conversations
  WHERE id = %(conversation)s AND lane_fence = %(lane_fence)s FOR UPDATE
), opened AS (
  INSERT INTO turns (conversation_id, key, owner_fence, started_at)
  SELECT id, %(key)s, %(fence)s, %(at)s FROM held RETURNING id
), bound AS (
  UPDATE messages SET turn_id = (SELECT id FROM opened) WHERE id = ANY(%(messages)s)
)
SELECT id FROM opened
"""

_END = """
WITH held AS (
  UPDATE conversations SET language = COALESCE(%(language)s, language), last_message_at = %(at)s
  WHERE id = %(conversation)s AND lane_fence = %(fence)s
  RETURNING owner_fence, owner_changed_by
), ended AS (
  UPDATE turns SET closed_at = %(at)s, language = %(language)s, intent = %(intent)s,
                   confidence = %(confidence)s, error = %(error)s
  WHERE id = %(turn)s AND EXISTS (SELECT 1 FROM held)
), heard AS (
  UPDATE messages SET is_waiting = false
  WHERE conversation_id = %(conversation)s AND is_waiting AND turn_id = %(turn)s
    AND EXISTS (SELECT 1 FROM held)
)
SELECT owner_fence, owner_changed_by FROM held
"""

_POSTPONE = """
UPDATE turns SET attempts = attempts + 1, due_at = now() + %(delay)s, error = %(error)s
WHERE id = %(turn)s
"""

_LEAVE_TO_PEOPLE = """
WITH left_open AS (
  UPDATE turns SET closed_at = %(at)s, error = 'people took over'
  WHERE conversation_id = %(id)s AND closed_at IS NULL
)
UPDATE messages SET is_waiting = false WHERE conversation_id = %(id)s AND is_waiting
"""

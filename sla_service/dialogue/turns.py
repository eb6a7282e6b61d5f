"""A turn of the bot: opened under a key, taken up again, or put off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from sla_service.conversations.lanes import Claim, LaneLost
from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, rows
from sla_service.dialogue.hearing import Heard, Waiting, instructed, next_turn
from sla_service.dialogue.rasa import Listener
from sla_service.whatsapp.values import MessageKind

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A turn that is the bot's to take now."""

    id: int
    conversation_id: int
    phone_number_id: str
    ticket_id: int | None
    attempts: int
    owner_fence: int
    who: Listener
    heard: Heard
    is_instruction: bool = False
    """An agent asked for it, not the contact."""


async def take(connection: Connection, claim: Claim) -> OpenTurn | None:
    """The turn that is due in a claimed conversation; None when there is none.

    An open turn is taken up again with the very messages it had, so that its key means the same.
    The first turn after people had the conversation tells the bot what they said.
    Where people hold the conversation, what waits is left to them. Raises LaneLost. Needs no
    transaction: whoever lost the lane meanwhile opens nothing, and a turn opened while the owner
    changed speaks under the old fence and is not sent.
    """
    values = {"id": claim.conversation_id, "fence": claim.fence}
    state = await rows(connection, _STATE, values)
    if not state:
        raise LaneLost
    first = state[0]
    if first.message_id is None and first.instruction is None:
        return None
    handed_over_itself = first.turn_key is not None and first.turn_key == first.owner_changed_by
    if first.owner != Owner.BOT and not handed_over_itself:
        await rows(connection, _LEAVE_TO_PEOPLE, {"id": claim.conversation_id})
        return None
    if first.turn_id is not None:
        turn = _taken_up_again(state) if first.turn_is_due else None
    else:
        turn = await _opened(connection, claim, state)
    if turn is not None and first.about_order is not None:
        turn = replace(turn, heard=replace(turn.heard, about_order=first.about_order))
    if turn is None or first.bot_left_at is None or first.owner != Owner.BOT:
        return turn
    values = {"id": claim.conversation_id, "since": first.bot_left_at}
    said = [row.text for row in await rows(connection, _SAID_BY_PEOPLE, values)]
    return replace(turn, heard=replace(turn.heard, meanwhile=tuple(reversed(said))))


async def is_over(connection: Connection, turn: OpenTurn, patience: timedelta) -> bool:
    """Whether the bot has been tried for as long as `patience`, by the clock that began the turn:

    the database's. A worker whose own clock is wrong neither gives up early nor never.
    """
    found = await rows(connection, _IS_OVER, {"turn": turn.id, "patience": patience})
    return bool(found[0].is_over)


async def postpone(connection: Connection, turn: OpenTurn, why: str) -> None:
    """The bot could not take the turn: it waits longer each time, and this conversation alone."""
    delay = timedelta(seconds=min(2**turn.attempts, 10))
    _log.info("turn_postponed", turn=turn.id, attempt=turn.attempts + 1, why=why)
    values = {"turn": turn.id, "delay": delay, "error": why[:200]}
    await rows(connection, _POSTPONE, values)


def _taken_up_again(state: Sequence[Any]) -> OpenTurn | None:
    """The open turn, with its own messages; what came later waits for the next."""
    first = state[0]
    if first.instruction is not None:
        heard: Heard | None = instructed(first.turn_key, first.instruction)
    else:
        mine = [_waiting(row) for row in state if row.message_turn_id == first.turn_id]
        heard = next_turn(mine)
    if heard is None:
        return None
    return _open_turn(first, first.turn_id, heard, first.turn_attempts)


async def _opened(connection: Connection, claim: Claim, state: Sequence[Any]) -> OpenTurn | None:
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
            "messages": list(heard.message_ids),
        },
    )
    if not opened:
        raise LaneLost
    return _open_turn(state[0], opened[0].id, heard, 0)


def _waiting(row: Any) -> Waiting:
    content = row.content
    return Waiting(
        id=row.message_id,
        wamid=row.wamid,
        kind=_kind(row),
        text=content.get("heard_as") or row.text,
        payload=content.get("payload"),
        media=content.get("media"),
        said_at=row.said_at,
        transcript=content.get("transcript"),
    )


def _kind(row: Any) -> MessageKind:
    """Its kind; many numbers are told that a message was edited, and not what it reads now."""
    told = row.content.get("unsupported")
    is_edit = isinstance(told, dict) and told.get("type") == MessageKind.EDIT.value
    return MessageKind.EDIT if is_edit else MessageKind(row.kind)


def _open_turn(row: Any, turn_id: int, heard: Heard, attempts: int) -> OpenTurn:
    return OpenTurn(
        id=turn_id,
        conversation_id=row.id,
        phone_number_id=row.phone_number_id,
        ticket_id=row.ticket_id,
        attempts=attempts,
        owner_fence=row.owner_fence if row.turn_fence is None else row.turn_fence,
        who=Listener(
            row.id,
            row.language,
            row.name,
            row.wa_id,
            contact_id=row.contact_id,
            is_noticed=row.notice_version is not None,
        ),
        heard=replace(heard, number=turn_id),
        is_instruction=not heard.message_ids,
    )


_STATE = """
SELECT c.id, c.phone_number_id, c.language, c.owner, c.owner_fence, c.owner_changed_by,
       c.bot_left_at, p.name, p.wa_id, p.id AS contact_id, p.notice_version,
       t.id AS turn_id, t.key AS turn_key, t.due_at <= now() AS turn_is_due,
       t.attempts AS turn_attempts, t.owner_fence AS turn_fence, t.instruction,
       m.id AS message_id, m.ticket_id, m.turn_id AS message_turn_id, m.wamid,
       m.kind, m.text, m.content, m.said_at, n.order_number AS about_order
FROM conversations c
JOIN contacts p ON p.id = c.contact_id
LEFT JOIN messages m ON m.conversation_id = c.id AND m.is_waiting
LEFT JOIN turns t ON t.conversation_id = c.id AND t.closed_at IS NULL
LEFT JOIN LATERAL (
  SELECT order_number FROM order_notices
  WHERE conversation_id = c.id AND told_at > COALESCE((
    SELECT started_at FROM turns
    WHERE conversation_id = c.id AND closed_at IS NOT NULL ORDER BY id DESC LIMIT 1
  ), '-infinity')
  ORDER BY id DESC LIMIT 1
) n ON true
WHERE c.id = %(id)s AND c.lane_fence = %(fence)s
ORDER BY t.id, m.id LIMIT 100
"""

_OPEN = """
WITH held AS (
  SELECT id FROM conversations
  WHERE id = %(conversation)s AND lane_fence = %(lane_fence)s FOR UPDATE
), opened AS (
  INSERT INTO turns (conversation_id, key, owner_fence)
  SELECT id, %(key)s, %(fence)s FROM held RETURNING id
), bound AS (
  UPDATE messages SET turn_id = (SELECT id FROM opened) WHERE id = ANY(%(messages)s)
)
SELECT id FROM opened
"""

_IS_OVER = "SELECT now() - started_at >= %(patience)s AS is_over FROM turns WHERE id = %(turn)s"

_POSTPONE = """
UPDATE turns SET attempts = attempts + 1, due_at = now() + %(delay)s, error = %(error)s
WHERE id = %(turn)s
"""

_SAID_BY_PEOPLE = """
SELECT text FROM messages
WHERE conversation_id = %(id)s AND author = 'agent' AND created_at >= %(since)s AND text <> ''
ORDER BY id DESC LIMIT 20
"""

_LEAVE_TO_PEOPLE = """
WITH left_open AS (
  UPDATE turns SET closed_at = now(), error = 'people took over'
  WHERE conversation_id = %(id)s AND closed_at IS NULL
)
UPDATE messages SET is_waiting = false WHERE conversation_id = %(id)s AND is_waiting
"""

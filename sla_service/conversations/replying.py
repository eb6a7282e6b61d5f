"""What an agent says: once, however often it is tried; and how far they have read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla_service.conversations import lanes, outbox
from sla_service.conversations.tables import Author
from sla_service.database.sessions import Connection, rows
from sla_service.errors import DomainError
from sla_service.whatsapp.compose import Composed


class WindowClosed(DomainError):
    """The contact wrote too long ago: only an approved template can be sent now."""

    status = 409


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and what they call what they say; a retry calls it the same."""

    agent_id: int
    key: str


async def said_before(connection: Connection, conversation_id: int, speaker: Speaker) -> int | None:
    """The message that the speaker said already under this key, if it is a retry."""
    found = await rows(connection, _SAID, {"key": _key(conversation_id, speaker)})
    return int(found[0].id) if found else None


async def reply(
    connection: Connection,
    conversation_id: int,
    speaker: Speaker,
    messages: Sequence[Composed],
    *,
    owner_fence: int,
    ticket_id: int,
    window: timedelta,
    at: datetime,
) -> list[int]:
    """Owe the contact what an agent says; returns the messages' ids. Raises WindowClosed.

    The caller holds the conversation, and has seen that the agent does.
    """
    found = await rows(connection, _IS_OPEN, {"id": conversation_id, "window": window})
    if not found[0].is_open and any(one.body["type"] != "template" for one in messages):
        raise WindowClosed(conversation=conversation_id)
    ids = await outbox.say(
        connection,
        conversation_id=conversation_id,
        ticket_id=ticket_id,
        turn_id=None,
        author=Author.AGENT,
        owner_fence=owner_fence,
        messages=messages,
        at=at,
        agent_id=speaker.agent_id,
        key=_key(conversation_id, speaker),
    )
    await lanes.owed(connection, conversation_id)
    await read(connection, conversation_id, speaker.agent_id)
    return ids


async def read(connection: Connection, conversation_id: int, agent_id: int) -> bool:
    """An agent has read what is there; False when there is nothing."""
    values = {"id": conversation_id, "agent": agent_id}
    return bool(await rows(connection, _READ, values))


def called(client_key: str | None) -> str | None:
    """What its speaker called a message, from what is kept of that."""
    return client_key and client_key.split(":", 2)[-1]


def _key(conversation_id: int, speaker: Speaker) -> str:
    """Two people may call different things the same."""
    return f"{speaker.agent_id}:{conversation_id}:{speaker.key}"


_SAID = "SELECT id FROM messages WHERE client_key = %(key)s"

_IS_OPEN = """
SELECT COALESCE(now() - last_inbound_at <= %(window)s, false) AS is_open
FROM conversations WHERE id = %(id)s
"""

_READ = """
INSERT INTO conversation_reads (conversation_id, agent_id, message_id)
SELECT %(id)s, %(agent)s, max(id) FROM (
  SELECT id FROM messages WHERE conversation_id = %(id)s ORDER BY said_at DESC, id DESC LIMIT 50
) newest HAVING count(*) > 0
ON CONFLICT (conversation_id, agent_id) DO UPDATE
SET message_id = GREATEST(conversation_reads.message_id, excluded.message_id), read_at = now()
RETURNING message_id
"""

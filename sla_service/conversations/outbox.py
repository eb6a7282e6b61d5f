"""What we owe a contact: said in the same transaction as what caused it, sent afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from sla_service.conversations.tables import Author
from sla_service.database.sessions import Connection, rows
from sla_service.whatsapp.compose import Composed


async def say(
    connection: Connection,
    *,
    conversation_id: int,
    ticket_id: int | None,
    turn_id: int | None,
    author: Author,
    owner_fence: int,
    messages: Sequence[Composed],
    at: datetime | None = None,
    agent_id: int | None = None,
    key: str | None = None,
) -> list[int]:
    """Owe a contact these messages, in this order, under the owner they were composed for.

    Returns their ids. The first bears `key`, by which whoever says them again finds them. The
    caller holds the conversation's row.
    """
    said = values(
        conversation_id, messages, ticket_id=ticket_id, turn_id=turn_id, author=author, at=at
    )
    owed = await rows(
        connection, _SAY, {**said, "agent": agent_id, "client_key": key, "owner_fence": owner_fence}
    )
    return [row.message_id for row in owed]


def values(
    conversation_id: int,
    messages: Sequence[Composed],
    *,
    ticket_id: int | None,
    turn_id: int | None,
    author: Author,
    at: datetime | None = None,
) -> dict[str, Any]:
    """What `SAID` needs; said now, by the database's clock, where no `at` is given."""
    return {
        "conversation": conversation_id,
        "ticket": ticket_id,
        "turn": turn_id,
        "author": author.value,
        "at": at,
        "kinds": [message.kind.value for message in messages],
        "texts": [message.text for message in messages],
        "contents": [Jsonb(message.content) for message in messages],
        "bodies": [Jsonb(message.body) for message in messages],
    }


# Parts of a statement that owes a contact messages, if `speaker` has a row: the `owner_fence`
# under which it speaks, its `agent_id`, and the `client_key` of what is said first.
SAID = """
said AS MATERIALIZED (
  SELECT nextval('messages_id_seq') AS id, nth, kind, text, content, body, speaker.*
  FROM unnest(%(kinds)s::text[], %(texts)s::text[], %(contents)s::jsonb[], %(bodies)s::jsonb[])
       WITH ORDINALITY AS s(kind, text, content, body, nth), speaker
), kept AS (
  INSERT INTO messages (id, conversation_id, ticket_id, turn_id, author, agent_id, client_key,
                        kind, text, content, said_at, state)
  SELECT id, %(conversation)s, %(ticket)s, %(turn)s, %(author)s, agent_id,
         CASE nth WHEN 1 THEN client_key END, kind, text, content,
         COALESCE(%(at)s::timestamptz, now()), 'queued' FROM said
), owed AS (
  INSERT INTO outbox (conversation_id, message_id, body, owner_fence, purpose)
  SELECT %(conversation)s, id, body, owner_fence, content ->> 'purpose' FROM said ORDER BY nth
  RETURNING message_id
)
"""

_SAY = f"""
WITH speaker AS (
  SELECT %(owner_fence)s::bigint AS owner_fence, %(agent)s::bigint AS agent_id,
         %(client_key)s::text AS client_key
), {SAID}
SELECT message_id FROM owed
"""  # noqa: S608 - our own words

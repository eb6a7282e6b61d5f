"""What we owe a contact: said in the same transaction as what caused it, sent afterwards."""

from collections.abc import Sequence
from datetime import datetime

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
    at: datetime,
    agent_id: int | None = None,
    key: str | None = None,
) -> list[int]:
    """Owe a contact these messages, in this order, under the owner they were composed for.

    Returns their ids. The first bears `key`, by which whoever says them again finds them. The
    caller holds the conversation's row.
    """
    owed = await rows(
        connection,
        _SAY,
        {
            "conversation": conversation_id,
            "ticket": ticket_id,
            "turn": turn_id,
            "author": author.value,
            "agent": agent_id,
            "key": key,
            "fence": owner_fence,
            "at": at,
            "kinds": [message.kind.value for message in messages],
            "texts": [message.text for message in messages],
            "contents": [Jsonb(message.content) for message in messages],
            "bodies": [Jsonb(message.body) for message in messages],
        },
    )
    return [row.message_id for row in owed]


_SAY = """
WITH said AS MATERIALIZED (
  SELECT nextval('messages_id_seq') AS id, nth, kind, text, content, body
  FROM unnest(%(kinds)s::text[], %(texts)s::text[], %(contents)s::jsonb[], %(bodies)s::jsonb[])
       WITH ORDINALITY AS s(kind, text, content, body, nth)
), kept AS (
  INSERT INTO messages (id, conversation_id, ticket_id, turn_id, author, agent_id, client_key,
                        kind, text, content, said_at, state)
  SELECT id, %(conversation)s, %(ticket)s, %(turn)s, %(author)s, %(agent)s::bigint,
         CASE nth WHEN 1 THEN %(key)s::text END, kind, text, content, %(at)s, 'queued' FROM said
)
INSERT INTO outbox (conversation_id, message_id, body, owner_fence)
SELECT %(conversation)s, id, body, %(fence)s FROM said ORDER BY nth
RETURNING message_id
"""

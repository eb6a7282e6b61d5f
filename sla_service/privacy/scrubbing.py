"""What goes and what stays, table by table: words, names and numbers go, counts and times stay.

Each statement may be repeated. A new table whose columns can hold a contact's words gets a
statement here; a test finds the one that was forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sla_service.database.sessions import Connection, rows

_ERASED = """'{"erased": true}'"""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Whose:
    """A contact, and the threads with them."""

    contact_id: int
    conversations: Sequence[int]

    def values(self) -> Mapping[str, object]:
        """What statements are bound with."""
        return {"contact": self.contact_id, "conversations": list(self.conversations)}


async def chunk(connection: Connection, whose: Whose) -> tuple[list[int], list[str]]:
    """Some messages that still say something: their ids, and the channel's."""
    values = {"conversations": list(whose.conversations), "limit": _CHUNK}
    found = await rows(connection, _CHUNK_OF_MESSAGES, values)
    return [row.id for row in found], [row.wamid for row in found if row.wamid]


async def messages(connection: Connection, ids: Sequence[int]) -> None:
    """Erase what was said in these messages."""
    await rows(connection, _MESSAGES, {"ids": list(ids)})


async def beside(connection: Connection, whose: Whose) -> dict[str, int]:
    """Erase what stands beside the messages; returns how many rows of each table were looked at."""
    await rows(connection, _OUTBOX, whose.values())
    counts: dict[str, int] = {}
    for name, statement in CONTENT.items():
        counts[name] = len(await rows(connection, statement, whose.values()))
    is_there = await rows(connection, _HAS_BOT_MEMORY)
    if is_there[0].found:
        names = {"names": [str(one) for one in whose.conversations]}
        counts["bot_memory"] = len(await rows(connection, _BOT_MEMORY, names))
    return counts


async def old_messages(
    connection: Connection, older_than: object, after: int
) -> tuple[int | None, bool]:
    """Erase what was said before an instant, in messages after an id: a chunk of them.

    Where a legal hold is, nothing goes. Returns the last id that was looked at, None when there is
    nothing more to look at; and whether this was the last chunk.
    """
    values = {"before": older_than, "after": after, "limit": _CHUNK}
    found = (await rows(connection, _OLD_MESSAGES, values))[0]
    return found.reached, found.is_last


async def old_words(connection: Connection, older_than: object) -> None:
    """Erase what people wrote about tickets that were solved before an instant.

    Where a legal hold is, nothing goes.
    """
    for statement in _OLD_WORDS:
        old = statement.replace("OLD", _OLD_TICKETS).replace("HELD", _HELD)
        await rows(connection, old, {"before": older_than})


_BLANK = f"""
SET text = '', content = {_ERASED}, wamid = NULL, client_key = NULL, is_waiting = false,
    failure = CASE WHEN failure IS NOT NULL THEN
                jsonb_strip_nulls(jsonb_build_object('class', failure -> 'class',
                                                     'code', failure -> 'code')) END
"""

_CHUNK_OF_MESSAGES = """
SELECT id, wamid FROM messages
WHERE conversation_id = ANY(%(conversations)s) AND NOT content ? 'erased'
LIMIT %(limit)s FOR UPDATE
"""

_MESSAGES = f"UPDATE messages {_BLANK} WHERE id = ANY(%(ids)s)"

_HELD = """
SELECT c.id FROM conversations c JOIN contacts p ON p.id = c.contact_id
WHERE p.legal_hold IS NOT NULL
"""

# A message that waits for the bot, or to be sent, is not old. It stops before the first message
# that is too new, so that nothing behind that is read; one more than a chunk tells whether it ends.
_OLD_MESSAGES = f"""
WITH looked AS (
  SELECT id, content, is_waiting, state, created_at FROM messages
  WHERE id > %(after)s ORDER BY id LIMIT %(limit)s + 1
), old AS (
  SELECT *, row_number() OVER (ORDER BY id) AS place FROM looked
  WHERE id < COALESCE((SELECT min(id) FROM looked WHERE created_at >= %(before)s),
                      9223372036854775807)
), erased AS (
  UPDATE messages m {_BLANK} FROM old o
  WHERE m.id = o.id AND o.place <= %(limit)s AND NOT o.content ? 'erased' AND NOT o.is_waiting
    AND o.state IS DISTINCT FROM 'queued' AND m.conversation_id NOT IN ({_HELD})
)
SELECT max(id) FILTER (WHERE place <= %(limit)s) AS reached, count(*) <= %(limit)s AS is_last
FROM old
"""  # noqa: S608 - our own words

_OUTBOX = "DELETE FROM outbox WHERE conversation_id = ANY(%(conversations)s)"

_TICKETS = "SELECT id FROM tickets WHERE conversation_id = ANY(%(conversations)s)"

_STATEMENTS = {
    "turns": """
        UPDATE turns SET key = 'erased:' || id, instruction = left(instruction, 0), error = NULL
        WHERE conversation_id = ANY(%(conversations)s) RETURNING id
    """,
    "tickets": """
        UPDATE tickets SET subject = '', rating_until = NULL WHERE id IN (TICKETS) RETURNING id
    """,
    "notes": """
        UPDATE notes SET text = '', key = NULL WHERE ticket_id IN (TICKETS) RETURNING id
    """,
    "action_items": """
        UPDATE action_items SET text = '', key = NULL WHERE ticket_id IN (TICKETS) RETURNING id
    """,
    "ratings": """
        UPDATE ratings SET comment = NULL WHERE ticket_id IN (TICKETS) RETURNING id
    """,
    "handoffs": """
        UPDATE handoffs
        SET summary = NULL, key = NULL,
            details = jsonb_strip_nulls(jsonb_build_object('routed', details -> 'routed'))
        WHERE conversation_id = ANY(%(conversations)s) RETURNING id
    """,
    "order_proofs": """
        UPDATE order_proofs SET key = 'erased:' || id
        WHERE conversation_id = ANY(%(conversations)s) RETURNING id
    """,
    "conversations": """
        UPDATE conversations SET owner_changed_by = NULL, due_at = NULL
        WHERE id = ANY(%(conversations)s) RETURNING id
    """,
    "notices": """
        UPDATE notices SET facts = facts - ARRAY['subject', 'text', 'reason']
        WHERE ticket_id IN (TICKETS) RETURNING id
    """,
    "webhook_deliveries": """
        UPDATE webhook_deliveries
        SET body = jsonb_set(body, '{data}',
                             (body -> 'data') - ARRAY['subject', 'text', 'reason']),
            last_error = NULL
        WHERE jsonb_typeof(body -> 'data') = 'object'
          AND body -> 'data' ->> 'ticket_id' IN (SELECT id::text FROM (TICKETS) t)
        RETURNING id
    """,
    "audit_log": """
        UPDATE audit_log
        SET details = details - ARRAY['name', 'subject', 'text', 'reason', 'summary']
        WHERE (target_kind = 'conversation' AND target_id = ANY(%(conversations)s::text[]))
           OR (target_kind = 'ticket' AND target_id IN (
                 SELECT number::text FROM tickets WHERE conversation_id = ANY(%(conversations)s)))
        RETURNING id
    """,
    "order_notices": """
        UPDATE order_notices
        SET facts = '{}', state = CASE state WHEN 'wanted' THEN 'dropped' ELSE state END,
            reason = CASE state WHEN 'wanted' THEN 'no_consent' ELSE reason END
        WHERE conversation_id = ANY(%(conversations)s) RETURNING id
    """,
    "unanswered_questions": """
        DELETE FROM unanswered_questions
        WHERE conversation_id = ANY(%(conversations)s) RETURNING id
    """,
    "consents": """
        UPDATE consents SET cause = '', message_id = NULL,
                            wording = CASE WHEN is_granted THEN wording ELSE '' END
        WHERE contact_id = %(contact)s RETURNING id
    """,
}
CONTENT = {name: statement.replace("TICKETS", _TICKETS) for name, statement in _STATEMENTS.items()}
"""By table: what takes the contact's words out of it, and leaves what is counted."""

_HAS_BOT_MEMORY = "SELECT to_regclass('bot.conversations') IS NOT NULL AS found"
_BOT_MEMORY = "DELETE FROM bot.conversations WHERE conversation = ANY(%(names)s) RETURNING version"

_OLD_TICKETS = """
SELECT id FROM tickets
WHERE status = 'resolved' AND resolved_at < %(before)s AND conversation_id NOT IN (HELD)
"""
_OLD_WORDS = (
    """DELETE FROM unanswered_questions
       WHERE asked_at < %(before)s
         AND (conversation_id IS NULL OR conversation_id NOT IN (HELD))""",
    """UPDATE order_notices SET facts = '{}'
       WHERE created_at < %(before)s AND state <> 'wanted' AND facts <> '{}'
         AND (conversation_id IS NULL OR conversation_id NOT IN (HELD))""",
    """UPDATE notices SET facts = facts - ARRAY['subject', 'text', 'reason']
       WHERE created_at < %(before)s AND facts ?| ARRAY['subject', 'text', 'reason']
         AND ticket_id NOT IN (SELECT id FROM tickets WHERE conversation_id IN (HELD))""",
    """UPDATE webhook_deliveries
       SET body = jsonb_set(body, '{data}',
                            (body -> 'data') - ARRAY['subject', 'text', 'reason'])
       WHERE created_at < %(before)s AND due_at IS NULL
         AND body -> 'data' ?| ARRAY['subject', 'text', 'reason']""",
    "UPDATE tickets SET subject = '' WHERE subject <> '' AND id IN (OLD)",
    "UPDATE notes SET text = '' WHERE text <> '' AND ticket_id IN (OLD)",
    "UPDATE action_items SET text = '' WHERE text <> '' AND ticket_id IN (OLD)",
    "UPDATE ratings SET comment = NULL WHERE comment IS NOT NULL AND ticket_id IN (OLD)",
    """UPDATE handoffs
       SET summary = NULL,
           details = jsonb_strip_nulls(jsonb_build_object('routed', details -> 'routed'))
       WHERE (summary IS NOT NULL OR details ? 'facts') AND ticket_id IN (OLD)""",
)

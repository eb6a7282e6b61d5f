"""What the bot found out about a conversation, gathered for whoever takes over."""

from typing import Any

from sla_service.database.sessions import Connection, rows
from sla_service.handoff import opening
from sla_service.handoff.holding import Held
from sla_service.handoff.routing import Facts
from sla_service.handoff.tables import Reason

_TOPICS = {Reason.FRAUD: "fraud_report", Reason.COMPLAINT: "complaint"}


async def facts(connection: Connection, held: Held, reason: Reason) -> Facts:
    """What rules of routing look at."""
    values = {"id": held.conversation_id, "ticket": held.ticket_id}
    found = (await rows(connection, _FACTS, values))[0]
    hours = await opening.hours(connection, held.ticket_id)
    return Facts(
        reason=reason.value,
        text=found.said or "",
        intent=_TOPICS.get(reason) or found.intent,
        language=held.language,
        priority=held.priority.value,
        tags=tuple(found.tags),
        contact=tuple(one for one in (found.wa_id, found.bsuid, found.username) if one),
        is_open=hours.opens_at(held.at) is None,
    )


async def intents(connection: Connection, conversation_id: int) -> list[dict[str, Any]]:
    """What the bot understood lately and how sure it was, the earliest first."""
    found = await rows(connection, _INTENTS, {"id": conversation_id})
    return [
        {"intent": row.intent, "confidence": row.confidence, "at": row.started_at.isoformat()}
        for row in reversed(found)
    ]


_FACTS = """
SELECT p.wa_id, p.bsuid, p.username, t.tags,
       s.state -> 'facts' ->> 'intent' AS intent,
       (SELECT string_agg(left(m.text, 500), E'\\n' ORDER BY m.id) FROM (
          SELECT id, text FROM messages
          WHERE conversation_id = c.id AND ticket_id = t.id AND author = 'contact'
            AND text <> '' AND revoked_at IS NULL
          ORDER BY id DESC LIMIT 8
        ) m) AS said
FROM conversations c
JOIN contacts p ON p.id = c.contact_id
JOIN tickets t ON t.id = %(ticket)s
LEFT JOIN sla_tickets s ON s.ticket_id = t.id
WHERE c.id = %(id)s
"""

_INTENTS = """
SELECT intent, confidence, started_at FROM turns
WHERE conversation_id = %(id)s AND closed_at IS NOT NULL AND intent IS NOT NULL
ORDER BY id DESC LIMIT 8
"""

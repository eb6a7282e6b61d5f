"""The statement that lists conversations: one for each page, however many there are."""

from typing import Any, Literal

from sla_service.console import searching
from sla_service.console.cursors import Cursor, UrgentCursor
from sla_service.tickets.tables import Priority

View = Literal["mine", "waiting", "open", "bot", "resolved", "all"]
URGENT_FIRST: frozenset[View] = frozenset({"mine", "waiting", "open"})
"""Views in which the most urgent promise comes first; in the others, the newest activity."""

_BELONGS: dict[View, str] = {
    "mine": "c.owner = 'agent' AND c.agent_id = CAST(:me AS bigint)",
    "waiting": "c.owner = 'queue'",
    "open": "c.owner <> 'bot' AND t.status IS DISTINCT FROM 'resolved'",
    # As an array they are looked up one by one: else all there ever were may be gone through.
    "bot": "c.owner = 'bot' AND t.status <> 'resolved' AND c.id = ANY(ARRAY"
    "(SELECT conversation_id FROM tickets WHERE status <> 'resolved'))",
    "resolved": "t.status = 'resolved'",
    "all": "true",
}


class Listing:
    """Conditions on the conversations `c` and their newest tickets `t`, and their values."""

    def __init__(self, me: int | None) -> None:
        self._where = ["c.last_message_at IS NOT NULL"]
        self._of_ticket: list[str] = []
        self._by_urgency = False
        self.values: dict[str, Any] = {"me": me, "limit": 1}

    def only(self, conversation_id: int) -> None:
        """One conversation."""
        self._add("c.id = :id", id=conversation_id)

    def of(self, view: View) -> None:
        """Those of a view, in its order."""
        (self._of_ticket if "t." in _BELONGS[view] else self._where).append(_BELONGS[view])
        self._by_urgency = view in URGENT_FIRST

    def found(self, query: str) -> None:
        """Those in which something was looked for."""
        condition = searching.condition(query)
        if condition is not None:
            self._add(condition[0], **condition[1])

    def narrowed(
        self,
        *,
        priority: Priority | None,
        language: str | None,
        tag: str | None,
        agent: int | None,
        unread: bool,
    ) -> None:
        """Those with a priority, a language, a tag, a holder, or something unread."""
        if priority is not None:
            self._has("t.priority = :priority", priority=priority.value)
            if priority is not Priority.NORMAL:  # which are found at once
                self._among(_WITH_PRIORITY)
        if language is not None:
            self._add("c.language = :language", language=language)
        if tag is not None:
            self._has("t.tags @> ARRAY[CAST(:tag AS text)]", tag=tag)
            self._among(_WITH_TAG)
        if agent is not None:
            self._add("c.owner = 'agent' AND c.agent_id = :agent", agent=agent)
        if unread:
            self._where.append(HAS_UNREAD.format(agent="CAST(:me AS bigint)"))

    def after(self, word: str | None) -> None:
        """Those behind the last row of a page. Raises BadCursor."""
        if self._by_urgency:
            self._after_urgent(UrgentCursor.read(word))
            return
        row = Cursor.read(word)
        if row is not None:
            self._add(_AFTER, at=row.at, after=row.id)

    def statement(self, limit: int) -> str:
        """The SQL, for at most `limit` rows."""
        self.values["limit"] = limit
        where = " AND ".join([*self._where, *self._of_ticket])
        if self._by_urgency:
            return _LIST.format(among="conversations", where=where, order=_BY_URGENCY)
        if self._of_ticket:
            return _LIST.format(among="conversations", where=where, order=_BY_TIME)
        # The page can be cut before any ticket is looked at.
        page = _PAGE.format(where=where, order=_BY_TIME)
        return _LIST.format(among=page, where="true", order=_BY_TIME)

    def cursor(self, row: Any) -> str:
        """What the page after this row begins with."""
        if self._by_urgency:
            return str(UrgentCursor(row.due_at, row.last_message_at, row.id))
        return str(Cursor(row.last_message_at, row.id))

    def _after_urgent(self, row: UrgentCursor | None) -> None:
        if row is None:
            return
        if row.due_at is None:
            self._has(f"s.due_at IS NULL AND {_AFTER}", at=row.at, after=row.id)
        else:
            self._has(
                f"(s.due_at IS NULL OR s.due_at > :due OR (s.due_at = :due AND {_AFTER}))",
                due=row.due_at,
                at=row.at,
                after=row.id,
            )

    def _add(self, condition: str, **values: Any) -> None:
        self._where.append(condition)
        self.values |= values

    def _has(self, condition: str, **values: Any) -> None:
        """A condition on the ticket, or on its clock."""
        self._of_ticket.append(condition)
        self.values |= values

    def _among(self, tickets: str) -> None:
        """Where all there are would be gone through: only those of the newest such tickets."""
        if not self._by_urgency:
            self._where.append(tickets)


PLACED_AT = """
CASE author WHEN 'contact' THEN LEAST(created_at, said_at + interval '0.999999 s')
            ELSE said_at END
"""
"""Where a message stands in its thread."""

HAS_UNREAD = """
c.owner <> 'bot' AND EXISTS (
  SELECT FROM messages u
  LEFT JOIN conversation_reads r ON r.conversation_id = c.id AND r.agent_id = {agent}
  WHERE u.conversation_id = c.id AND u.said_at >= c.last_inbound_at AND u.author = 'contact'
    AND u.id > COALESCE(r.message_id, 0)
) AND NOT EXISTS (
  SELECT FROM messages u
  WHERE u.conversation_id = c.id AND u.said_at >= c.last_inbound_at AND u.author = 'agent'
)
"""
"""That the contact's last message is news to an agent, and answered by none."""

NEWEST_TICKET = """
SELECT id, number, status, priority, subject, tags FROM tickets
WHERE conversation_id = c.id AND merged_into_id IS NULL ORDER BY id DESC LIMIT 1
"""

# An index finds them, and whoever narrows a list looks for what is lately so.
_NEWEST = 500
_WITH_PRIORITY = f"""
c.id = ANY(ARRAY(
  SELECT conversation_id FROM tickets WHERE priority = :priority AND priority <> 'normal'
  ORDER BY id DESC LIMIT {_NEWEST}
))
"""  # noqa: S608 - our own words
# A tag may be on every tenth ticket that ever was: the newest tickets are looked through first, and
# all the others only where they don't have enough of it.
_RECENT = 20_000
_TAGGED = "FROM tickets WHERE tags @> ARRAY[CAST(:tag AS text)] AND tags <> '{}'"
_BOUND = f"(SELECT max(id) - {_RECENT} FROM tickets)"  # noqa: S608 - our own words
_WITH_TAG = f"""
c.id = ANY(ARRAY(
  SELECT conversation_id FROM (
    (SELECT conversation_id {_TAGGED} AND id > {_BOUND} ORDER BY id DESC LIMIT {_NEWEST})
    UNION ALL
    (SELECT conversation_id {_TAGGED} AND id <= {_BOUND} ORDER BY id DESC LIMIT {_NEWEST})
  ) tagged LIMIT {_NEWEST}
))
"""  # noqa: S608 - our own words
_PAGE = "(SELECT c.* FROM conversations c WHERE {where} ORDER BY {order} LIMIT :limit)"

_AFTER = "(c.last_message_at < :at OR (c.last_message_at = :at AND c.id > :after))"
_BY_TIME = "c.last_message_at DESC NULLS LAST, c.id"
_BY_URGENCY = "due_at NULLS LAST, c.last_message_at DESC, c.id"

# The page is cut first, from an index of those that people have or of last activity; each LATERAL
# then takes few rows by index. What is counted is counted among the newest fifty messages.
# The channel tells whole seconds: which message of one is the last, our own clock knows better.
# What the bot or the desk says after a handoff answers nobody: only an agent ends the waiting.
_LIST = f"""
SELECT c.*, p.name, p.wa_id, p.username, p.bsuid, a.name AS agent_name, h.reason,
       CASE WHEN m.revoked_at IS NOT NULL THEN ''
            ELSE COALESCE(m.content ->> 'edited', m.text) END AS message_text,
       m.author AS message_author, m.kind AS message_kind, m.said_at AS message_at,
       m.revoked_at IS NOT NULL AS message_revoked,
       COALESCE(n.asked > 0, false) AS is_waiting,
       CASE WHEN n.asked > 0 THEN GREATEST(h.at, n.asked_at) END AS waiting_since,
       COALESCE(n.unread, 0) AS unread,
       f.state #>> '{{{{facts,intent}}}}' AS intent,
       o.id AS offer_id, o.expires_at AS offer_expires_at
FROM (
  SELECT c.id, c.owner, c.owner_fence, c.agent_id, c.language, c.last_message_at,
         c.last_inbound_at, c.contact_id,
         t.id AS ticket_id, t.number AS ticket_number, t.status AS ticket_status,
         t.priority AS ticket_priority, t.subject AS ticket_subject, t.tags,
         s.metric, s.due_at, s.state AS clock_state, s.breached_at
  FROM {{among}} c
  LEFT JOIN LATERAL ({NEWEST_TICKET}) t ON true
  LEFT JOIN LATERAL (
    SELECT metric, due_at, state, breached_at FROM sla_clocks
    WHERE ticket_id = t.id AND stopped_at IS NULL
      AND metric IN ('first_response', 'next_response', 'resolution')
    ORDER BY due_at NULLS LAST, metric LIMIT 1
  ) s ON true
  WHERE {{where}} ORDER BY {{order}} LIMIT :limit
) c
JOIN contacts p ON p.id = c.contact_id
LEFT JOIN agents a ON a.id = c.agent_id AND c.owner = 'agent'
LEFT JOIN sla_tickets f ON f.ticket_id = c.ticket_id
LEFT JOIN offers o ON o.conversation_id = c.id AND o.outcome IS NULL AND o.expires_at > now()
  AND o.agent_id = CAST(:me AS bigint)
LEFT JOIN conversation_reads r ON r.conversation_id = c.id AND r.agent_id = CAST(:me AS bigint)
LEFT JOIN LATERAL (
  SELECT reason, at FROM handoffs
  WHERE conversation_id = c.id AND from_owner = 'bot' AND c.owner <> 'bot'
  ORDER BY id DESC LIMIT 1
) h ON true
LEFT JOIN LATERAL (
  SELECT * FROM (
    SELECT text, content, author, kind, said_at, revoked_at, created_at, id FROM messages
    WHERE conversation_id = c.id ORDER BY said_at DESC, id DESC LIMIT 3
  ) newest
  ORDER BY {PLACED_AT} DESC, id DESC LIMIT 1
) m ON true
LEFT JOIN LATERAL (
  SELECT count(*) AS asked, min(at) AS asked_at,
         count(*) FILTER (
           WHERE id > COALESCE(r.message_id, 0)
             AND at >= LEAST(h.at - interval '1 minute', c.last_inbound_at)
         ) AS unread
  FROM (
    SELECT id, author, {PLACED_AT} AS at,
           max(id) FILTER (WHERE author = 'agent') OVER () AS answered
    FROM (
      SELECT id, author, said_at, created_at FROM messages
      WHERE conversation_id = c.id AND c.owner <> 'bot'
      ORDER BY said_at DESC, id DESC LIMIT 50
    ) newest
  ) told
  WHERE author = 'contact' AND id > COALESCE(answered, 0)
) n ON true
ORDER BY {{order}}
"""  # noqa: S608 - our own words

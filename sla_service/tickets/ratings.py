"""Contacts are asked how it went: once for each resolution, when a while has passed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sla_service.conversations import consent, lanes, outbox
from sla_service.conversations.consent import Purpose
from sla_service.conversations.tables import Author, Owner
from sla_service.conversations.wording import Wording
from sla_service.database.sessions import Connection, rows
from sla_service.settings import RatingSettings
from sla_service.tickets import scores
from sla_service.tickets.tables import RatingState, TicketStatus
from sla_service.whatsapp import registry
from sla_service.whatsapp.compose import Composed, compose
from sla_service.whatsapp.values import MessageKind, Option, Reply

QUESTION = "utter_desk_rate"
OPEN_LIST = "utter_desk_rate_open"
SCORE = "utter_desk_score_{}"
_ANSWER_WITHIN = timedelta(hours=24)  # a score that is typed; one that is chosen always counts
_PURPOSE = {"purpose": Purpose.RATING.value}
_LANGUAGE_CODES = {"pt": "pt_BR", "en": "en"}


async def want(connection: Connection, ticket_ids: Sequence[int], *, by: int | None = None) -> None:
    """Tickets were resolved just now, by an agent's account or by the bot: ask about them later."""
    if ticket_ids:
        await rows(connection, _WANT, {"ids": list(ticket_ids), "by": by})


async def ask_due(
    connection: Connection,
    settings: RatingSettings,
    *,
    window: timedelta,
    wording: Wording,
    limit: int = 50,
) -> int:
    """Ask contacts whose turn it is, or pass them over; returns how many were looked at.

    Within `window` of their last message with a list to choose from, after it with the approved
    template. One whose conversation somebody works on at this moment is looked at the next time.
    """
    values = {"delay": settings.delay, "limit": limit}
    free = [row.id for row in await rows(connection, _DUE, values)]
    if not free:
        return 0
    if settings.template and await registry.is_stopped(connection, settings.template):
        settings = settings.model_copy(update={"template": ""})
    values = {"ids": free, "window": window, "pause": settings.bot_pause}
    found = await rows(connection, _LOOK, values)
    for row in found:
        question = _question(row, settings, wording)
        if question is None:
            await _mark(connection, row, RatingState.PASSED_OVER)
            continue
        await outbox.say(
            connection,
            conversation_id=row.conversation_id,
            ticket_id=row.ticket_id,
            turn_id=None,
            author=Author.DESK,
            owner_fence=row.owner_fence,
            messages=[replace(one, content={**one.content, **_PURPOSE}) for one in question],
            at=row.at,
        )
        await _mark(connection, row, RatingState.ASKED)
        await lanes.owed(connection, row.conversation_id)
    return len(found)


def _question(row: Any, settings: RatingSettings, wording: Wording) -> list[Composed] | None:
    """What to ask with; None: better not."""
    if settings.ask == "nobody" or row.is_too_late or not row.is_allowed or not _is_still_so(row):
        return None
    if row.is_bot_only and (settings.ask == "people" or row.was_asked_lately):
        return None
    text = wording.say(QUESTION, row.language, ticket=row.number)
    options = [
        Option(
            wording.say(SCORE.format(score), row.language),
            scores.payload(row.number, row.resolution, score),
        )
        for score in scores.SCORES
    ]
    if row.is_window_open:
        label = wording.say(OPEN_LIST, row.language)
        return compose([Reply(text, tuple(options))], list_label=label)
    return (
        [_template(settings.template, row.language, text, options)] if settings.template else None
    )


def _is_still_so(row: Any) -> bool:
    """Whether the contact's latest matter is this one, solved, and nobody talks with them."""
    return bool(
        row.owner == Owner.BOT
        and row.status == TicketStatus.RESOLVED
        and row.resolution == row.resolutions
        and row.ticket_id == row.newest_id
    )


def _template(name: str, language: str | None, text: str, options: Sequence[Option]) -> Composed:
    """A template whose quick replies are the five scores, the best first; it has no variables."""
    buttons = [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(place),
            "parameters": [{"type": "payload", "payload": option.payload}],
        }
        for place, option in enumerate(options)
    ]
    code = _LANGUAGE_CODES.get(language or "", _LANGUAGE_CODES["pt"])
    template = {"name": name, "language": {"code": code}, "components": buttons}
    shown = [{"title": option.title, "payload": option.payload} for option in options]
    return Composed(
        {"type": "template", "template": template},
        MessageKind.TEXT,
        text,
        {"options": shown, "template": name},
    )


async def _mark(connection: Connection, row: Any, state: RatingState) -> None:
    values = {"id": row.id, "ticket": row.ticket_id, "state": state.value, "within": _ANSWER_WITHIN}
    await rows(connection, _MARK_ASKED if state is RatingState.ASKED else _MARK, values)


# A person took part when one held it at the end, was given it, answered, or when nobody solved it
# in the time the bot had; counted from the resolution before, if there was one.
_WANT = """
INSERT INTO ratings (ticket_id, resolution, agent_id, is_bot_only)
SELECT t.id, t.resolutions, %(by)s::bigint,
       COALESCE(s.state ->> 'tier', 'bot') = 'bot'
       AND NOT EXISTS (
         SELECT FROM sla_events e
         WHERE e.ticket_id = t.id AND e.seq > COALESCE(before.seq, 0)
           AND (e.kind = 'agent_message' OR e.payload ->> 'tier' <> 'bot')
       )
       AND NOT EXISTS (
         SELECT FROM sla_effects f
         WHERE f.ticket_id = t.id AND f.kind = 'breached' AND f.next_tier IS NOT NULL
           AND f.at > COALESCE(before.at, '-infinity')
       )
FROM tickets t
LEFT JOIN sla_tickets s ON s.ticket_id = t.id
LEFT JOIN LATERAL (
  SELECT seq, at FROM sla_events
  WHERE ticket_id = t.id AND kind = 'status' AND payload ->> 'status' = 'resolved'
  ORDER BY seq DESC OFFSET 1 LIMIT 1
) before ON true
WHERE t.id = ANY(%(ids)s)
ON CONFLICT (ticket_id, resolution) DO NOTHING
"""

_DUE = """
WITH due AS MATERIALIZED (
  SELECT r.id, t.conversation_id FROM ratings r JOIN tickets t ON t.id = r.ticket_id
  WHERE r.state = 'wanted' AND r.resolved_at <= now() - %(delay)s::interval
  ORDER BY r.resolved_at LIMIT %(limit)s
)
SELECT due.id FROM due JOIN conversations c ON c.id = due.conversation_id
ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
"""

_LOOK = f"""
SELECT r.id, r.ticket_id, r.resolution, r.is_bot_only, t.number, t.status, t.resolutions,
       t.conversation_id, c.owner, c.owner_fence, c.language, clock_timestamp() AS at,
       r.resolved_at < now() - interval '1 day' AS is_too_late,
       COALESCE(c.last_inbound_at > now() - %(window)s::interval, false) AS is_window_open,
       p.erased_at IS NULL AND {consent.allowed_sql("p.id", Purpose.RATING)} AS is_allowed,
       (SELECT n.id FROM tickets n
        WHERE n.conversation_id = c.id AND n.merged_into_id IS NULL
        ORDER BY n.id DESC LIMIT 1) AS newest_id,
       EXISTS (
         SELECT FROM conversations o
         JOIN tickets a ON a.conversation_id = o.id JOIN ratings b ON b.ticket_id = a.id
         WHERE o.contact_id = c.contact_id AND b.asked_at > now() - %(pause)s::interval
       ) AS was_asked_lately
FROM ratings r
JOIN tickets t ON t.id = r.ticket_id
JOIN conversations c ON c.id = t.conversation_id
JOIN contacts p ON p.id = c.contact_id
WHERE r.id = ANY(%(ids)s) AND r.state = 'wanted'
"""  # noqa: S608 - our own words

_MARK = "UPDATE ratings SET state = %(state)s WHERE id = %(id)s"

_MARK_ASKED = """
WITH open AS (
  UPDATE tickets SET rating_until = now() + %(within)s::interval WHERE id = %(ticket)s
)
UPDATE ratings SET state = %(state)s, asked_at = now() WHERE id = %(id)s
"""

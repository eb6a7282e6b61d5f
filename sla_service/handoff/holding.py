"""Who holds a conversation: its row locked, and the one statement that changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from sla_service.agents import audit
from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.errors import DomainError, NotFound
from sla_service.handoff.tables import Reason
from sla_service.handoff.transitions import Act, after
from sla_service.tickets import promises
from sla_service.tickets.lifecycle import NoTicketYet
from sla_service.tickets.tables import Priority, TicketStatus
from sla_service.web.principals import Principal, Role

DESK = Principal("service", None, "desk", Role.SERVICE)
"""Who does what a rule of the desk asks for."""
_TOPICS = {Reason.FRAUD: "fraud_report", Reason.COMPLAINT: "complaint"}


class ConversationNotFound(NotFound):
    """There is no conversation with this id."""


class ChangedMeanwhile(DomainError):
    """The conversation changed hands meanwhile: look at it again."""

    status = 409


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a conversation, and the ticket it is about, as they are while it is locked."""

    conversation_id: int
    owner: Owner
    agent_id: int | None
    agent_name: str | None
    fence: int
    language: str | None
    ticket_id: int
    number: int
    """What people call the ticket by."""
    status: TicketStatus
    priority: Priority
    at: datetime
    """The database's time."""
    handoff_id: int | None = None
    """The change that led to this, when it was just made."""


@dataclass(frozen=True, slots=True)
class Move:
    """Why a conversation changes hands, by whose act, and what is written down with it."""

    reason: Reason
    by: Principal
    to_agent: int | None = None
    summary: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    """The turn that asks for it, when a turn does."""


async def hold(connection: Connection, conversation_id: int) -> Held:
    """Lock a conversation until the commit. Raises ConversationNotFound, NoTicketYet."""
    if not await rows(connection, _LOCK, {"id": conversation_id}):
        raise ConversationNotFound(conversation=conversation_id)
    # Apart from the lock: whoever had to wait for it must not see what was before.
    found = (await rows(connection, _SEE, {"id": conversation_id}))[0]
    if found.ticket_id is None:
        raise NoTicketYet(conversation=conversation_id)
    return Held(
        conversation_id=conversation_id,
        owner=Owner(found.owner),
        agent_id=found.agent_id,
        agent_name=found.agent_name,
        fence=found.owner_fence,
        language=found.language,
        ticket_id=found.ticket_id,
        number=found.number,
        status=TicketStatus(found.status),
        priority=Priority(found.priority),
        at=found.now,
    )


async def change(connection: Connection, held: Held, act: Act, move: Move) -> Held:
    """Change who holds a conversation that is held here; the fence rises, whoever it is.

    The handoff is written down, and audit, promises and open consoles learn of it. What the bot
    composed is left behind. What people composed goes along when they themselves let go of it,
    and when it comes back to people before that was sent; so does what was said at the door when
    somebody takes it from the queue.
    Raises ChangedMeanwhile, NotWithPeople.
    """
    to = after(act, held.owner)
    changed = await rows(connection, _CHANGE, _values(held, to, move))
    if not changed:
        raise ChangedMeanwhile
    await _promise(connection, held, to, move.reason)
    await audit.record(
        connection,
        move.by,
        f"conversation.{move.reason.value}",
        "conversation",
        held.conversation_id,
        ticket=held.number,
        owner=to.value,
        agent=move.to_agent,
        agent_before=held.agent_id,
    )
    await _tell(connection, held, to, [row.offer for row in changed])
    return replace(await hold(connection, held.conversation_id), handoff_id=int(changed[0].handoff))


def _values(held: Held, to: Owner, move: Move) -> dict[str, Any]:
    is_agent = move.by.kind == "agent"
    lets_go = is_agent and move.by.id == held.agent_id
    return {
        "id": held.conversation_id,
        "ticket": held.ticket_id,
        "seen": held.fence,
        "from": held.owner.value,
        "to": to.value,
        "from_agent": held.agent_id,
        "to_agent": move.to_agent if to is Owner.AGENT else None,
        "by": move.by.id if is_agent else None,
        "reason": move.reason.value,
        "summary": move.summary,
        "details": Jsonb(dict(move.details)),
        "key": move.key,
        "goes_along": held.owner is Owner.QUEUE or lets_go,
    }


async def _promise(connection: Connection, held: Held, to: Owner, reason: Reason) -> None:
    """Whose time it is now, as far as promises are concerned."""
    if held.status is TicketStatus.PENDING and held.owner is Owner.BOT:
        await promises.reopened(connection, held.ticket_id)  # a person is owed to it now
    if promises.tier(held.owner) != promises.tier(to):
        learnt = {"intent": _TOPICS[reason]} if reason in _TOPICS else {}
        if held.language is not None:
            learnt["language"] = held.language
        await promises.assigned(connection, held.ticket_id, to, **learnt)


async def _tell(connection: Connection, held: Held, to: Owner, offers: list[int | None]) -> None:
    """Let open consoles know, and who hands out work."""
    await tell_by(connection, Channel.LIVE, str(held.conversation_id))
    for offer in offers:
        if offer is not None:
            await tell_by(connection, Channel.LIVE, f"offer:{offer}")
    if to is Owner.QUEUE or held.owner is Owner.AGENT:
        await tell_by(connection, Channel.QUEUE)


_LOCK = "SELECT id FROM conversations WHERE id = %(id)s FOR UPDATE"

_SEE = """
SELECT c.owner, c.agent_id, a.name AS agent_name, c.owner_fence, c.language, now() AS now,
       t.id AS ticket_id, t.number, t.status, t.priority
FROM conversations c
LEFT JOIN agents a ON a.id = c.agent_id
LEFT JOIN LATERAL (
  SELECT id, number, status, priority FROM tickets
  WHERE conversation_id = c.id AND merged_into_id IS NULL ORDER BY id DESC LIMIT 1
) t ON true
WHERE c.id = %(id)s
"""

# One row for each offer that ends with it, one at least. The bot's own question no longer makes
# a ticket wait for the contact once a person has it.
_CHANGE = """
WITH changed AS (
  UPDATE conversations
  SET owner = %(to)s::text, agent_id = %(to_agent)s::bigint, held_since = now(),
      owner_fence = owner_fence + 1, owner_changed_by = %(key)s::text,
      bot_left_at = CASE %(from)s::text WHEN 'bot' THEN now() ELSE bot_left_at END
  WHERE id = %(id)s::bigint AND owner_fence = %(seen)s::bigint
  RETURNING owner_fence
), gone_along AS (
  UPDATE outbox o SET owner_fence = changed.owner_fence FROM changed
  WHERE o.conversation_id = %(id)s::bigint AND o.owner_fence = %(seen)s::bigint
    AND (%(goes_along)s::boolean OR (%(from)s::text = 'bot' AND EXISTS (
      SELECT FROM messages m WHERE m.id = o.message_id AND m.author = 'agent'
    )))
), answered AS (
  UPDATE offers
  SET answered_at = now(),
      outcome = CASE WHEN agent_id = %(to_agent)s::bigint THEN 'accepted' ELSE 'withdrawn' END
  WHERE conversation_id = %(id)s::bigint AND outcome IS NULL AND EXISTS (SELECT 1 FROM changed)
  RETURNING id
), left_queue AS (
  DELETE FROM queue_places
  WHERE conversation_id = %(id)s::bigint AND %(to)s::text <> 'queue'
    AND EXISTS (SELECT 1 FROM changed)
), ticket AS (
  UPDATE tickets
  SET settles_at = NULL,
      status = CASE WHEN status = 'pending' AND %(from)s::text = 'bot' THEN 'open' ELSE status END
  WHERE id = %(ticket)s::bigint AND EXISTS (SELECT 1 FROM changed)
), handed AS (
  INSERT INTO handoffs (conversation_id, ticket_id, from_owner, to_owner, from_agent_id,
                        to_agent_id, by_agent_id, reason, summary, details, key)
  SELECT %(id)s::bigint, %(ticket)s::bigint, %(from)s::text, %(to)s::text,
         %(from_agent)s::bigint, %(to_agent)s::bigint, %(by)s::bigint, %(reason)s::text,
         %(summary)s::text, %(details)s::jsonb, %(key)s::text
  FROM changed RETURNING id
)
SELECT handed.id AS handoff, answered.id AS offer FROM handed LEFT JOIN answered ON true
"""

"""Who holds a conversation: handed to the queue, given to somebody, given back, resolved."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import audit
from sla_service.conversations import lanes, recordings
from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, driver, rows
from sla_service.errors import DomainError
from sla_service.handoff import entering, findings, people
from sla_service.handoff.holding import DESK, ChangedMeanwhile, Held, Move, change, hold
from sla_service.handoff.tables import Reason
from sla_service.handoff.transitions import Act, after
from sla_service.tickets import lifecycle
from sla_service.tickets.tables import Priority
from sla_service.web.principals import Principal, Role
from sla_service.whatsapp.values import MessageKind


class AlreadyHeld(DomainError):
    """Somebody else holds this conversation."""

    status = 409


class NotYours(DomainError):
    """Only whoever holds a conversation gives it on; a supervisor may too."""

    status = 403


async def to_queue(
    connection: Connection,
    conversation_id: int,
    *,
    reason: Reason,
    summary: str | None = None,
    priority: Priority | None = None,
    key: str | None = None,
    told: Mapping[str, Any] | None = None,
) -> Held:
    """Hand a conversation that the bot holds to the people's queue.

    `told` is what the bot remembers. Asked again under the same `key`, or for a conversation that
    people hold already, it changes nothing but a priority that rises.
    Raises ConversationNotFound, NoTicketYet.
    """
    held = await hold(connection, conversation_id)
    held = await entering.raise_priority(connection, held, priority)
    if held.owner is not Owner.BOT or await _is_done(connection, conversation_id, key):
        return held
    facts = await findings.facts(connection, held, reason)
    rule, then = await entering.route(connection, facts)
    details = {
        **(told or {}),
        "intents": await findings.intents(connection, conversation_id),
        "facts": facts.as_json(),
        "routed": {"rule": rule, "then": then.model_dump(mode="json", exclude_defaults=True)},
    }
    held = await entering.apply(connection, held, then)
    move = Move(reason, DESK, summary=summary, details=details, key=key)
    held = await change(connection, held, Act.HAND_OVER, move)
    await entering.take_place(connection, held, then)
    # What the bot has not heard yet is for people; the turn that asked for this ends itself.
    await _unheard_is_for_people(connection, conversation_id)
    return held


async def assign(
    connection: Connection,
    conversation_id: int,
    agent_id: int,
    by: Principal,
    *,
    seen: int | None = None,
) -> Held:
    """Give a conversation to somebody.

    `seen` is the fence that whoever decides had before their eyes; without it, nobody takes a
    conversation from another by taking it. Raises ConversationNotFound, NoTicketYet, AlreadyHeld,
    ChangedMeanwhile, NotYours, NotThere, NobodyWithThisNumber.
    """
    held = await hold(connection, conversation_id)
    if held.agent_id == agent_id:
        return held
    is_oneself = by.kind == "agent" and by.id == agent_id
    is_blind = is_oneself and seen is None
    if held.owner is Owner.AGENT and (is_blind or not _may_give(held, by)):
        raise AlreadyHeld(held_by={"id": held.agent_id, "name": held.agent_name})
    if seen is not None and seen != held.fence:
        raise ChangedMeanwhile(owner=held.owner.value, held_by=held.agent_name)
    if not is_oneself and not _may_give(held, by):
        raise NotYours
    await people.somebody(connection, agent_id, must_be_there=not is_oneself)
    reason = Reason.ACCEPTED if is_oneself else Reason.ASSIGNED
    if held.owner is Owner.AGENT:
        reason = Reason.TRANSFERRED
    return await _given(connection, held, agent_id, reason, by)


async def put_back(
    connection: Connection,
    conversation_id: int,
    by: Principal,
    *,
    reason: Reason = Reason.RETURNED,
) -> Held:
    """Let a conversation wait in the queue again, where it stood before.

    Raises ConversationNotFound, NoTicketYet, NotYours, NotWithPeople.
    """
    held = await hold(connection, conversation_id)
    if after(Act.PUT_BACK, held.owner) is held.owner:
        return held
    if not _may_give(held, by):
        raise NotYours
    then = await entering.routed_before(connection, held)
    held = await change(connection, held, Act.PUT_BACK, Move(reason, by))
    await entering.take_place(connection, held, then)
    return held


async def give_back(
    connection: Connection,
    conversation_id: int,
    by: Principal,
    *,
    settles_in: timedelta,
    instruction: str | None = None,
    reason: Reason = Reason.GIVEN_BACK,
) -> Held:
    """Let the bot go on: with an instruction at once, else with what the contact says next.

    What the contact said since a person last spoke is the bot's to answer. If nothing more is
    said, the ticket counts as solved in `settles_in`.
    Raises ConversationNotFound, NoTicketYet, NotYours.
    """
    held = await hold(connection, conversation_id)
    if held.owner is Owner.BOT:
        return held
    if held.owner is Owner.AGENT and not _may_give(held, by):
        raise NotYours
    held = await change(connection, held, Act.GIVE_BACK, Move(reason, by, summary=instruction))
    values = {"id": conversation_id, "ticket": held.ticket_id, "settles_in": settles_in}
    await rows(connection, _SETTLES, values)
    waiting = await rows(connection, _UNANSWERED_IS_FOR_BOT, {"id": conversation_id})
    if instruction:
        key = f"instruction:{held.handoff_id}"
        values = {"id": conversation_id, "key": key, "text": instruction, "fence": held.fence}
        await rows(connection, _INSTRUCT, values)
    if instruction or waiting:
        await lanes.owed(connection, conversation_id)
    return held


async def resolve(session: AsyncSession, number: int, at: datetime, by: Principal) -> Held:
    """Resolve a ticket; its conversation goes back to the bot.

    Raises TicketNotFound, NotYours.
    """
    ticket = await lifecycle.by_number(session, number)
    connection = await driver(session)
    held = await hold(connection, ticket.conversation_id)
    lets_go = held.owner is not Owner.BOT and held.ticket_id == ticket.id
    if lets_go and held.owner is Owner.AGENT and not _may_give(held, by):
        raise NotYours
    agent = by.id if by.kind == "agent" else None
    if await lifecycle.resolve(session, ticket, at, by=agent):
        await audit.record(connection, by, "ticket.resolved", "ticket", ticket.number)
    if lets_go:
        held = await change(connection, held, Act.RESOLVE, Move(Reason.RESOLVED, by))
    return replace(held, ticket_id=ticket.id, number=ticket.number)


async def adopt(connection: Connection, old: int, new: int) -> None:
    """The thread `old` became part of `new`: tickets and handoffs go along, and who holds it."""
    await lifecycle.adopt(connection, old, new)
    await rows(connection, _ADOPT, {"old": old, "new": new})


async def _given(
    connection: Connection, held: Held, agent_id: int, reason: Reason, by: Principal
) -> Held:
    was_with_bot = held.owner is Owner.BOT
    held = await change(connection, held, Act.ASSIGN, Move(reason, by, to_agent=agent_id))
    if was_with_bot:
        await _unheard_is_for_people(connection, held.conversation_id)
    return held


async def _unheard_is_for_people(connection: Connection, conversation_id: int) -> None:
    unheard = await rows(connection, _UNHEARD_IS_FOR_PEOPLE, {"id": conversation_id})
    recordings_of = [row.id for row in unheard if row.kind == MessageKind.AUDIO]
    await recordings.owe_words(connection, recordings_of)


async def _is_done(connection: Connection, conversation_id: int, key: str | None) -> bool:
    return key is not None and bool(
        await rows(connection, _DONE, {"id": conversation_id, "key": key})
    )


def _may_give(held: Held, by: Principal) -> bool:
    """Whether somebody may decide about a conversation, be it about another's."""
    if by.kind != "agent" or by.role in {Role.SUPERVISOR, Role.ADMIN}:
        return True
    return held.agent_id == by.id


_DONE = "SELECT 1 AS done FROM handoffs WHERE conversation_id = %(id)s AND key = %(key)s"

_UNHEARD_IS_FOR_PEOPLE = """
UPDATE messages SET is_waiting = false
WHERE conversation_id = %(id)s AND is_waiting AND turn_id IS NULL RETURNING id, kind
"""

_UNANSWERED_IS_FOR_BOT = """
UPDATE messages m SET is_waiting = true
WHERE m.conversation_id = %(id)s AND m.author = 'contact' AND m.turn_id IS NULL
  AND m.revoked_at IS NULL AND m.said_at > now() - interval '24 hours'
  AND COALESCE(m.content ->> 'payload', '') NOT LIKE '/rate{%%'
  AND m.created_at > (
    SELECT max(at) FROM handoffs WHERE conversation_id = %(id)s AND from_owner = 'bot'
  )
  AND m.id > COALESCE((
    SELECT max(id) FROM messages WHERE conversation_id = %(id)s AND author = 'agent'
  ), 0)
RETURNING m.id
"""

_SETTLES = """
UPDATE tickets SET settles_at = now() + %(settles_in)s
WHERE id = %(ticket)s AND status <> 'resolved'
"""

_INSTRUCT = """
INSERT INTO turns (conversation_id, key, owner_fence, instruction)
VALUES (%(id)s, %(key)s, %(fence)s, %(text)s)
"""

_ADOPT = """
WITH old AS (
  SELECT owner, agent_id, held_since, owner_fence, bot_left_at FROM conversations WHERE id = %(old)s
), kept AS (
  UPDATE conversations c
  SET owner = old.owner, agent_id = old.agent_id, held_since = old.held_since,
      bot_left_at = COALESCE(c.bot_left_at, old.bot_left_at),
      owner_fence = GREATEST(c.owner_fence, old.owner_fence) + 1, owner_changed_by = NULL
  FROM old WHERE c.id = %(new)s AND c.owner = 'bot' AND old.owner <> 'bot'
  RETURNING c.id
), handed AS (
  UPDATE handoffs SET conversation_id = %(new)s WHERE conversation_id = %(old)s
), proofs AS (
  UPDATE order_proofs SET conversation_id = %(new)s WHERE conversation_id = %(old)s
), offered AS (
  UPDATE offers
  SET conversation_id = %(new)s, outcome = COALESCE(outcome, 'withdrawn'),
      answered_at = COALESCE(answered_at, now())
  WHERE conversation_id = %(old)s
), place AS (
  DELETE FROM queue_places WHERE conversation_id = %(old)s
  RETURNING since, skill, team, agent_id, is_picked
)
INSERT INTO queue_places (conversation_id, since, skill, team, agent_id, is_picked)
SELECT kept.id, place.since, place.skill, place.team, place.agent_id, place.is_picked
FROM place, kept
"""

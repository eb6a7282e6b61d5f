"""What happens to a ticket, told to its promises in their own words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, driver, rows
from sla_service.sla import recording
from sla_service.sla.events import EventKind
from sla_service.sla.recording import Happened
from sla_service.tickets.tables import Priority, TicketStatus

BOT, AGENT = "bot", "agent"
"""The first two tiers of an escalation chain; what comes after them is the policy's."""


async def heard(
    connection: Connection, ticket_id: int, owner: Owner, at: datetime, *, held: Any = None
) -> None:
    """The contact wrote; `at` is when it reached the desk, `held` as in `recording.record`."""
    await recording.record(
        connection,
        ticket_id,
        [Happened(EventKind.CONTACT_MESSAGE, at=at)],
        opening={"tier": tier(owner), "channel": "whatsapp"},
        held=held,
    )


async def bot_answered(
    connection: Connection,
    ticket_id: int,
    attributes: Mapping[str, Any],
    status: TicketStatus,
    *,
    held: Any,
) -> None:
    """The bot answered, and learnt what the ticket is about; `held` as in `recording.record`."""
    happened: list[Happened] = []
    if attributes:
        happened.append(Happened(EventKind.ATTRIBUTES, dict(attributes)))
    happened.append(Happened(EventKind.BOT_MESSAGE))
    happened.append(Happened(EventKind.STATUS, {"status": status.value}))
    await recording.record(connection, ticket_id, happened, held=held)


async def resolved(connection: Connection, ticket_ids: Sequence[int]) -> None:
    """Tickets were resolved now."""
    for ticket_id in sorted(ticket_ids):
        await recording.record(
            connection,
            ticket_id,
            [Happened(EventKind.STATUS, {"status": TicketStatus.RESOLVED.value})],
        )


async def reopened(where: AsyncSession | Connection, ticket_id: int) -> None:
    """It waits for the shop again, not for the contact."""
    happened = Happened(EventKind.STATUS, {"status": TicketStatus.OPEN.value})
    await recording.record(await driver(where), ticket_id, [happened])


async def assigned(
    where: AsyncSession | Connection, ticket_id: int, owner: Owner, **learnt: Any
) -> None:
    """Somebody else works on it; `learnt` are attributes that came to light."""
    happened = [Happened(EventKind.ATTRIBUTES, learnt)] if learnt else []
    happened.append(Happened(EventKind.ASSIGNMENT, {"tier": tier(owner)}))
    await recording.record(await driver(where), ticket_id, happened)


async def agent_answered(where: AsyncSession | Connection, ticket_id: int) -> None:
    """A person answered, and the contact can read it."""
    await recording.record(await driver(where), ticket_id, [Happened(EventKind.AGENT_MESSAGE)])


async def moved(where: AsyncSession | Connection, ticket_id: int, status: TicketStatus) -> None:
    """A person says for whom it waits."""
    happened = Happened(EventKind.STATUS, {"status": status.value})
    await recording.record(await driver(where), ticket_id, [happened])


async def tagged(where: AsyncSession | Connection, ticket_id: int, tags: Sequence[str]) -> None:
    """These are its tags now."""
    happened = Happened(EventKind.ATTRIBUTES, {"tags": sorted(tags)})
    await recording.record(await driver(where), ticket_id, [happened])


async def noted(where: AsyncSession | Connection, ticket_id: int) -> None:
    """People told each other something about it."""
    await recording.record(await driver(where), ticket_id, [Happened(EventKind.NOTE)])


async def acknowledged(connection: Connection, ticket_id: int) -> None:
    """Somebody took notice: nobody else need be called for now."""
    await recording.record(connection, ticket_id, [Happened(EventKind.ACKNOWLEDGEMENT)])


async def merged(connection: Connection, source_id: int, target_id: int) -> None:
    """The first ticket ended as a part of the second, which waits as long as either.

    The caller holds their conversation. What was resolved already brings no waiting along.
    """
    anchors = {"first_contact_at": None, "unanswered_at": None}
    for row in await rows(connection, _LOCK, {"ids": [source_id, target_id]}):
        if row.ticket_id == source_id and row.state["status"] != TicketStatus.RESOLVED:
            anchors = {name: row.state[name] for name in anchors}
    await recording.record(connection, source_id, [Happened(EventKind.MERGED_INTO)])
    await recording.record(connection, target_id, [Happened(EventKind.MERGED_FROM, anchors)])


async def prioritised(where: AsyncSession | Connection, ticket_id: int, priority: Priority) -> None:
    """It matters more, or less."""
    happened = Happened(EventKind.PRIORITY, {"priority": priority.value})
    await recording.record(await driver(where), ticket_id, [happened])


def tier(owner: Owner) -> str:
    """Whose patience counts while a conversation has this owner."""
    return BOT if owner is Owner.BOT else AGENT


# In the order of their numbers, as everybody locks several.
_LOCK = """
SELECT ticket_id, state FROM sla_tickets WHERE ticket_id = ANY(%(ids)s)
ORDER BY ticket_id FOR UPDATE
"""

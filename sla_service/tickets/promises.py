"""What happens to a ticket, told to its promises in their own words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, driver
from sla_service.sla import recording
from sla_service.sla.events import EventKind
from sla_service.sla.recording import Happened
from sla_service.tickets.tables import Priority, TicketStatus

BOT, AGENT = "bot", "agent"
"""The first two tiers of an escalation chain; what comes after them is the policy's."""


async def heard(connection: Connection, ticket_id: int, owner: Owner, at: datetime) -> None:
    """The contact wrote; `at` is when it reached the desk."""
    await recording.record(
        connection,
        ticket_id,
        [Happened(EventKind.CONTACT_MESSAGE, at=at)],
        opening={"tier": tier(owner), "channel": "whatsapp"},
    )


async def bot_answered(
    connection: Connection, ticket_id: int, attributes: Mapping[str, Any], status: TicketStatus
) -> None:
    """The bot answered, and learnt what the ticket is about."""
    happened: list[Happened] = []
    if attributes:
        happened.append(Happened(EventKind.ATTRIBUTES, dict(attributes)))
    happened.append(Happened(EventKind.BOT_MESSAGE))
    happened.append(Happened(EventKind.STATUS, {"status": status.value}))
    await recording.record(connection, ticket_id, happened)


async def resolved(connection: Connection, ticket_ids: Sequence[int]) -> None:
    """Tickets were resolved now."""
    for ticket_id in sorted(ticket_ids):
        await recording.record(
            connection,
            ticket_id,
            [Happened(EventKind.STATUS, {"status": TicketStatus.RESOLVED.value})],
        )


async def reopened(session: AsyncSession, ticket_id: int) -> None:
    """It waits for the shop again, not for the contact."""
    happened = Happened(EventKind.STATUS, {"status": TicketStatus.OPEN.value})
    await recording.record(await driver(session), ticket_id, [happened])


async def assigned(session: AsyncSession, ticket_id: int, owner: Owner, **learnt: Any) -> None:
    """Somebody else works on it; `learnt` are attributes that came to light."""
    happened = [Happened(EventKind.ATTRIBUTES, learnt)] if learnt else []
    happened.append(Happened(EventKind.ASSIGNMENT, {"tier": tier(owner)}))
    await recording.record(await driver(session), ticket_id, happened)


async def prioritised(session: AsyncSession, ticket_id: int, priority: Priority) -> None:
    """It matters more, or less."""
    happened = Happened(EventKind.PRIORITY, {"priority": priority.value})
    await recording.record(await driver(session), ticket_id, [happened])


def tier(owner: Owner) -> str:
    """Whose patience counts while a conversation has this owner."""
    return BOT if owner is Owner.BOT else AGENT

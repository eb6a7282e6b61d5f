"""A desk's days for reports: tickets to which things happen at given times of a local day."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sla_service.database.sessions import Connection, Database, rows
from sla_service.sla import recording, rulebooks
from sla_service.sla.events import EventKind
from sla_service.sla.recording import Happened
from sla_service.sla.sweep import Sweep

MIDNIGHT = datetime(2026, 5, 4, 3, tzinfo=UTC)  # a Monday in São Paulo
POLICIES = """
policies:
  - name: padrao
    targets: {first_response: 10 min, next_response: 5 min, resolution: 2 h}
    pauses: {resolution: pending, escalation: pending}
    escalation: [{tier: bot, after: 5 min}, {tier: agent, after: 20 min}]
"""
K = EventKind
Told = tuple[str, EventKind] | tuple[str, EventKind, dict[str, Any]]


def at(time: str, days: int = 0) -> datetime:
    """The instant of "09:00" or "09:00:30" on that Monday, or days after it."""
    hours, minutes, *seconds = map(int, time.split(":"))
    return MIDNIGHT + timedelta(days=days, hours=hours, minutes=minutes, seconds=sum(seconds))


async def under(database: Database, policies: str = POLICIES) -> int:
    """Put policies in force."""
    async with database.step() as connection:
        return await rulebooks.store(connection, policies, activate=True)


async def ticket(database: Database, *told: Told, days: int = 0) -> int:
    """A ticket to which all of this happens; returns its number."""
    happened = [
        Happened(kind, dict(payload[0]) if payload else {}, at(time, days))
        for time, kind, *payload in told
    ]
    async with database.step() as connection:
        ticket_id, number = await _opened(connection)
        for one in happened:
            await recording.record(connection, ticket_id, [one], opening={"tier": "bot"})
    return number


async def sweep(database: Database) -> None:
    """Let everything become true that is due."""
    await Sweep(database).once()


async def a_day(database: Database) -> Sequence[int]:
    """Four tickets of a Monday; returns their numbers.

    The first is answered in time twice, after 8 and 3 minutes, and solved after an hour of which
    it waited 22 minutes for Ana. The second is answered after 15 minutes and solved after three
    hours: both late. The third the bot solves in 2 minutes. Nobody answers the fourth.
    """
    resolved = {"status": "resolved"}
    to_agent = {"tier": "agent"}
    return [
        await ticket(
            database,
            ("09:00", K.CONTACT_MESSAGE),
            ("09:03", K.ASSIGNMENT, to_agent),
            ("09:08", K.AGENT_MESSAGE),
            ("09:08", K.STATUS, {"status": "pending"}),
            ("09:30", K.CONTACT_MESSAGE),
            ("09:33", K.AGENT_MESSAGE),
            ("10:00", K.STATUS, resolved),
        ),
        await ticket(
            database,
            ("10:00", K.CONTACT_MESSAGE),
            ("10:03", K.ASSIGNMENT, to_agent),
            ("10:15", K.AGENT_MESSAGE),
            ("13:00", K.STATUS, resolved),
        ),
        await ticket(
            database,
            ("11:00", K.CONTACT_MESSAGE),
            ("11:00:02", K.BOT_MESSAGE),
            ("11:02", K.STATUS, resolved),
        ),
        await ticket(database, ("11:00", K.CONTACT_MESSAGE)),
    ]


async def _opened(connection: Connection) -> tuple[int, int]:
    found = await rows(connection, _OPEN)
    return found[0].id, found[0].number


_OPEN = """
WITH contact AS (
  INSERT INTO contacts (created_at) VALUES (now()) RETURNING id
), conversation AS (
  INSERT INTO conversations (contact_id, phone_number_id)
  SELECT id, '700100200300' FROM contact RETURNING id
)
INSERT INTO tickets (conversation_id, last_message_at)
SELECT id, now() FROM conversation RETURNING id, number
"""

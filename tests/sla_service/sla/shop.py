"""A shop's promises for tests of the engine, and tickets to which things happen."""

from datetime import datetime
from typing import Any

from sla_service.database.sessions import Connection, Database, rows
from sla_service.sla import recording, rulebooks
from sla_service.sla.events import EventKind
from sla_service.sla.recording import Happened

POLICIES = """
policies:
  - name: padrao
    targets: {first_response: 5 min, next_response: 10 min, resolution: 24 h}
    warnings: [50%, 80%]
    escalation: [{tier: bot, after: 5 min}, {tier: agent, after: 10 min}]
"""


async def with_policies(database: Database, text: str = POLICIES) -> int:
    """Put policies in force; returns their number."""
    async with database.step() as connection:
        return await rulebooks.store(connection, text, activate=True)


async def happens(
    database: Database, ticket: int, kind: EventKind, at: datetime | None = None, **payload: Any
) -> None:
    """One thing happens to a ticket, in a transaction of its own."""
    async with database.step() as connection:
        await recording.record(connection, ticket, [Happened(kind, payload, at)])


async def clocks(database: Database, ticket: int) -> dict[str, Any]:
    """A ticket's clocks by `metric:cycle`."""
    async with database.connection() as connection:
        found = await rows(
            connection, "SELECT * FROM sla_clocks WHERE ticket_id = %(id)s", {"id": ticket}
        )
    return {f"{row.metric}:{row.cycle}": row for row in found}


async def effects(connection: Connection) -> list[tuple[int, str, int, str, datetime, bool]]:
    """Everything that became true, in the order of its instants."""
    found = await rows(
        connection,
        "SELECT ticket_id, metric, cycle, kind, at, is_silent FROM sla_effects "
        "ORDER BY at, ticket_id, metric, cycle, kind",
    )
    return [tuple(row) for row in found]

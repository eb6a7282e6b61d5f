"""Open tickets with running promises, as the desk's own code leaves them, by the hundred thousand.

One ticket is recorded event by event; the others are its copies by SQL, each with a beginning of
its own. Every ticket has three clocks that run: first response, resolution and escalation. What
comes due is the escalation: an effect, the next tier, and that tier's clock.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg

from sla_service.database.sessions import Database
from sla_service.sla import recording, rulebooks
from sla_service.sla.events import EventKind
from sla_service.sla.instants import instant
from sla_service.sla.recording import Happened

# Open at any time of the day, so that the bench can be run at any; with hours and a time zone
# nevertheless, so that they are reckoned with.
POLICIES = """
calendars:
  loja:
    time_zone: America/Sao_Paulo
    hours: {mon-sun: ["00:00-24:00"]}
policies:
  - name: padrao
    calendar: loja
    targets: {first_response: 8 h, next_response: 8 h, resolution: 24 h}
    warnings: [50%, 80%]
    escalation:
      - {tier: bot, after: 5 min}
      - {tier: agent, after: 2 h}
      - {tier: senior, after: 4 h}
"""
CLOCKS = 3
BEGAN = datetime(2026, 1, 5, 12, 34, 56, 789_012, tzinfo=UTC)


async def record_pattern(database: Database) -> None:
    """The policies, and the ticket that all others are copies of."""
    happened = [
        Happened(EventKind.OPENED, {"priority": "normal", "channel": "whatsapp"}, BEGAN),
        Happened(EventKind.ASSIGNMENT, {"tier": "agent"}, BEGAN),
        Happened(EventKind.CONTACT_MESSAGE, {}, BEGAN),
    ]
    async with database.step() as connection:
        await rulebooks.store(connection, POLICIES, activate=True)
        await recording.record(connection, 0, happened)
        for statement in _SET_ASIDE:
            await connection.execute(statement)


def fill(connection: psycopg.Connection[Any], first: int, last: int) -> None:
    """Tickets with the numbers from `first` to `last`, begun in the last hour: none is due."""
    values = {"began": instant(BEGAN), "first": first, "last": last}
    connection.execute(_FILL_TICKETS, values)
    connection.execute(_FILL_CLOCKS, values | {"tickets": None})
    connection.execute("VACUUM (ANALYZE) sla_tickets, sla_clocks")


def arm(connection: psycopg.Connection[Any], tickets: Sequence[int], due: str) -> datetime:
    """Begin tickets anew, all due at the instant `due`, an SQL expression; returns the instant.

    What came of them before is forgotten, and the server's housekeeping is done.
    """
    values: dict[str, Any] = {"began": instant(BEGAN), "tickets": list(tickets)}
    with connection.transaction():
        for forget in _FORGET:
            connection.execute(forget, values)
        row = connection.execute(_ARM.replace("%(due)s", due), values).fetchone()
        connection.execute(_FILL_CLOCKS, values | {"first": None, "last": None})
    assert row is not None
    due_at: datetime = row[0]
    return due_at


def tidy(connection: psycopg.Connection[Any]) -> None:
    """What autovacuum and the checkpointer would do sooner or later, done now."""
    connection.execute("VACUUM (ANALYZE) sla_tickets")
    connection.execute("CHECKPOINT")


def escalated(connection: psycopg.Connection[Any], tickets: Sequence[int]) -> int:
    """How many of the tickets have their effect."""
    row = connection.execute(_ESCALATED, {"tickets": list(tickets)}).fetchone()
    assert row is not None
    count: int = row[0]
    return count


def lags_ms(
    connection: psycopg.Connection[Any], tickets: Sequence[int], due_at: datetime
) -> list[float]:
    """From the deadline to the commit of what came of it, ticket by ticket, in milliseconds."""
    values = {"tickets": list(tickets), "due_at": due_at}
    return [float(row[0]) for row in connection.execute(_LAGS, values)]


def stuck(connection: psycopg.Connection[Any]) -> str:
    """What keeps tickets from being swept, as far as their rows tell."""
    row = connection.execute(_STUCK).fetchone()
    return f"(tickets overdue, tickets that fail, why) = {row}"


_SET_ASIDE = (
    "CREATE TABLE bench_ticket AS SELECT * FROM sla_tickets",
    "CREATE TABLE bench_clocks AS SELECT * FROM sla_clocks",
    "TRUNCATE sla_tickets, sla_clocks, sla_events",
)

# The beginning stands in the snapshot as a number of 16 digits, wherever it counts.
_FILL_TICKETS = """
INSERT INTO sla_tickets (ticket_id, seq, rulebook_id, state, next_fire_at)
SELECT new.id, seq, rulebook_id, replace(state::text, %(began)s::text, new.began::text)::jsonb,
  next_fire_at + (new.began - %(began)s) * interval '1 microsecond'
FROM bench_ticket, (
  SELECT id, (extract(epoch FROM now()) * 1e6 - random() * 3.6e9)::bigint AS began
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS id
) AS new
"""

_FILL_CLOCKS = """
INSERT INTO sla_clocks (ticket_id, metric, cycle, state, rulebook_id, policy, priority, tier,
  calendar, target, consumed, started_at, since, due_at, fired, runs)
SELECT new.ticket_id, metric, cycle, state, rulebook_id, policy, priority, tier,
  calendar, target, consumed, started_at + moved, since + moved, due_at + moved, fired, runs
FROM bench_clocks, (
  SELECT ticket_id, ((state->>'at')::bigint - %(began)s) * interval '1 microsecond' AS moved
  FROM sla_tickets
  WHERE ticket_id BETWEEN %(first)s::bigint AND %(last)s::bigint
    OR ticket_id = ANY (%(tickets)s::bigint[])
) AS new
"""

_FORGET = (
    "DELETE FROM sla_effects WHERE ticket_id = ANY (%(tickets)s::bigint[])",
    "DELETE FROM sla_clocks WHERE ticket_id = ANY (%(tickets)s::bigint[])",
)

_ARM = """
WITH due AS MATERIALIZED (SELECT %(due)s AS at), new AS (
  SELECT due.at, %(began)s + (extract(epoch FROM due.at - next_fire_at) * 1e6)::bigint AS began
  FROM due, bench_ticket
), begun AS (
  UPDATE sla_tickets AS t SET seq = p.seq, next_fire_at = new.at, failures = 0,
    state = replace(p.state::text, %(began)s::text, new.began::text)::jsonb
  FROM bench_ticket AS p, new WHERE t.ticket_id = ANY (%(tickets)s::bigint[])
)
SELECT at FROM due
"""

_ESCALATED = """
SELECT count(*) FROM sla_effects WHERE ticket_id = ANY (%(tickets)s::bigint[]) AND NOT is_silent
"""

# The escalated clock's row is written by the transaction that notices, and never again.
_LAGS = """
SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin) - %(due_at)s) * 1000 FROM sla_clocks
WHERE ticket_id = ANY (%(tickets)s::bigint[]) AND metric = 'escalation' AND cycle = 0
"""

_STUCK = """
SELECT count(*) FILTER (WHERE next_fire_at < now()), count(*) FILTER (WHERE failures > 0),
  min(failure) FROM sla_tickets
"""

"""What waits, what is late and what was given up: the desk's state, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, rows
from sla_service.tickets.tables import TicketStatus
from sla_service.whatsapp.payload import UpdateKind

MOST = 100_000
"""Counting ends here: a figure that high says enough, and looking must stay cheap."""
OTHER = "other"
"""What is counted under it has a label that this version doesn't know."""
_LARGE = ("contacts", "conversations", "messages", "tickets", "turns", "whatsapp_updates")


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure read from the database: `query` gives rows of a label (or NULL) and a number."""

    name: str
    meaning: str
    query: str
    label: str | None = None
    values: frozenset[str] = field(default_factory=frozenset)
    """All that the label may be."""


def _count(what: str, by: str = "NULL") -> str:
    """How many rows there are, up to MOST."""
    if by == "NULL":
        return f"SELECT NULL, count(*) FROM (SELECT 1 FROM {what} LIMIT {MOST}) x"  # noqa: S608
    return f"SELECT k, count(*) FROM (SELECT {by} AS k FROM {what} LIMIT {MOST}) x GROUP BY k"  # noqa: S608


def _age(column: str, where: str, order: str | None = None) -> str:
    """How many seconds ago the first one was; 0 when there is none."""
    first = f"SELECT {column} AS at FROM {where} ORDER BY {order or column} LIMIT 1"  # noqa: S608
    return (
        "SELECT NULL, COALESCE(GREATEST(extract(epoch FROM now() - "  # noqa: S608 - our own words
        f"(SELECT at FROM ({first}) x)), 0), 0)"
    )


_WAITING = "whatsapp_updates u JOIN whatsapp_deliveries d ON d.id = u.delivery_id"
_OVERDUE = "next_fire_at < now()"
_JOBS = frozenset({"todo", "doing", "failed"})

GAUGES: tuple[Gauge, ...] = (
    Gauge(
        "inbox_waiting",
        "Updates from WhatsApp that wait to be taken in",
        _count("whatsapp_updates WHERE state = 'waiting'"),
    ),
    Gauge(
        "inbox_oldest_seconds",
        "How long the oldest of them has waited",
        _age("d.received_at", f"{_WAITING} WHERE u.state = 'waiting'", "u.delivery_id, u.place"),
    ),
    Gauge(
        "inbox_parked_deliveries",
        "Webhooks that could not be read",
        _count("whatsapp_deliveries WHERE error IS NOT NULL"),
    ),
    Gauge(
        "inbox_parked_updates",
        "Updates that failed again and again",
        _count("whatsapp_updates WHERE state = 'parked'", "kind"),
        "kind",
        frozenset(UpdateKind),
    ),
    Gauge(
        "order_events_waiting",
        "Events of orders that wait to be taken in",
        _count("order_events WHERE state = 'waiting'"),
    ),
    Gauge(
        "order_events_parked",
        "Events of orders that failed again and again",
        _count("order_events WHERE state = 'parked'"),
    ),
    Gauge(
        "lanes_due",
        "Conversations that need a worker now, or have one",
        _count("conversations WHERE due_at <= now()"),
    ),
    Gauge(
        "lanes_oldest_seconds",
        "How long the most overdue conversation has been due",
        _age("due_at", "conversations WHERE due_at IS NOT NULL"),
    ),
    Gauge("outbox_waiting", "Messages that are owed to contacts", _count("outbox")),
    Gauge(
        "conversations_held",
        "Conversations that people hold or that wait for them",
        _count("conversations WHERE owner <> 'bot'", "owner"),
        "owner",
        frozenset(one for one in Owner if one is not Owner.BOT),
    ),
    Gauge(
        "tickets_open",
        "Tickets that are not resolved",
        _count("tickets WHERE status <> 'resolved'", "status"),
        "status",
        frozenset(one for one in TicketStatus if one is not TicketStatus.RESOLVED),
    ),
    Gauge("queue_waiting", "Conversations in the people's queue", _count("queue_places")),
    Gauge(
        "queue_oldest_seconds",
        "How long the first of them has waited for a person",
        _age("since", "queue_places"),
    ),
    Gauge(
        "promises_overdue",
        "Tickets in which something became true that the sweep has not seen",
        _count(f"sla_tickets WHERE {_OVERDUE}"),
    ),
    Gauge(
        "promises_overdue_seconds",
        "How far behind the sweep is",
        _age("next_fire_at", "sla_tickets WHERE next_fire_at IS NOT NULL"),
    ),
    Gauge(
        "promises_failing",
        "Tickets whose promises can't be worked out",
        _count("sla_tickets WHERE failures > 0"),
    ),
    Gauge(
        "jobs",
        "Deferred work, by how far it is",
        _count("procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')", "status::text"),
        "status",
        _JOBS,
    ),
    Gauge(
        "webhook_deliveries_due",
        "Events that programs elsewhere are to be told now",
        _count("webhook_deliveries WHERE due_at <= now()"),
    ),
    Gauge(
        "webhook_deliveries",
        "Events that failed and are tried again, or were given up",
        _count("webhook_deliveries WHERE state IN ('failed', 'given_up')", "state"),
        "state",
        frozenset({"failed", "given_up"}),
    ),
    Gauge(
        "notice_sends_due",
        "Notices that teams are to be told now",
        _count("notice_sends WHERE due_at <= now()"),
    ),
    Gauge(
        "notice_sends",
        "Notices held for quiet hours, tried again, or given up",
        _count("notice_sends WHERE state IN ('held', 'failed', 'given_up')", "state"),
        "state",
        frozenset({"held", "failed", "given_up"}),
    ),
    Gauge(
        "order_notices_due",
        "News of orders that shoppers are to be told now",
        _count("order_notices WHERE state = 'wanted' AND due_at <= now()"),
    ),
    Gauge(
        "files_due",
        "Files of contacts that are to be fetched now",
        _count("media_files WHERE due_at <= now()"),
    ),
    Gauge(
        "erasures_open",
        "Contacts whose erasure is not finished",
        _count("erasures WHERE finished_at IS NULL"),
    ),
    Gauge(
        "accounts_stopped",
        "Business numbers that Meta has stopped from sending",
        _count("whatsapp_accounts WHERE stopped_at IS NOT NULL"),
    ),
    Gauge(
        "rows_estimated",
        "Rows of the large tables, as PostgreSQL estimates them",
        "SELECT relname::text, GREATEST(reltuples, 0) FROM pg_class "  # noqa: S608
        f"WHERE relnamespace = 'public'::regnamespace AND relname IN {_LARGE!r}",
        "table",
        frozenset(_LARGE),
    ),
    Gauge(
        "database_bytes",
        "Size of the database on disk",
        "SELECT NULL, pg_database_size(current_database())",
    ),
    Gauge(
        "database_connections",
        "Connections to the PostgreSQL server",
        "SELECT NULL, sum(numbackends) FROM pg_stat_database",
    ),
    Gauge(
        "database_connections_most",
        "Connections that it allows",
        "SELECT NULL, current_setting('max_connections')::int",
    ),
)


def _part(gauge: Gauge) -> str:
    return (
        f"SELECT '{gauge.name}' AS name, x.label::text AS label, x.value::float8 AS value "  # noqa: S608
        f"FROM ({gauge.query}) AS x(label, value)"
    )


STATEMENT = "\nUNION ALL\n".join(_part(gauge) for gauge in GAUGES)

type Figures = dict[tuple[str, str | None], float]
"""Numbers by gauge and label."""


async def read(connection: Connection) -> Figures:
    """All gauges, as of one instant; a label that could be is there, with 0."""
    figures: Figures = {}
    for gauge in GAUGES:
        figures |= {(gauge.name, value): 0.0 for value in sorted(gauge.values)}
    _add(figures, await rows(connection, STATEMENT))
    return figures


def _add(figures: Figures, found: Sequence[Any]) -> None:
    known = {gauge.name: gauge for gauge in GAUGES}
    for row in found:
        gauge = known[row.name]
        label = row.label if gauge.label else None
        if gauge.label and label not in gauge.values:
            label = OTHER
        figures[row.name, label] = figures.get((row.name, label), 0.0) + row.value

"""Rulebooks, and per ticket: its events, its folded state, its clocks, and what came of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, Text, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.database.base import Base
from sla_service.sla.clocks import ClockState, Ending
from sla_service.sla.policy import Metric


class RulebookRow(Base):
    """A version of all policies and calendars; never changed. The one last activated is in force
    for tickets that open; open ones move to it only when somebody says so.
    """

    __tablename__ = "sla_rulebooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    """The text as it was imported, with its comments."""
    document: Mapped[dict[str, Any]]
    """What it says, with holidays written out, so that no library's update moves a deadline."""
    digest: Mapped[str] = mapped_column(Text, unique=True)
    """Of the document: tells two versions apart, and one from itself."""
    comment: Mapped[str] = mapped_column(Text, server_default="")
    created_by: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    activated_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_sla_rulebooks_activated_at", "activated_at"),)


class TicketPromises(Base):
    """A ticket's state as the fold left it, and when something becomes true by itself.

    Whoever works on a ticket's promises holds this row's lock.
    """

    __tablename__ = "sla_tickets"

    ticket_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer)
    """How many events it has."""
    rulebook_id: Mapped[int]
    state: Mapped[dict[str, Any]]
    """`snapshot.dump`."""
    next_fire_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(Integer, server_default="0")
    """How often its sweep failed in a row; it is tried again later each time."""
    failure: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(
            "ix_sla_tickets_next_fire_at",
            "next_fire_at",
            postgresql_where=sql("next_fire_at IS NOT NULL"),
        ),
        Index("ix_sla_tickets_failures", "ticket_id", postgresql_where=sql("failures > 0")),
    )


class TicketEvent(Base):
    """One thing that happened to a ticket; append-only."""

    __tablename__ = "sla_events"

    ticket_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_sla_events_opened", "at", postgresql_where=sql("seq = 1")),)


class ClockRow(Base):
    """A clock that promises something, as of its ticket's last event or sweep.

    Spans are microseconds of business time. Its pages keep some room (`fillfactor`), so that a
    clock that moves stays where its indexes point.
    """

    __tablename__ = "sla_clocks"

    ticket_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    metric: Mapped[Metric] = mapped_column(primary_key=True)
    cycle: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[ClockState]
    rulebook_id: Mapped[int]
    policy: Mapped[str] = mapped_column(Text)
    priority: Mapped[str] = mapped_column(Text)
    tier: Mapped[str | None] = mapped_column(Text)
    calendar: Mapped[str | None] = mapped_column(Text)
    target: Mapped[int]
    consumed: Mapped[int]
    started_at: Mapped[datetime]
    since: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    """The deadline; absent while it is paused."""
    breached_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]
    """How it ended: a breached clock may have been answered late, or given up."""
    fired: Mapped[dict[str, Any]]
    runs: Mapped[list[list[Any]]] = mapped_column(JSONB)
    """`snapshot.runs`."""

    __table_args__ = (Index("ix_sla_clocks_started_at", "started_at"),)


class EffectRow(Base):
    """Something that became true about a clock, once."""

    __tablename__ = "sla_effects"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int]
    metric: Mapped[Metric]
    cycle: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    """The instant at which it became true."""
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    policy: Mapped[str] = mapped_column(Text)
    priority: Mapped[str] = mapped_column(Text)
    target: Mapped[int]
    tier: Mapped[str | None] = mapped_column(Text)
    next_tier: Mapped[str | None] = mapped_column(Text)
    is_silent: Mapped[bool]
    """A warning that was overtaken before anybody could be told."""
    handled_at: Mapped[datetime | None]
    """When what follows from it was done."""

    __table_args__ = (
        UniqueConstraint("ticket_id", "metric", "cycle", "kind"),
        Index("ix_sla_effects_at", "at"),
    )


class ApplicationRow(Base):
    """The act of putting open tickets under another rulebook, chunk by chunk."""

    __tablename__ = "sla_applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    rulebook_id: Mapped[int]
    requested_by: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    reached: Mapped[int] = mapped_column(server_default="0")
    """Tickets up to this id are done."""
    done: Mapped[int] = mapped_column(server_default="0")
    changed: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)

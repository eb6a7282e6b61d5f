"""Tickets."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Identity, Index, Text, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.database.base import Base


class TicketStatus(StrEnum):
    """Where a ticket is in its life."""

    OPEN = "open"
    PENDING = "pending"
    """Waiting for the contact."""
    ON_HOLD = "on_hold"
    """Waiting for somebody else."""
    RESOLVED = "resolved"


class Priority(StrEnum):
    """How much it matters."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Ticket(Base):
    """One problem of a contact. Who works on it is its conversation's owner."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity(start=1001), unique=True)
    """What people call it by."""
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    """The ticket this one is a follow-up of."""
    status: Mapped[TicketStatus] = mapped_column(server_default=TicketStatus.OPEN.value)
    priority: Mapped[Priority] = mapped_column(server_default=Priority.NORMAL.value)
    subject: Mapped[str] = mapped_column(Text, server_default="")
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_message_at: Mapped[datetime]
    """The contact's last message in it, or its resolution: what the threading window runs from."""
    resolved_at: Mapped[datetime | None]
    settles_at: Mapped[datetime | None]
    """When the bot's answer counts as the solution, unless the contact writes again."""

    __table_args__ = (
        Index("ix_tickets_conversation_id", "conversation_id", "id"),
        Index(
            "ix_tickets_settles_at", "settles_at", postgresql_where=sql("settles_at IS NOT NULL")
        ),
    )

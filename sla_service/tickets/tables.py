"""Tickets, and what people keep about them: notes, things to do, ready answers, ratings."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    literal_column,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.conversations.plain_words import plain_sql
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
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=sql("'{}'"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    """The ticket it ended as a part of; never one that was merged itself."""
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_message_at: Mapped[datetime]
    """The contact's last message in it, or its resolution: what the threading window runs from."""
    resolved_at: Mapped[datetime | None]
    settles_at: Mapped[datetime | None]
    """When the bot's answer counts as the solution, unless the contact writes again."""
    resolutions: Mapped[int] = mapped_column(server_default="0")
    """How often it was resolved."""
    rating_until: Mapped[datetime | None]
    """Until when the contact's next words may be a score, or what they say about one."""

    __table_args__ = (
        Index("ix_tickets_conversation_id", "conversation_id", "id"),
        Index(
            "ix_tickets_settles_at", "settles_at", postgresql_where=sql("settles_at IS NOT NULL")
        ),
        Index(
            "ix_tickets_unresolved", "conversation_id", postgresql_where=sql("status <> 'resolved'")
        ),
        Index(
            "ix_tickets_words",
            literal_column(plain_sql("subject")).label("plain_subject"),
            postgresql_using="gin",
            postgresql_ops={"plain_subject": "gin_trgm_ops"},
        ),
        # What a console narrows its list to, and reports count by.
        Index(
            "ix_tickets_tags",
            "tags",
            postgresql_using="gin",
            postgresql_where=sql("tags <> '{}'"),
        ),
        Index(
            "ix_tickets_priority", "priority", "id", postgresql_where=sql("priority <> 'normal'")
        ),
        Index(
            "ix_tickets_resolved_at",
            "resolved_at",
            postgresql_where=sql("resolved_at IS NOT NULL"),
        ),
        Index(
            "ix_tickets_merged_into_id",
            "merged_into_id",
            postgresql_where=sql("merged_into_id IS NOT NULL"),
        ),
    )


class TicketNote(Base):
    """What people tell each other about a ticket; the contact never sees it."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """None: a program wrote it."""
    author_name: Mapped[str] = mapped_column(Text)
    """As it was then."""
    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=sql("'{}'"))
    """Colleagues who were told of it."""
    key: Mapped[str | None] = mapped_column(Text)
    """What its author's program called it, so that a repeat is the same note."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("ticket_id", "key"),
        Index("ix_notes_ticket_id", "ticket_id", "id"),
    )


class ActionItem(Base):
    """Something to be done for a ticket, by somebody and until some time where that is known."""

    __tablename__ = "action_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    due_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    """When its owner was told that it is due."""
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    key: Mapped[str | None] = mapped_column(Text)
    """As of a note."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("ticket_id", "key"),
        Index("ix_action_items_ticket_id", "ticket_id", "id"),
        Index(
            "ix_action_items_due",
            "due_at",
            postgresql_where=sql("done_at IS NULL AND reminded_at IS NULL"),
        ),
        Index("ix_action_items_owner", "owner_id", postgresql_where=sql("done_at IS NULL")),
    )


class CannedReply(Base):
    """A ready answer in both languages; `{{name}}` in it stands for what differs each time."""

    __tablename__ = "canned_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    shortcut: Mapped[str] = mapped_column(Text, unique=True)
    """What people type to find it."""
    title: Mapped[str] = mapped_column(Text)
    text_pt: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RatingState(StrEnum):
    """How far the question after a resolution got."""

    WANTED = "wanted"
    """The contact is to be asked when a while has passed."""
    PASSED_OVER = "passed_over"
    """Not asked: it was reopened, asked about lately, or there was no way to."""
    ASKED = "asked"
    RATED = "rated"


class Rating(Base):
    """How it went, in the contact's words: at most one for each time a ticket was resolved."""

    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    resolution: Mapped[int]
    """The ticket's `resolutions` when it was resolved."""
    is_bot_only: Mapped[bool]
    """No person took part since the resolution before."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """Who resolved it, where a person did."""
    resolved_at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[RatingState] = mapped_column(server_default=RatingState.WANTED.value)
    asked_at: Mapped[datetime | None]
    score: Mapped[int | None] = mapped_column(SmallInteger)
    """1 (bad) to 5 (good)."""
    rated_at: Mapped[datetime | None]
    comment: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("ticket_id", "resolution"),
        Index("ix_ratings_wanted", "resolved_at", postgresql_where=sql("state = 'wanted'")),
        Index("ix_ratings_asked_at", "asked_at"),
    )

"""Who handed what to whom and why, who waits, whom it was offered to, and the rules of routing."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.conversations.tables import Owner
from sla_service.database.base import Base

_NONE = sql("'{}'")


class Reason(StrEnum):
    """Why a conversation goes to people, from one to another, or back to the bot."""

    WISH = "wish"
    URGENT = "urgent"
    FAILED_ATTEMPTS = "failed_attempts"
    LOW_CONFIDENCE = "low_confidence"
    """The bot was not sure what was meant, and again not sure."""
    ORDER_SYSTEM_DOWN = "order_system_down"
    ORDER_PROOF = "order_proof"
    MEDIA = "media"
    COMPLAINT = "complaint"
    FRAUD = "fraud"
    LEGAL = "legal"
    NEEDS_PEOPLE = "needs_people"
    """The bot knows what is wanted, and may not decide it or can't do it."""
    BOT_DOWN = "bot_down"
    ESCALATION = "escalation"
    """Nobody solved it in the time the policy gives."""
    ACCEPTED = "accepted"
    """Somebody took it."""
    ASSIGNED = "assigned"
    """It was given to somebody."""
    TRANSFERRED = "transferred"
    """Whoever had it gave it on."""
    RETURNED = "returned"
    """Whoever had it put it back."""
    AGENT_GONE = "agent_gone"
    """Whoever had it is not there, and the contact waits."""
    GIVEN_BACK = "given_back"
    """People let the bot go on."""
    IDLE = "idle"
    """People answered, and the contact left it at that."""
    RESOLVED = "resolved"


class Handoff(Base):
    """One change of who holds a conversation."""

    __tablename__ = "handoffs"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    from_owner: Mapped[Owner]
    to_owner: Mapped[Owner]
    from_agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    to_agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    by_agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """Who did it; None: the contact's wish, the bot, or a rule of the desk."""
    reason: Mapped[Reason]
    summary: Mapped[str | None] = mapped_column(Text)
    """What the bot had found out, or an agent's instruction, for whoever takes over."""
    details: Mapped[dict[str, Any]] = mapped_column(server_default=_NONE)
    """Of a handoff to people: what the bot remembered and understood, and how it was routed."""
    key: Mapped[str | None] = mapped_column(Text)
    """The turn that asked for it, when a turn did."""

    __table_args__ = (
        Index("ix_handoffs_conversation_id", "conversation_id", "id"),
        Index("ix_handoffs_ticket_id", "ticket_id"),
        Index(
            "ix_handoffs_taken_at",
            "at",
            postgresql_where=sql("from_owner = 'queue' AND to_owner = 'agent'"),
        ),
        UniqueConstraint("conversation_id", "key"),
    )


class QueuePlace(Base):
    """A conversation's place in the people's queue, and whom it waits for."""

    __tablename__ = "queue_places"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime]
    """When the contact began to wait; what comes back from an agent keeps its place."""
    skill: Mapped[str | None] = mapped_column(Text)
    team: Mapped[str | None] = mapped_column(Text)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """Who is to get it, if they are there."""
    is_picked: Mapped[bool] = mapped_column(server_default="false")
    """Nobody is offered it: people pick it themselves."""

    __table_args__ = (Index("ix_queue_places_since", "since"),)


class Outcome(StrEnum):
    """What became of an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    """The conversation went elsewhere meanwhile, or whoever it was offered to went away."""


class Offer(Base):
    """A conversation offered to an agent for a short while; one at a time."""

    __tablename__ = "offers"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    owner_fence: Mapped[int]
    """The conversation's when it was offered: a later one makes the offer void."""
    offered_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]

    __table_args__ = (
        Index(
            "uq_offers_open",
            "conversation_id",
            unique=True,
            postgresql_where=sql("outcome IS NULL"),
        ),
        Index("ix_offers_conversation_id", "conversation_id", "owner_fence"),
        Index("ix_offers_agent_id", "agent_id", "offered_at"),
    )


class RoutingRule(Base):
    """Whom a handoff goes to; of the active ones the first that fits counts."""

    __tablename__ = "routing_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    when: Mapped[dict[str, Any]]
    then: Mapped[dict[str, Any]]
    is_active: Mapped[bool] = mapped_column(server_default="true")

    __table_args__ = (Index("ix_routing_rules_position", "position"),)


class OrderProof(Base):
    """A try to prove that an order is the contact's; tries are limited, so that none is guessed."""

    __tablename__ = "order_proofs"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    key: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (UniqueConstraint("conversation_id", "key"),)

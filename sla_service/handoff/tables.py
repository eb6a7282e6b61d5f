"""The record of who handed what to whom, and of tries to prove an order."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.conversations.tables import Owner
from sla_service.database.base import Base


class Reason(StrEnum):
    """Why a conversation goes to people, or back to the bot."""

    WISH = "wish"
    URGENT = "urgent"
    FAILED_ATTEMPTS = "failed_attempts"
    ORDER_SYSTEM_DOWN = "order_system_down"
    ORDER_PROOF = "order_proof"
    MEDIA = "media"
    COMPLAINT = "complaint"
    FRAUD = "fraud"
    BOT_DOWN = "bot_down"
    ESCALATION = "escalation"
    """Nobody solved it in the time the policy gives."""
    RESOLVED = "resolved"


class Handoff(Base):
    """One change of owner."""

    __tablename__ = "handoffs"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    from_owner: Mapped[Owner]
    to_owner: Mapped[Owner]
    reason: Mapped[Reason]
    summary: Mapped[str | None] = mapped_column(Text)
    """What the bot had found out, for whoever takes over."""
    key: Mapped[str | None] = mapped_column(Text)
    """The turn that asked for it, when a turn did."""

    __table_args__ = (
        Index("ix_handoffs_conversation_id", "conversation_id", "id"),
        UniqueConstraint("conversation_id", "key"),
    )


class OrderProof(Base):
    """A try to prove that an order is the contact's; tries are limited, so that none is guessed."""

    __tablename__ = "order_proofs"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    key: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (UniqueConstraint("conversation_id", "key"),)

"""The ledger of consent: what a contact was told and agreed to, word for word, and took back."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.conversations.purposes import Purpose
from sla_service.database.base import Base


class Consent(Base):
    """One word of a contact about one purpose; rows are only ever added, the last word counts."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    purpose: Mapped[Purpose]
    is_granted: Mapped[bool]
    wording_version: Mapped[str] = mapped_column(Text)
    wording: Mapped[str] = mapped_column(Text)
    """What the contact read, as they read it."""
    language: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    """Where they said it: `whatsapp`, `checkout`, `console`, …"""
    cause: Mapped[str] = mapped_column(Text)
    """What led to it: `keyword`, `first_answer`, an order, an agent."""
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    """The message in which they said it, where there is one."""
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (Index("ix_consents_contact_id", "contact_id", "purpose", "id"),)

"""What came in from WhatsApp, as it came, and whether a number may send."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.database.base import Base
from sla_service.whatsapp.payload import UpdateKind


class Delivery(Base):
    """One webhook POST that was genuine, kept whole: Meta has no other copy of it."""

    __tablename__ = "whatsapp_deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    body: Mapped[bytes] = mapped_column(LargeBinary)
    updates: Mapped[int] = mapped_column(Integer)
    """How many updates it held; one that can't be read counts as one."""
    duplicates: Mapped[int] = mapped_column(Integer, server_default="0")
    """How many of them were stored before."""
    error: Mapped[str | None] = mapped_column(Text)
    """Why it could not be read; such a delivery is parked as a whole."""

    __table_args__ = (
        Index("ix_whatsapp_deliveries_parked", "id", postgresql_where=text("error IS NOT NULL")),
    )


class UpdateState(StrEnum):
    """Where an update is on its way."""

    WAITING = "waiting"
    PROCESSED = "processed"
    PARKED = "parked"
    """It failed again and again: kept with its error until somebody replays it."""


class StoredUpdate(Base):
    """One update of a delivery, found by its place in it; what it says stands in the delivery.

    Its key is unique, so that a redelivery changes nothing. Deliveries are numbered as they
    arrive, so (delivery_id, place) is the order of arrival.
    """

    __tablename__ = "whatsapp_updates"

    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("whatsapp_deliveries.id"), primary_key=True, autoincrement=False
    )
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[UpdateKind]
    key: Mapped[str] = mapped_column(Text, unique=True)
    lane: Mapped[str] = mapped_column(Text)
    state: Mapped[UpdateState] = mapped_column(server_default=UpdateState.WAITING.value)
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(
            "ix_whatsapp_updates_waiting",
            "delivery_id",
            "place",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_whatsapp_updates_parked",
            "delivery_id",
            "place",
            postgresql_where=text("state = 'parked'"),
        ),
    )


class Account(Base):
    """A business number that may not send for now."""

    __tablename__ = "whatsapp_accounts"

    phone_number_id: Mapped[str] = mapped_column(Text, primary_key=True)
    stopped_at: Mapped[datetime | None]
    """Set when Meta refuses the account as a whole; a person must look, and resume it."""
    stop_reason: Mapped[str | None] = mapped_column(Text)
    send_after: Mapped[datetime | None]
    """Throughput limit: nothing is sent before this."""


class TemplateRow(Base):
    """A template of a business account, as the channel last told of it."""

    __tablename__ = "whatsapp_templates"

    account_id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    category: Mapped[str] = mapped_column(Text, server_default="")
    status: Mapped[str] = mapped_column(Text)
    """APPROVED, PAUSED, DISABLED, REJECTED, … in Meta's words, which may get more."""
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it isn't approved, where that was told."""
    quality: Mapped[str | None] = mapped_column(Text)
    """GREEN, YELLOW, RED or UNKNOWN."""
    content: Mapped[dict[str, Any] | None]
    """As it was listed: its components. None: only news of it has come so far."""
    told_at: Mapped[datetime | None]
    """When news of its status last came; a list that was asked for before knows less."""
    seen_at: Mapped[datetime | None]
    """When it was last listed."""
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

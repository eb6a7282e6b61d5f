"""Teams and what they were told, on which channel; webhook endpoints and their deliveries."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.database.base import Base
from sla_service.notify.values import NoticeKind


class NotifyTeam(Base):
    """Who is told together, how, and when they are left in peace."""

    __tablename__ = "notify_teams"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    channels: Mapped[dict[str, Any]]
    """Apprise URLs by the channel's name (`mailto`, `slack`, `slack-2`). They hold secrets: only
    masked ones leave the room, and none is logged."""
    language: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    """Quiet hours in minutes of the team's local day; they may pass midnight."""
    quiet_to: Mapped[int | None] = mapped_column(SmallInteger)
    digest_after: Mapped[int] = mapped_column(Integer)
    """More notices than this, due together, are told in one message."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StoredNotice(Base):
    """A notice to a team: written once, whatever is repeated."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    team: Mapped[str] = mapped_column(Text)
    kind: Mapped[NoticeKind]
    at: Mapped[datetime]
    ticket_id: Mapped[int]
    metric: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("key", "team"),
        Index("ix_notices_ticket_id_metric", "ticket_id", "metric"),
        Index("ix_notices_open", "id", postgresql_where=text("acknowledged_at IS NULL")),
    )


class SendState(StrEnum):
    """Where a notice is on its way through a channel."""

    QUEUED = "queued"
    HELD = "held"
    """Waiting for the quiet hours' end."""
    SENDING = "sending"
    """Handed to a process, which has until `due_at` to say what became of it."""
    FAILED = "failed"
    """Tried, and to be tried again at `due_at`."""
    SENT = "sent"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"
    """Acknowledged before it left, or its channel is gone."""


class NoticeSend(Base):
    """A notice on one channel of its team; `due_at` is set while something is still to be done."""

    __tablename__ = "notice_sends"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"))
    team: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    state: Mapped[SendState] = mapped_column(server_default=SendState.QUEUED.value)
    is_urgent: Mapped[bool]
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    due_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    message_id: Mapped[str | None] = mapped_column(Text)
    """The message it travels in, which a digest's notices have in common; a retry keeps it."""
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index(
            "ix_notice_sends_due",
            "due_at",
            "team",
            "channel",
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index("ix_notice_sends_channel", "team", "channel", "claimed_at"),
        Index("ix_notice_sends_state", "state", "id"),
    )


class WebhookEndpoint(Base):
    """A program elsewhere that is told of events, signed with each of its live secrets."""

    __tablename__ = "webhook_endpoints"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    secrets: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Newest first; two while they are being changed."""
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What it wants to hear of; empty: everything."""
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DeliveryState(StrEnum):
    """Where an event is on its way to an endpoint."""

    QUEUED = "queued"
    SENDING = "sending"
    FAILED = "failed"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class WebhookDelivery(Base):
    """One event for one endpoint; its id is the webhook-id, the same in each attempt."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]]
    state: Mapped[DeliveryState] = mapped_column(server_default=DeliveryState.QUEUED.value)
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    due_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    last_status: Mapped[int | None] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("endpoint_id", "key"),
        Index("ix_webhook_deliveries_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_webhook_deliveries_state", "state", "created_at", "id"),
        Index("ix_webhook_deliveries_created_at", "created_at", "id"),
    )

"""Events of orders as they came, and what shoppers are told of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, Text, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.database.base import Base
from sla_service.proactive.kinds import NoticeKind


class EventState(StrEnum):
    """Where an event is on its way."""

    WAITING = "waiting"
    PROCESSED = "processed"
    PARKED = "parked"
    """It can't be read, or failed again and again: kept with its error until it is replayed."""


class OrderEventRow(Base):
    """One event the shop signed, once: brought again, it changes nothing."""

    __tablename__ = "order_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(Text, unique=True)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    """As it came, until it is processed: it holds a name, a phone number and an address."""
    state: Mapped[EventState] = mapped_column(server_default=EventState.WAITING.value)
    attempts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_order_events_waiting", "id", postgresql_where=sql("state = 'waiting'")),
        Index("ix_order_events_parked", "id", postgresql_where=sql("state = 'parked'")),
    )


class NoticeState(StrEnum):
    """How far a notice got."""

    WANTED = "wanted"
    """To be told when it is due; its reason says what it waits for."""
    OWED = "owed"
    """Put into the conversation, not yet taken by the channel."""
    SENT = "sent"
    FAILED = "failed"
    """The channel would not send it, and nothing is tried any more."""
    DROPPED = "dropped"
    """Not told; its reason says why."""


class WhyNot(StrEnum):
    """Why a notice waits, or is not told."""

    QUIET_HOURS = "quiet_hours"
    PEOPLE_TALK = "people_talk"
    TEMPLATE_NOT_USABLE = "template_not_usable"
    """The template isn't approved, or is paused, disabled, or not known to the account."""
    NO_TEMPLATE = "no_template"
    """After the 24 hours, and the shop has named no template for this."""
    TEMPLATE_UNFILLABLE = "template_unfillable"
    NO_CONSENT = "no_consent"
    NO_PHONE = "no_phone"
    """The order has no telephone number that can be read."""
    UNKNOWN_SHOPPER = "unknown_shopper"
    """Nobody with the order's number has ever written, nor agreed to be written to."""
    OLD_NEWS = "old_news"
    """What happened since left nothing to tell."""
    TOO_LATE = "too_late"
    SENT_BACK = "sent_back"
    """The purchase was cancelled or is going back: nobody asks how it was."""
    TURNED_OFF = "turned_off"
    REFUSED = "refused"
    """The channel refused the message."""
    TRYING_AGAIN = "trying_again"
    """The channel could not send the message, and may be able to in a while."""


class OrderNotice(Base):
    """What a shopper is told of an order: at most once for each order, kind and occasion."""

    __tablename__ = "order_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_ref: Mapped[str] = mapped_column(Text)
    order_number: Mapped[str] = mapped_column(Text)
    kind: Mapped[NoticeKind]
    happened_at: Mapped[datetime]
    """When it became news, by the shop's clock."""
    occasion: Mapped[str] = mapped_column(Text, server_default="")
    """Of what may happen more than once, which time it was: the day that a delay promises."""
    facts: Mapped[dict[str, Any]]
    """What a sentence needs of the parcel; nothing of the person."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[NoticeState] = mapped_column(server_default=NoticeState.WANTED.value)
    reason: Mapped[WhyNot | None]
    due_at: Mapped[datetime]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    """The message that tells it, as it was last tried."""
    template: Mapped[str | None] = mapped_column(Text)
    """By which template it was told; None: as a plain message."""
    told_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """How often the channel could not send it, and might have later."""
    score: Mapped[int | None] = mapped_column(SmallInteger)
    """1 (bad) to 5 (good), where it asked for one."""
    rated_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_order_notices_occasion", "order_ref", "kind", "occasion", unique=True),
        Index("ix_order_notices_wanted", "due_at", postgresql_where=sql("state = 'wanted'")),
        Index("ix_order_notices_owed", "id", postgresql_where=sql("state = 'owed'")),
        Index("ix_order_notices_conversation_id", "conversation_id", "id"),
        Index("ix_order_notices_message_id", "message_id"),
    )

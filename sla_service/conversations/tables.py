"""Contacts, conversations, messages and the outbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Computed, ForeignKey, Index, Text, UniqueConstraint, func, literal_column
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.conversations.numbers_said import HAS_NUMBERS, NUMBERS
from sla_service.conversations.plain_words import plain_sql
from sla_service.database.base import Base
from sla_service.whatsapp.values import MessageKind


class Contact(Base):
    """A shopper, known by number, by business-scoped user id, or by both."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    wa_id: Mapped[str | None] = mapped_column(Text)
    """The number as Meta last spelt it; opaque."""
    phone_key: Mapped[str | None] = mapped_column(Text, unique=True)
    """The number in the one spelling we compare by (`contacts.phone_key`)."""
    bsuid: Mapped[str | None] = mapped_column(Text, unique=True)
    username: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    notice_version: Mapped[str | None] = mapped_column(Text)
    """Which wording of the notice about their data they were given."""
    forgotten_at: Mapped[datetime | None]
    """When an earlier contact with this number or user id was erased; this one started anew."""
    erased_at: Mapped[datetime | None]
    """When everything that tells who it was went; what was counted stays."""
    legal_hold: Mapped[str | None] = mapped_column(Text)
    """Why nothing of theirs may be erased for now."""

    __table_args__ = (
        Index(
            "ix_contacts_names",
            *(literal_column(plain_sql(one)).label(f"plain_{one}") for one in ("name", "username")),
            postgresql_using="gin",
            postgresql_ops=dict.fromkeys(("plain_name", "plain_username"), "gin_trgm_ops"),
        ),
        # Whoever looks for a number knows how it ends, or how it begins.
        Index("ix_contacts_phone_key_end", func.reverse(literal_column("phone_key"))),
    )


class Owner(StrEnum):
    """Who holds a conversation."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"


class Conversation(Base):
    """The one endless thread with a contact on one of our numbers; also the lane it is worked in.

    A worker holds the lane until `leased_until`; `lane_fence` grows with each claim, and whoever
    writes under an older one is too late. `owner_fence` grows with each change of owner, and what
    was composed under an older one is not sent.
    """

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    phone_number_id: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_inbound_at: Mapped[datetime | None]
    last_message_at: Mapped[datetime | None]

    owner: Mapped[Owner] = mapped_column(server_default=Owner.BOT.value)
    owner_fence: Mapped[int] = mapped_column(server_default="0")
    owner_changed_by: Mapped[str | None] = mapped_column(Text)
    """The key of the turn that changed the owner, when a turn did."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """Who holds it, when somebody does."""
    held_since: Mapped[datetime | None]
    """Since when the present owner holds it; None: the bot, from the beginning."""
    bot_left_at: Mapped[datetime | None]
    """When the bot gave it up, until it has been told what people said since."""

    due_at: Mapped[datetime | None]
    """When the lane needs a worker: a turn to take, or a message to send."""
    leased_until: Mapped[datetime | None]
    lane_fence: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        UniqueConstraint("contact_id", "phone_number_id"),
        Index("ix_conversations_due", "due_at", postgresql_where=sql("due_at IS NOT NULL")),
        Index("ix_conversations_last_message_at", sql("last_message_at DESC NULLS LAST"), "id"),
        Index("ix_conversations_people", "owner", "id", postgresql_where=sql("owner <> 'bot'")),
        Index("ix_conversations_agent_id", "agent_id", postgresql_where=sql("owner = 'agent'")),
    )


class Author(StrEnum):
    """Who said a message."""

    CONTACT = "contact"
    BOT = "bot"
    AGENT = "agent"
    DESK = "desk"
    """The desk itself, in designers' words, when the bot can't speak."""


class SendState(StrEnum):
    """How far an outbound message got; it only ever moves down this list."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    """May still be overtaken: with several devices, one may fail and another receive."""
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    REFUSED = "refused"
    """Never sent: composed under an older owner, or outside the 24-hour window."""


class Turn(Base):
    """The messages that were put to the bot together, once, under one key."""

    __tablename__ = "turns"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    key: Mapped[str] = mapped_column(Text, unique=True)
    """The last message's wamid; it travels with the turn, so that a repeat does no harm."""
    owner_fence: Mapped[int]
    instruction: Mapped[str | None] = mapped_column(Text)
    """What an agent told the bot to do when giving the conversation back, instead of messages."""
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When it is put to the bot, or tried again."""
    closed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    language: Mapped[str | None] = mapped_column(Text)
    intent: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[float | None]
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_turns_conversation_id", "conversation_id", "id"),
        Index("ix_turns_open", "conversation_id", postgresql_where=sql("closed_at IS NULL")),
    )


class Message(Base):
    """One message of the thread, either way."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turns.id"))
    author: Mapped[Author]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """Which agent said it, when one did."""
    client_key: Mapped[str | None] = mapped_column(Text)
    """What whoever said it calls it, so that a retry is the same message."""
    kind: Mapped[MessageKind]
    wamid: Mapped[str | None] = mapped_column(Text, unique=True)
    text: Mapped[str] = mapped_column(Text, server_default="")
    plain_text: Mapped[str] = mapped_column(Text, Computed(plain_sql("text"), persisted=True))
    """As it is looked for; kept, since making it costs more than comparing a thousand."""
    content: Mapped[dict[str, Any]]
    """What the text leaves out: media, choices offered or taken, reactions, errors."""
    said_at: Mapped[datetime]
    """The channel's time for inbound messages, ours for outbound ones."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    is_waiting: Mapped[bool] = mapped_column(server_default="false")
    """Inbound and not yet heard by the bot or left to people."""
    state: Mapped[SendState | None]
    failure: Mapped[dict[str, Any] | None]
    revoked_at: Mapped[datetime | None]
    is_billable: Mapped[bool | None]
    """Whether WhatsApp puts it on the bill; None: no status has told of a price."""
    price_category: Mapped[str | None] = mapped_column(Text)
    """service, utility, marketing, … in WhatsApp's words; so are the next two."""
    price_type: Mapped[str | None] = mapped_column(Text)
    price_model: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_messages_conversation_id_said_at", "conversation_id", "said_at", "id"),
        Index("ix_messages_waiting", "conversation_id", postgresql_where=sql("is_waiting")),
        Index(
            "uq_messages_client_key",
            "client_key",
            unique=True,
            postgresql_where=sql("client_key IS NOT NULL"),
        ),
        Index(
            "ix_messages_words",
            "plain_text",
            postgresql_using="gin",
            postgresql_ops={"plain_text": "gin_trgm_ops"},
            postgresql_where=sql("text <> ''"),
        ),
        Index(
            "ix_messages_numbers",
            literal_column(NUMBERS).label("numbers"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},  # few words a message: what waits costs readers
            postgresql_where=sql(HAS_NUMBERS),
        ),
    )


class OutboxState(StrEnum):
    """What is known of a send."""

    QUEUED = "queued"
    SENDING = "sending"
    """Handed to the channel; if no answer came, its status will tell (`settle_after`)."""


class Owed(Base):
    """A message we owe; the row goes when the channel has taken it or refused it for good."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    body: Mapped[dict[str, Any]]
    """The Graph API body without its recipient."""
    owner_fence: Mapped[int]
    state: Mapped[OutboxState] = mapped_column(server_default=OutboxState.QUEUED.value)
    attempts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    purpose: Mapped[str | None] = mapped_column(Text)
    """Of what the contact did not ask for: what they must still allow when it leaves."""

    __table_args__ = (Index("ix_outbox_conversation_id", "conversation_id", "id"),)

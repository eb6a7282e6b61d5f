"""Files: what contacts sent, what agents are about to send; and how far who has read."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.database.base import Base


class MediaState(StrEnum):
    """Whether a message's file is ours."""

    WAITING = "waiting"
    """To be fetched from the channel, which keeps it for some days only."""
    STORED = "stored"
    FAILED = "failed"


class MediaFile(Base):
    """The file of a message. What is in it lies in the store, under its hash."""

    __tablename__ = "media_files"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    state: Mapped[MediaState] = mapped_column(server_default=MediaState.WAITING.value)
    media_id: Mapped[str | None] = mapped_column(Text)
    """The channel's name for it."""
    mime_declared: Mapped[str | None] = mapped_column(Text)
    mime_sniffed: Mapped[str | None] = mapped_column(Text)
    """What its first bytes say; None when they say nothing."""
    filename: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    """When it is fetched, or tried again; None when there is nothing left to do."""
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    stored_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_media_files_due", "due_at", postgresql_where=sql("due_at IS NOT NULL")),
        Index("ix_media_files_sha256", "sha256", postgresql_where=sql("sha256 IS NOT NULL")),
    )


class Upload(Base):
    """A file that an agent or the bot brought, to be sent in a message."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """None: the bot."""
    filename: Mapped[str] = mapped_column(Text)
    mime: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    number: Mapped[str | None] = mapped_column(Text)
    """The business number at which the channel has it by now, as `media_id`, since `handed_at`."""
    media_id: Mapped[str | None] = mapped_column(Text)
    handed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_uploads_sha256", "sha256"),
        Index("ix_uploads_created_at", "created_at", "id"),
    )


class ConversationRead(Base):
    """How far an agent has read a conversation."""

    __tablename__ = "conversation_reads"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    message_id: Mapped[int]
    """The last message that was there."""
    read_at: Mapped[datetime] = mapped_column(server_default=func.now())

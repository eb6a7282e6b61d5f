"""Erasures and how far they got, tombstones of who was forgotten, and how far retention went."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Text, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.database.base import Base

_NONE = sql("'{}'")


class ErasureCause(StrEnum):
    """Who wanted it."""

    CONTACT = "contact"
    PEOPLE = "people"
    PROGRAM = "program"
    RETENTION = "retention"


class ErasureStep(StrEnum):
    """How far an erasure got; each step may be repeated."""

    WAITING = "waiting"
    """Until what is being said to the contact has left."""
    DELIVERIES = "deliveries"
    """What the channel brought, as it came."""
    FILES = "files"
    CONTENT = "content"
    DONE = "done"


class Erasure(Base):
    """The act of forgetting a contact: asked for once, seen from outside, taken up again."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    cause: Mapped[ErasureCause]
    requested_by: Mapped[str] = mapped_column(Text)
    """Who asked for it at the desk; never the contact's name."""
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    step: Mapped[ErasureStep] = mapped_column(server_default=ErasureStep.WAITING.value)
    reached: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Deliveries up to this id are done."""
    counts: Mapped[dict[str, Any]] = mapped_column(server_default=_NONE)
    """How much went, by kind."""
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_erasures_contact_id", "contact_id", "id"),
        Index("ix_erasures_open", "id", postgresql_where=sql("finished_at IS NULL")),
    )


class Tombstone(Base):
    """That somebody was forgotten, known by nothing but a keyed hash of their number or user id."""

    __tablename__ = "tombstones"

    fingerprint: Mapped[str] = mapped_column(Text, primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RetentionMark(Base):
    """How far the periodic forgetting of what is old got, by table."""

    __tablename__ = "retention_marks"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    reached: Mapped[int] = mapped_column(BigInteger, server_default="0")

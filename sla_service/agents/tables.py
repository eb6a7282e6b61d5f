"""Accounts, sessions, invitations, API keys, and the record of who did what."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.database.base import Base
from sla_service.web.principals import Role

_NONE = sql("'{}'")


class Presence(StrEnum):
    """Whether somebody takes conversations."""

    AVAILABLE = "available"
    AWAY = "away"
    OFFLINE = "offline"
    """Nobody chooses it: it is what is seen of a person whose console is closed."""


class Agent(Base):
    """Somebody who answers. Without a password hash, nobody signs in with a password."""

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    """In lower case."""
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[Role] = mapped_column(server_default=Role.AGENT.value)
    password_hash: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, server_default="pt")
    """Of their console; what they speak with contacts is in `languages`."""
    presence: Mapped[Presence] = mapped_column(server_default=Presence.AVAILABLE.value)
    """What they chose; who is not seen is offline all the same."""
    capacity: Mapped[int] = mapped_column(server_default="5")
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NONE)
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NONE)
    team: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    disabled_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]


class AgentSession(Base):
    """A browser that somebody signed in with; only the hash of its token is kept."""

    __tablename__ = "agent_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(Text, server_default="")
    revoked_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_agent_sessions_agent_id", "agent_id", "id"),)


class Purpose(StrEnum):
    """What a one-time link is for."""

    PASSWORD = "password"  # noqa: S105 - a kind of link
    """Its bearer chooses a password: a new account, or a forgotten one."""
    ENTRANCE = "entrance"
    """Its bearer is signed in at once."""


class Invitation(Base):
    """A one-time link; only the hash of its token is kept."""

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    purpose: Mapped[Purpose]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_invitations_agent_id", "agent_id"),)


class ApiKey(Base):
    """A program's way in: `desk_<id>_<secret>`, of which the secret's hash is kept."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    secret_hash: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """None: from a terminal."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Act(Base):
    """Something that somebody did; rows are only ever added."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(Text)
    """As it was then."""
    act: Mapped[str] = mapped_column(Text)
    """`ticket.resolved`: a kind of thing, and what became of it."""
    target_kind: Mapped[str] = mapped_column(Text)
    target_id: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(server_default=_NONE)

    __table_args__ = (
        Index("ix_audit_log_target", "target_kind", "target_id", "id"),
        Index("ix_audit_log_actor", "actor_kind", "actor_id", "id"),
    )


class SignInTries(Base):
    """How often an account's password was tried, whether there is such an account or not.

    And how often somebody tried to come in from an address, whose hash stands in the same column.
    """

    __tablename__ = "sign_in_tries"

    account_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    since: Mapped[datetime] = mapped_column(server_default=func.now())
    tries: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (Index("ix_sign_in_tries_since", "since"),)

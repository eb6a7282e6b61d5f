"""Who may be calling, and what they may do; known to every room, and to no framework."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol


class Role(StrEnum):
    """What somebody is to the desk; each of the first three may do what those before it may."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    SERVICE = "service"
    """A program: the bot's actions, or whoever holds an API key."""


class Scope(StrEnum):
    """What an API key may be good for."""

    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    REPORTS_READ = "reports:read"
    SLA_READ = "sla:read"
    SLA_WRITE = "sla:write"
    NOTICES_READ = "notices:read"
    NOTICES_WRITE = "notices:write"
    AGENTS_READ = "agents:read"
    AGENTS_WRITE = "agents:write"
    ROUTING_READ = "routing:read"
    ROUTING_WRITE = "routing:write"
    WEBHOOKS_WRITE = "webhooks:write"
    PRIVACY_WRITE = "privacy:write"
    """Copies of contacts' data, and their erasure."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever asks: a person who signed in, the bot's actions, or the holder of an API key."""

    kind: Literal["agent", "service", "key"]
    id: int | None
    name: str
    role: Role
    scopes: frozenset[str] = frozenset()
    language: str = "pt"

    @property
    def agent_id(self) -> int | None:
        """The account of a person who signed in; None: it is a program."""
        return self.id if self.kind == "agent" else None


TERMINAL = Principal("service", None, "terminal", Role.SERVICE)
"""Whoever operates the desk from a terminal."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request shows of itself: a session's token in a cookie, or a bearer's word."""

    secret: str
    is_cookie: bool


class Identify(Protocol):
    """Tells who showed something."""

    async def __call__(self, shown: Shown, *, is_busy: bool = True) -> Principal | None:
        """Who it is, None when nobody is known by it; unless `is_busy`, idleness goes on."""


_RANKS = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)


def may(principal: Principal, role: Role, scope: Scope | None) -> bool:
    """Whether somebody may do what asks for at least `role`, or for a key with `scope`.

    The bot's token opens what asks for a service and nothing else; people open all but that; a
    key opens whatever names a scope that it has.
    """
    if principal.kind == "key":
        return scope is not None and scope in principal.scopes
    if principal.kind == "service" or role is Role.SERVICE:
        return principal.role is role
    return _RANKS.index(principal.role) >= _RANKS.index(role)

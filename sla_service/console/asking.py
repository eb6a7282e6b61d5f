"""What the routes of this room have in common: who may ask, and the forms of what they ask with."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request
from starlette.types import Lifespan

from sla_service.database.sessions import Database
from sla_service.web import access
from sla_service.web.asking import LARGEST_ID
from sla_service.web.principals import Principal, Role, Scope

_READER = access.require(Role.AGENT, Scope.CONVERSATIONS_READ)

AgentId = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
Reader = Annotated[Principal, Depends(_READER)]
"""Whoever may see conversations: people, and keys for that."""


async def _person(who: access.Agent) -> int:
    if who.id is None:
        raise access.NotAllowed
    return who.id


Person = Annotated[int, Depends(_person)]
"""The number of the agent who asks."""


def agent_of(who: Principal) -> int | None:
    """The agent who asks; None for a program."""
    return who.id if who.kind == "agent" else None


def database_of(request: Request) -> Database:
    """The way to PostgreSQL, for what must not keep a transaction open."""
    database: Database = request.app.state.database
    return database


def routes(lifespan: Lifespan[FastAPI] | None = None) -> APIRouter:
    """Where routes below `/api` are put, and what must live as long as they do."""
    return APIRouter(prefix="/api", tags=["console"], lifespan=lifespan)

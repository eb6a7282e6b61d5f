"""The people who answer, and their browsers: nobody's password is hashed for that."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from sla_service import clock
from sla_service.agents import accounts, keys, sessions
from sla_service.agents.tables import Agent, Presence
from sla_service.database.sessions import Database
from sla_service.web.principals import TERMINAL, Principal, Role, Scope

BRUNO, CARLA, DIEGO, ALICE = 1, 2, 3, 4
"""An agent, a supervisor, an agent who is away, an administrator; by their numbers."""
COOKIE = "balcao_session"
OWN = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a request of our own page."""

_CAST: tuple[dict[str, Any], ...] = (
    {"name": "Bruno Tavares", "role": Role.AGENT, "languages": ["pt", "en"], "skills": ["trocas"]},
    {"name": "Carla Mendes", "role": Role.SUPERVISOR, "languages": ["pt"]},
    {"name": "Diego Rocha", "role": Role.AGENT, "languages": ["pt"], "presence": Presence.AWAY},
    {"name": "Alice Nunes", "role": Role.ADMIN, "language": "en", "languages": ["en"]},
)


async def seat(database: Database) -> None:
    """Give everybody an account; who has one keeps it."""
    async with database.transaction() as session:
        if await session.scalar(select(Agent.id).limit(1)) is None:
            for one in _CAST:
                await accounts.add(session, f"{one['name'].split()[0]}@loja.example", **one)


async def session_of(
    database: Database,
    agent_id: int,
    *,
    at: datetime | None = None,
    last: timedelta = timedelta(days=7),
) -> str:
    """The token of a session of somebody's."""
    async with database.transaction() as session:
        agent = await accounts.one(session, agent_id)
        return await sessions.begin(
            session, agent, browser="Firefox", at=at or clock.now(), last=last
        )


async def key_for(
    database: Database, *scopes: Scope, expires_at: datetime | None = None
) -> dict[str, str]:
    """What a program with an API key sends along."""
    async with database.transaction() as session:
        _, text = await keys.add(session, "loja", scopes, TERMINAL, expires_at=expires_at)
    return {"Authorization": f"Bearer {text}"}


def everybody_is(role: Role) -> Any:
    """For an application of one room: whoever shows anything is somebody in this role."""
    who = Principal("agent", ALICE, "Alice Nunes", role)

    async def identify(_: object, *, is_busy: bool = True) -> Principal:
        return who

    return identify

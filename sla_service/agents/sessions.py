"""Browsers that people signed in with."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import tokens
from sla_service.agents.tables import Agent, AgentSession
from sla_service.errors import NotFound

_LONGEST_NAME = 300


class NoSuchSession(NotFound):
    """You have no session with this number."""


async def begin(
    session: AsyncSession, agent: Agent, *, browser: str, at: datetime, last: timedelta
) -> str:
    """A new session; its token is told once."""
    token = tokens.fresh()
    session.add(
        AgentSession(
            token_hash=tokens.hashed(token),
            agent_id=agent.id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + last,
            user_agent=browser[:_LONGEST_NAME],
        )
    )
    await session.flush()
    return token


async def live(
    session: AsyncSession, agent_id: int, *, at: datetime, idle: timedelta
) -> list[AgentSession]:
    """Somebody's sessions that are neither over nor revoked, the latest used first."""
    query = (
        select(AgentSession)
        .where(
            AgentSession.agent_id == agent_id,
            AgentSession.revoked_at.is_(None),
            AgentSession.expires_at > at,
            AgentSession.last_seen_at > at - idle,
        )
        .order_by(AgentSession.last_seen_at.desc(), AgentSession.id.desc())
    )
    return list(await session.scalars(query))


async def end(session: AsyncSession, agent_id: int, number: int, at: datetime) -> None:
    """Revoke one of somebody's sessions. Raises NoSuchSession."""
    found = await session.scalar(
        update(AgentSession)
        .where(AgentSession.id == number, AgentSession.agent_id == agent_id)
        .values(revoked_at=at)
        .where(AgentSession.revoked_at.is_(None))
        .returning(AgentSession.id)
    )
    if found is None:
        raise NoSuchSession(session=number)


async def end_all(
    session: AsyncSession, agent_id: int, at: datetime, *, but: str | None = None
) -> None:
    """Revoke all of somebody's sessions, except the one with the token `but`."""
    query = update(AgentSession).where(
        AgentSession.agent_id == agent_id, AgentSession.revoked_at.is_(None)
    )
    if but is not None:
        query = query.where(AgentSession.token_hash != tokens.hashed(but))
    await session.execute(query.values(revoked_at=at))


async def sign_out(session: AsyncSession, token: str, *, at: datetime, idle: timedelta) -> None:
    """End the session with this token; who has no other is offline at once."""
    agent_id = await session.scalar(
        update(AgentSession)
        .where(AgentSession.token_hash == tokens.hashed(token), AgentSession.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(AgentSession.agent_id)
    )
    if agent_id is not None and not await live(session, agent_id, at=at, idle=idle):
        await session.execute(update(Agent).where(Agent.id == agent_id).values(last_seen_at=None))

"""One-time links: for a first password, a forgotten one, or straight in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import tokens
from sla_service.agents.tables import Agent, Invitation, Purpose
from sla_service.errors import DomainError


class InvitationOver(DomainError):
    """This link was used already, or is too old."""

    status = 410


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link is for, and what it does."""

    agent: Agent
    purpose: Purpose


async def invite(
    session: AsyncSession, agent: Agent, purpose: Purpose, *, at: datetime, last: timedelta
) -> str:
    """A link's token; whatever link of this kind they had is no longer good."""
    await session.execute(
        update(Invitation)
        .where(
            Invitation.agent_id == agent.id,
            Invitation.purpose == purpose,
            Invitation.used_at.is_(None),
            Invitation.expires_at > at,
        )
        .values(expires_at=at)
    )
    token = tokens.fresh()
    session.add(
        Invitation(
            token_hash=tokens.hashed(token),
            agent_id=agent.id,
            purpose=purpose,
            created_at=at,
            expires_at=at + last,
        )
    )
    await session.flush()
    return token


def link(desk_url: str, token: str) -> str:
    """Where an invitation leads."""
    return f"{desk_url.rstrip('/')}/console?invitation={token}"


async def look(session: AsyncSession, token: str, at: datetime) -> Invited:
    """Whom a link is for; it stays good. Raises InvitationOver."""
    query = (
        select(Agent, Invitation.purpose)
        .join(Agent, Agent.id == Invitation.agent_id)
        .where(
            Invitation.token_hash == tokens.hashed(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > at,
            Agent.disabled_at.is_(None),
        )
    )
    found = (await session.execute(query)).first()
    if found is None:
        raise InvitationOver
    return Invited(*found)


async def take(session: AsyncSession, token: str, purpose: Purpose, at: datetime) -> Agent:
    """Use a link up; of two who try at once, one gets it. Raises InvitationOver."""
    agent_id = await session.scalar(
        update(Invitation)
        .where(
            Invitation.token_hash == tokens.hashed(token),
            Invitation.purpose == purpose,
            Invitation.used_at.is_(None),
            Invitation.expires_at > at,
        )
        .values(used_at=at)
        .returning(Invitation.agent_id)
    )
    agent = None if agent_id is None else await session.get(Agent, agent_id)
    if agent is None or agent.disabled_at is not None:
        raise InvitationOver
    return agent

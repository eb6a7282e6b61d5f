"""Accounts of the people who answer."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import sessions
from sla_service.agents.tables import Agent
from sla_service.errors import DomainError, NotFound
from sla_service.web.principals import Role

_ADDRESS = re.compile(r"[\w.!#$%&*+/=?^`{|}~-]{1,64}@[\w-]+(\.[\w-]+)*")
_LONGEST = 254
_ONE_ADMINISTRATOR_AT_A_TIME = 748_233_020


class NoSuchAgent(NotFound):
    """There is nobody with this number or e-mail address."""


class NotAnAddress(DomainError):
    """This is not an e-mail address."""

    status = 422


class AddressTaken(DomainError):
    """Somebody else has this e-mail address."""

    status = 409


class LastAdministrator(DomainError):
    """Somebody must be able to administer: this is the last administrator."""

    status = 409


def compared(text: str) -> str:
    """What somebody typed as their e-mail address, as accounts have it."""
    return text.replace("\x00", "").strip().lower()


def address(text: str) -> str:
    """An e-mail address, checked. Raises NotAnAddress."""
    plain = compared(text)
    if len(plain) > _LONGEST or not _ADDRESS.fullmatch(plain):
        raise NotAnAddress
    return plain


async def known(session: AsyncSession) -> list[Agent]:
    """Everybody, by name; those whose account was closed last."""
    query = select(Agent).order_by(Agent.disabled_at.is_not(None), Agent.name, Agent.id)
    return list(await session.scalars(query))


async def one(session: AsyncSession, agent_id: int) -> Agent:
    """Who has this number. Raises NoSuchAgent."""
    found = await session.get(Agent, agent_id)
    if found is None:
        raise NoSuchAgent(agent=agent_id)
    return found


async def by_address(session: AsyncSession, text: str) -> Agent:
    """Who has this e-mail address. Raises NoSuchAgent, NotAnAddress."""
    found = await session.scalar(select(Agent).where(Agent.email == address(text)))
    if found is None:
        raise NoSuchAgent
    return found


async def add(session: AsyncSession, email: str, name: str, role: Role, **more: Any) -> Agent:
    """A new account, without a password yet. Raises NotAnAddress, AddressTaken."""
    plain = address(email)
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(plain))))
    if await session.scalar(select(Agent.id).where(Agent.email == plain)) is not None:
        raise AddressTaken
    agent = Agent(email=plain, name=name, role=role, **more)
    session.add(agent)
    await session.flush()
    await session.refresh(agent)
    return agent


async def change(
    session: AsyncSession, agent_id: int, changes: Mapping[str, Any], at: datetime
) -> Agent:
    """Change an account; `is_disabled` closes or opens it, and closing it ends its sessions.

    Raises NoSuchAgent, LastAdministrator.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_ONE_ADMINISTRATOR_AT_A_TIME)))
    agent = await one(session, agent_id)
    wished = dict(changes)
    if (is_disabled := wished.pop("is_disabled", None)) is not None:
        wished["disabled_at"] = (agent.disabled_at or at) if is_disabled else None
    for name, value in wished.items():
        setattr(agent, name, value)
    await session.flush()
    if await session.scalar(_administrators()) == 0:
        raise LastAdministrator
    if agent.disabled_at is not None:
        await sessions.end_all(session, agent.id, at)
    return agent


def _administrators() -> Any:
    return select(func.count()).where(Agent.role == Role.ADMIN, Agent.disabled_at.is_(None))

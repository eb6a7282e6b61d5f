"""API keys: programs' way in, with scopes."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import tokens
from sla_service.agents.tables import ApiKey
from sla_service.errors import NotFound
from sla_service.web.principals import Principal, Scope


class NoSuchKey(NotFound):
    """There is no such key, or it was revoked."""


async def add(
    session: AsyncSession,
    name: str,
    scopes: Collection[Scope],
    who: Principal,
    *,
    expires_at: datetime | None,
) -> tuple[ApiKey, str]:
    """A new key, and its text, which is told this once."""
    secret = tokens.fresh()
    key = ApiKey(
        name=name,
        secret_hash=tokens.hashed(secret),
        scopes=sorted(set(scopes)),
        created_by=who.id if who.kind == "agent" else None,
        expires_at=expires_at,
    )
    session.add(key)
    await session.flush()
    await session.refresh(key)
    return key, tokens.key_text(key.id, secret)


async def known(session: AsyncSession) -> list[ApiKey]:
    """Every key that was not revoked, the newest first."""
    query = select(ApiKey).where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.id.desc())
    return list(await session.scalars(query))


async def revoke(session: AsyncSession, number: int, at: datetime) -> None:
    """Let a key open nothing from now on. Raises NoSuchKey."""
    found = await session.scalar(
        update(ApiKey)
        .where(ApiKey.id == number, ApiKey.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(ApiKey.id)
    )
    if found is None:
        raise NoSuchKey(key=number)

"""Who did what, written in the transaction in which it was done."""

from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents.tables import Act
from sla_service.database.sessions import Connection, driver, rows
from sla_service.web.principals import Principal


async def record(
    where: AsyncSession | Connection,
    who: Principal,
    act: str,
    target_kind: str,
    target_id: int | str | None = None,
    /,
    **details: Any,
) -> None:
    """Write down that `who` did `act` (`ticket.resolved`) to a thing; no secrets, no texts."""
    connection = await driver(where) if isinstance(where, AsyncSession) else where
    values = {
        "kind": who.kind,
        "id": who.id,
        "name": who.name,
        "act": act,
        "target_kind": target_kind,
        "target_id": None if target_id is None else str(target_id),
        "details": orjson.dumps(details).decode(),
    }
    await rows(connection, _INSERT, values)


async def page(
    session: AsyncSession,
    *,
    target: tuple[str, str | None] | None = None,
    actor: int | None = None,
    before: int | None = None,
    limit: int,
) -> list[Act]:
    """What was done, the latest first: to a kind of thing or to one thing, by one agent."""
    query = select(Act).order_by(Act.id.desc()).limit(limit)
    if target is not None:
        kind, number = target
        query = query.where(Act.target_kind == kind)
        if number is not None:
            query = query.where(Act.target_id == number)
    if actor is not None:
        query = query.where(Act.actor_kind == "agent", Act.actor_id == actor)
    if before is not None:
        query = query.where(Act.id < before)
    return list(await session.scalars(query))


_INSERT = """
INSERT INTO audit_log (actor_kind, actor_id, actor_name, act, target_kind, target_id, details)
VALUES (%(kind)s, CAST(%(id)s AS bigint), %(name)s, %(act)s, %(target_kind)s, %(target_id)s,
        CAST(%(details)s AS jsonb))
"""

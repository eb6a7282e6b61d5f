"""People who are there, conversations that were handed over, and what each of them sees."""

from dataclasses import dataclass
from typing import Any

import httpx2
from sqlalchemy import func, text, update

from sla_service.agents.tables import Agent, Presence
from sla_service.conversations import wording
from sla_service.database.sessions import Database
from sla_service.handoff import triggers
from sla_service.handoff.reception import Reception
from tests.sla_service import people
from tests.sla_service.world import SERVICE_TOKEN, Desk, written

BOT = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
"""What the bot's actions show."""


def reception_of(desk: Desk) -> Reception:
    """As the desk's worker has it."""
    data = desk.settings.data_dir
    return Reception(wording.load(data), triggers.load(data))


@dataclass
class Browser:
    """Somebody's console, as requests."""

    desk: Desk
    token: str

    async def asks(
        self, method: str, path: str, body: Any = None, more: dict[str, str] | None = None
    ) -> httpx2.Response:
        """One request of theirs."""
        headers = {**people.OWN, "Cookie": f"{people.COOKIE}={self.token}", **(more or {})}
        return await self.desk.http.request(method, f"/api/{path}", json=body, headers=headers)

    async def takes(self, conversation: int = 1, **more: Any) -> httpx2.Response:
        """Accept a conversation."""
        return await self.asks(
            "POST", f"conversations/{conversation}/assignment", {"agent": "me", **more}
        )


async def browser_of(desk: Desk, agent_id: int) -> Browser:
    """Somebody signed in."""
    return Browser(desk, await people.session_of(desk.database, agent_id))


async def is_there(database: Database, *agents: int, **changes: Any) -> None:
    """Their consoles are open, and they take conversations."""
    there = update(Agent).where(Agent.id.in_(agents))
    seen = {"presence": Presence.AVAILABLE, "last_seen_at": func.now(), **changes}
    async with database.transaction() as session:
        await session.execute(there.values(**seen))


async def leaves(database: Database, agent_id: int) -> None:
    """Their console is closed, and has been for a while."""
    async with database.transaction() as session:
        await session.execute(
            text("UPDATE agents SET last_seen_at = now() - interval '1 hour' WHERE id = :id"),
            {"id": agent_id},
        )


def shopper(number: int) -> dict[str, Any]:
    """Somebody else who writes."""
    return {
        "profile": {"name": f"Contato {number}"},
        "wa_id": f"55119876{number:05}",
        "user_id": f"BR.{number}",
    }


async def waits(
    desk: Desk, number: int = 1, words: str = "oi", *, reason: str = "wish", **more: Any
) -> httpx2.Response:
    """The contact with this number writes, and the bot asks for people; conversation `number`."""
    who = shopper(number)
    await desk.deliver(written(words, f"wamid.{number}", sender=who), contact=who)
    await desk.settle()
    return await calls_people(desk, number, reason=reason, **more)


async def calls_people(
    desk: Desk, conversation: int = 1, *, key: str = "", reason: str = "wish", **more: Any
) -> httpx2.Response:
    """The bot's action asks for people."""
    headers = {**BOT, "Idempotency-Key": key or f"handoff-{conversation}"}
    path = f"/api/conversations/{conversation}/handoff"
    return await desk.http.post(path, json={"reason": reason, **more}, headers=headers)


async def owner_of(desk: Desk, conversation: int = 1) -> tuple[str, int | None, int]:
    """Who holds a conversation: owner, agent, fence."""
    found = await desk.rows(
        "SELECT owner, agent_id, owner_fence FROM conversations WHERE id = :id", id=conversation
    )
    return tuple(found[0])

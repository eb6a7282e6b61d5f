"""The people of the demo at work: each with a browser of their own, over the desk's API."""

from datetime import datetime, timedelta
from typing import Any

import httpx2
from sqlalchemy import select

from dev.demo.stage import Stage
from sla_service import clock
from sla_service.agents import sessions
from sla_service.agents.tables import Agent
from sla_service.web.principals import Role

_GOOD_FOR = timedelta(hours=6)
_LAST = timedelta(days=7)


class Refused(Exception):
    """The desk refused what somebody in the story does."""


class People:
    """Acts as one of them; who is not there by first name is not in the house."""

    def __init__(self, stage: Stage, house: dict[str, Agent]) -> None:
        self._stage = stage
        self._house = house
        self._browsers: dict[str, tuple[str, datetime]] = {}
        self._acts = 0

    def knows(self, *names: str) -> bool:
        """Whether all of them are in the house."""
        return self._house.keys() >= {*names}

    def number(self, name: str) -> int:
        """Somebody's number."""
        return self._house[name].id

    async def do(self, name: str, method: str, path: str, body: Any = None) -> Any:
        """What the desk answers to somebody's act. Raises Refused."""
        return (await self._ask(name, method, path, json=body)).json()

    async def bring(self, name: str, data: bytes, mime_type: str, filename: str) -> str:
        """Upload a file; returns its id. Raises Refused."""
        path = f"/api/uploads?filename={filename}&type={mime_type}"
        headers = {"Content-Type": "application/octet-stream"}
        answer = await self._ask(name, "POST", path, content=data, headers=headers)
        return str(answer.json()["id"])

    async def go_home(self) -> None:
        """Close every browser, as if nobody had been here."""
        async with self._stage.database.transaction() as session:
            for agent in self._house.values():
                await sessions.end_all(session, agent.id, clock.now())
                kept = await session.get(Agent, agent.id)
                if kept is not None:
                    kept.last_seen_at = None

    async def _ask(
        self, name: str, method: str, path: str, *, headers: Any = None, **more: Any
    ) -> httpx2.Response:
        self._acts += 1
        shown = {
            "Cookie": f"balcao_session={await self._browser(name)}",
            "Sec-Fetch-Site": "same-origin",
            "Idempotency-Key": f"story-{self._acts}",
            **(headers or {}),
        }
        answer = await self._stage.web.request(method, path, headers=shown, **more)
        if answer.is_error:
            raise Refused(f"{name}: {method} {path}: {answer.status_code} {answer.text}")
        return answer

    async def _browser(self, name: str) -> str:
        token, since = self._browsers.get(
            name, ("", datetime.min.replace(tzinfo=clock.now().tzinfo))
        )
        at = clock.now()
        if at - since > _GOOD_FOR:
            async with self._stage.database.transaction() as session:
                agent = self._house[name]
                token = await sessions.begin(session, agent, browser="Firefox", at=at, last=_LAST)
            self._browsers[name] = token, at
        return token


async def in_the_house(stage: Stage) -> People:
    """Everybody with an account; the administrator is called `admin`."""
    async with stage.database.transaction() as session:
        house: dict[str, Agent] = {}
        for agent in await session.scalars(select(Agent).where(Agent.disabled_at.is_(None))):
            house.setdefault(agent.name.split()[0].lower(), agent)
            if agent.role is Role.ADMIN:
                house.setdefault("admin", agent)
    return People(stage, house)

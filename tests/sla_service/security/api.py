"""A desk with something in it, asked over and over in one event loop, whatever is asked."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from sla_service.database.sessions import Database
from tests.sla_service import people
from tests.sla_service.people import ALICE, COOKIE, OWN
from tests.sla_service.world import (
    SERVICE_TOKEN,
    Desk,
    open_desk,
    open_world,
    settings_for,
    written,
)

__all__ = ["asked"]

BOT = {"Authorization": f"Bearer {SERVICE_TOKEN}"}


@dataclass
class Asked:
    """The desk for tests that aren't coroutines: what generates requests calls them plainly."""

    runner: asyncio.Runner
    desk: Desk = field(init=False)

    def request(self, who: dict[str, str], **what: Any) -> httpx2.Response:
        """Ask as somebody, and wait for the answer."""
        merged = {**dict(what.pop("headers", None) or {}), **who}
        self.desk.http.cookies.clear()
        return self.runner.run(self.desk.http.request(headers=merged, **what))

    def as_admin(self) -> dict[str, str]:
        """What an administrator's page sends, in a session of its own: some requests end theirs."""
        token = self.runner.run(people.session_of(self.desk.database, ALICE))
        return {**OWN, "Cookie": f"{COOKIE}={token}"}


@pytest.fixture
def asked(database_url: str) -> Iterator[Asked]:
    """A desk where Ana has written and was answered."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        asked = Asked(runner)
        asked.desk = runner.run(_open(stack, database_url))
        try:
            yield asked
        finally:
            runner.run(stack.aclose())


async def _open(stack: AsyncExitStack, url: str) -> Desk:
    database = Database(url, pool_size=4)
    stack.push_async_callback(database.close)
    world = await stack.enter_async_context(open_world())
    desk = await stack.enter_async_context(open_desk(database, world, settings_for(url, world)))
    await desk.deliver(written("cadê meu pedido?", "wamid.A1"))
    await desk.settle()
    desk.http._transport.app.state.live.end()  # type: ignore[attr-defined]
    return desk

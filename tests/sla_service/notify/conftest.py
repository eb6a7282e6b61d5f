"""A desk that tells people: teams, a mail server and an endpoint outside."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from sla_service.database.sessions import Database
from sla_service.notify import endpoints, notices, sending, teams
from sla_service.notify.teams import Team, Wish
from sla_service.notify.values import Notice, NoticeKind, Told
from sla_service.settings import Settings
from tests.sla_service.notify.outside import Listener, Mailbox, open_listener, open_mailbox

DUE = datetime(2026, 11, 26, 11, 20, tzinfo=UTC)


def settings_of(url: str, **notify: Any) -> Settings:
    """Settings of a try-out desk that may call this machine, and gathers nothing."""
    chosen = {"reach": "loopback", "pace": 0, "timeout": 5, **notify}
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=url,
        demo=True,
        notify=chosen,
    )


def notice(number: int = 1001, kind: NoticeKind = NoticeKind.BREACHED, **changes: Any) -> Notice:
    """A promise to Ana, at risk; `changes` are facts, or `team`."""
    metric = str(changes.get("metric", "first_response"))
    return Notice(
        key=f"{number}:{metric}:1:{kind}",
        kind=kind,
        at=DUE,
        team=changes.pop("team", "agent"),
        ticket_id=number,
        facts={
            "number": number,
            "subject": "Pedido atrasado",
            "metric": metric,
            "due_at": changes.pop("due_at", DUE),
            "policy": "padrão",
            "priority": "high",
            "link": f"/console?conversation={number}",
            **changes,
        },
    )


@dataclass
class Notifier:
    """The desk as far as it tells people."""

    database: Database
    settings: Settings

    async def team(self, *channels: str, name: str = "agent", **wish: Any) -> Team:
        """A team told through these channels."""
        async with self.database.transaction() as session:
            wished = Wish(channels=channels, **wish)
            return await teams.put(session, name, wished, self.settings.notify)

    async def endpoint(self, url: str, *events: str) -> str:
        """An endpoint; returns its secret."""
        async with self.database.transaction() as session:
            return (await endpoints.add(session, url, events, self.settings))[1]

    async def tell(self, *several: Notice) -> Told:
        """Write notices, as the sweep of promises does."""
        async with self.database.step() as connection:
            return await notices.tell(connection, several)

    async def send(self, *several: Notice) -> int:
        """Write notices and send what follows from them."""
        return await sending.send(self.database, self.settings, await self.tell(*several))

    async def send_due(self) -> int:
        """What the worker does now and then."""
        return await sending.send_due(self.database, self.settings)

    async def time_passes(self, span: timedelta = timedelta(days=2)) -> None:
        """What waits for its time becomes due: all instants of what is owed lie earlier."""
        async with self.database.transaction() as session:
            for query in (
                "UPDATE notice_sends SET due_at = due_at - :span, claimed_at = claimed_at - :span",
                "UPDATE webhook_deliveries SET due_at = due_at - :span",
            ):
                await session.execute(text(query), {"span": span})

    async def rows(self, query: str, **values: Any) -> list[Any]:
        """Rows of the database, to look at what is kept."""
        async with self.database.transaction() as session:
            return list((await session.execute(text(query), values)).all())


@pytest.fixture
def notifier(database: Database) -> Notifier:
    """A desk that tells people at once."""
    return Notifier(database, settings_of(database.url))


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    """Where people read their mail."""
    async with open_mailbox() as opened:
        yield opened


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A program elsewhere."""
    async with open_listener() as opened:
        yield opened

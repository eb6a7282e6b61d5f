"""The first start: somebody must be able to come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from rich.box import ROUNDED
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from sqlalchemy import func, select

from sla_service.agents import accounts, audit, passwords
from sla_service.agents.passwords import Passwords
from sla_service.agents.tables import Agent, Presence
from sla_service.database.sessions import Database
from sla_service.settings import Settings
from sla_service.web.principals import TERMINAL, Role

ADMINISTRATOR = "admin@balcao.example"
_ONE_FIRST_START = 748_233_021
_ADMINISTRATOR: dict[str, Any] = {
    "email": ADMINISTRATOR,
    "name": "Administração",
    "role": Role.ADMIN,
    "languages": ["pt", "en"],
}
_CAST: tuple[dict[str, Any], ...] = (
    {
        "email": "bruno@balcao.example",
        "name": "Bruno Tavares",
        "role": Role.AGENT,
        "languages": ["pt", "en"],
        "skills": ["trocas"],
    },
    {
        "email": "carla@balcao.example",
        "name": "Carla Mendes",
        "role": Role.SUPERVISOR,
        "languages": ["pt", "en"],
        "skills": ["fraude", "trocas"],
    },
    {
        "email": "diego@balcao.example",
        "name": "Diego Rocha",
        "role": Role.AGENT,
        "languages": ["pt"],
        "skills": ["entregas"],
        "presence": Presence.AWAY,
    },
    {
        "email": "emma@balcao.example",
        "name": "Emma Hughes",
        "role": Role.AGENT,
        "language": "en",
        "languages": ["en"],
        "skills": ["returns"],
    },
)
"""Who answers at a try-out desk."""
_LOOKS_ON = {"capacity": 0}
"""The administrator is offered nothing where others answer, and may take what waits."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """The accounts of a first start, and the one password that all of them have."""

    people: Sequence[Agent]
    password: str


async def at_first_start(database: Database, settings: Settings) -> Welcome | None:
    """Make the administrator, and at a try-out desk everybody else, when there is nobody yet.

    Of processes that start at once, one does, and is given the password to tell.
    """
    async with database.transaction() as session:
        if await session.scalar(select(Agent.id).limit(1)) is not None:
            return None
    password = passwords.new_password()
    kept = await Passwords(1).hash(password)
    async with database.transaction() as session:
        await session.execute(select(func.pg_advisory_xact_lock(_ONE_FIRST_START)))
        if await session.scalar(select(Agent.id).limit(1)) is not None:
            return None
        wanted = [_ADMINISTRATOR | _LOOKS_ON, *_CAST] if settings.demo else [_ADMINISTRATOR]
        people = [await accounts.add(session, **one, password_hash=kept) for one in wanted]
        for agent in people:
            await audit.record(session, TERMINAL, "agent.added", "agent", agent.id, by="start")
    return Welcome(people, password)


def announce(welcome: Welcome, stream: TextIO) -> None:
    """Show the accounts and their password; nobody can show them again."""
    table = Table.grid(padding=(0, 2))
    for agent in welcome.people:
        table.add_row(f"[bold]{agent.email}[/]", agent.name, agent.role.value)
    table.add_row()
    table.add_row(f"[bold]{welcome.password}[/]", "Senha · Password", "")
    table.add_row("", "Não aparece de novo · It is not shown again", "")
    title = "Contas · Accounts"
    # As wide as the lines need: a broken password can't be copied.
    console = Console(file=stream, highlight=False, width=110)
    console.print(Panel(table, title=title, box=ROUNDED, padding=(1, 3), expand=False))

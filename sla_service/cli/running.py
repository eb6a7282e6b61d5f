"""How a command does its work: one transaction, and a refusal is a sentence."""

import asyncio
from collections.abc import Awaitable, Callable

import typer
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.sessions import Database
from sla_service.errors import DomainError
from sla_service.settings import Settings

out = Console()


def run[T](work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """What `work` gives back, once its transaction is committed; exits 1 when it is refused."""

    async def once() -> T:
        database = Database(Settings.read().server_url(), pool_size=2)
        try:
            async with database.transaction() as session:
                return await work(session)
        finally:
            await database.close()

    try:
        return asyncio.run(once())
    except DomainError as refused:
        why = refused.details.get("why")
        out.print(f"[red]{refused}[/red]" + (f" {why}" if why else ""))
        raise typer.Exit(1) from refused

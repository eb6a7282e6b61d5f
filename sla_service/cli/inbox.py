"""`bin/desk`: what whoever operates the desk asks of it from a terminal."""

import asyncio
from collections.abc import Awaitable, Callable

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations import delivery
from sla_service.database import migrations
from sla_service.database.sessions import Database, driver
from sla_service.errors import DomainError
from sla_service.settings import Settings
from sla_service.whatsapp import accounts, ledger

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
inbox = typer.Typer(no_args_is_help=True, help="What came in from WhatsApp, and what is parked.")
account = typer.Typer(no_args_is_help=True, help="Business numbers that were stopped.")
app.add_typer(inbox, name="inbox")
app.add_typer(account, name="account")
_out = Console()


@app.command()
def migrate() -> None:
    """Bring the tables to where this version expects them."""
    migrations.upgrade(Settings.read().server_url())
    _out.print("The tables are up to date.")


@inbox.command("check")
def inbox_check() -> None:
    """Compare what was received with what became of it; exit 1 when something is missing."""
    found = _run(ledger.account)
    _out.print(
        f"received {found.received} = processed {found.processed} + waiting {found.waiting} "
        f"+ duplicate {found.duplicate} + parked {found.parked}",
        highlight=False,
    )
    if not found.is_balanced:
        _out.print("[red]The two sides differ: something was lost.[/red]")
        raise typer.Exit(1)


@inbox.command("parked")
def inbox_parked(limit: int = 100) -> None:
    """List what failed again and again, oldest first."""
    table = Table("name", "received", "kind", "attempts", "error")
    for one in _run(lambda session: ledger.parked(session, limit)):
        at = one.received_at.isoformat(timespec="seconds")
        table.add_row(one.name, at, one.kind, str(one.attempts), one.error)
    _out.print(table if table.row_count else "Nothing is parked.")


@inbox.command("replay")
def inbox_replay(names: list[str]) -> None:
    """Try parked updates again, by the names that `parked` lists."""
    for name in names:
        _run(lambda session, name=name: ledger.replay(session, name))  # type: ignore[misc]
        _out.print(f"{name}: waiting again")


@account.command("stopped")
def account_stopped() -> None:
    """List the numbers that may not send until somebody has looked."""
    table = Table("number", "since", "why")
    for one in _run(accounts.stopped):
        since = one.stopped_at.isoformat(timespec="seconds") if one.stopped_at else ""
        table.add_row(one.phone_number_id, since, one.stop_reason or "")
    _out.print(table if table.row_count else "No number is stopped.")


@account.command("resume")
def account_resume(phone_number_id: str) -> None:
    """Let a stopped number send again; what was owed meanwhile goes out."""
    resumed = _run(lambda session: _resume(session, phone_number_id))
    if not resumed:
        _out.print("This number was not stopped.")
        raise typer.Exit(1)
    _out.print("It sends again.")


async def _resume(session: AsyncSession, phone_number_id: str) -> bool:
    return await delivery.resume(await driver(session), phone_number_id)


def _run[T](work: Callable[[AsyncSession], Awaitable[T]]) -> T:
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
        _out.print(f"[red]{refused}[/red]")
        raise typer.Exit(1) from refused


if __name__ == "__main__":
    app(prog_name="bin/desk")

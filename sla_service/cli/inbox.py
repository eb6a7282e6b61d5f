"""What came in from WhatsApp, and what is parked."""

import typer
from rich.table import Table

from sla_service.cli.running import out, run
from sla_service.whatsapp import ledger

inbox = typer.Typer(no_args_is_help=True, help=__doc__)


@inbox.command("check")
def inbox_check() -> None:
    """Compare what was received with what became of it; exit 1 when something is missing."""
    found = run(ledger.account)
    out.print(
        f"received {found.received} = processed {found.processed} + waiting {found.waiting} "
        f"+ duplicate {found.duplicate} + parked {found.parked}",
        highlight=False,
    )
    if not found.is_balanced:
        out.print("[red]The two sides differ: something was lost.[/red]")
        raise typer.Exit(1)


@inbox.command("parked")
def inbox_parked(limit: int = 100) -> None:
    """List what failed again and again, oldest first."""
    table = Table("name", "received", "kind", "attempts", "error")
    for one in run(lambda session: ledger.parked(session, limit)):
        at = one.received_at.isoformat(timespec="seconds")
        table.add_row(one.name, at, one.kind, str(one.attempts), one.error)
    out.print(table if table.row_count else "Nothing is parked.")


@inbox.command("replay")
def inbox_replay(names: list[str]) -> None:
    """Try parked updates again, by the names that `parked` lists."""
    for name in names:
        run(lambda session, name=name: ledger.replay(session, name))  # type: ignore[misc]
        out.print(f"{name}: waiting again")

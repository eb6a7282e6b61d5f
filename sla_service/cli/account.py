"""Business numbers that were stopped."""

import typer
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import audit
from sla_service.cli.running import out, run
from sla_service.conversations import delivery
from sla_service.database.sessions import driver
from sla_service.web.principals import TERMINAL
from sla_service.whatsapp import accounts

account = typer.Typer(no_args_is_help=True, help=__doc__)


@account.command("stopped")
def account_stopped() -> None:
    """List the numbers that may not send until somebody has looked."""
    table = Table("number", "since", "why")
    for one in run(accounts.stopped):
        since = one.stopped_at.isoformat(timespec="seconds") if one.stopped_at else ""
        table.add_row(one.phone_number_id, since, one.stop_reason or "")
    out.print(table if table.row_count else "No number is stopped.")


@account.command("resume")
def account_resume(phone_number_id: str) -> None:
    """Let a stopped number send again; what was owed meanwhile goes out."""
    resumed = run(lambda session: _resume(session, phone_number_id))
    if not resumed:
        out.print("This number was not stopped.")
        raise typer.Exit(1)
    out.print("It sends again.")


async def _resume(session: AsyncSession, phone_number_id: str) -> bool:
    resumed = await delivery.resume(await driver(session), phone_number_id)
    if resumed:
        await audit.record(session, TERMINAL, "account.resumed", "account", phone_number_id)
    return resumed

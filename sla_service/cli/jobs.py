"""Deferred work that failed for good, and promises that can't be worked out."""

import typer
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.cli.running import out, run
from sla_service.database.sessions import driver
from sla_service.jobs import queue
from sla_service.sla import sweep

jobs = typer.Typer(no_args_is_help=True, help=__doc__)


@jobs.command("failed")
def jobs_failed() -> None:
    """List jobs that were given up, and tickets whose sweep fails."""
    given_up, poisoned = run(_look)
    table = Table("what", "id", "tries", "why")
    for job in given_up:
        table.add_row(job.task, str(job.id), str(job.attempts), "")
    for ticket, tries, why, _ in poisoned:
        table.add_row("sla sweep", f"ticket {ticket}", str(tries), why)
    out.print(table if table.row_count else "Nothing failed for good.")


@jobs.command("retry")
def jobs_retry(ids: list[int]) -> None:
    """Try jobs again that were given up, by the ids that `failed` lists."""
    for number in ids:
        if not run(lambda session, number=number: _retry(session, number)):  # type: ignore[misc]
            out.print(f"{number}: no job that was given up")
            raise typer.Exit(1)
        out.print(f"{number}: waiting again")


async def _look(
    session: AsyncSession,
) -> tuple[list[queue.GivenUp], list[sweep.Poisoned]]:
    connection = await driver(session)
    return await queue.given_up(connection), await sweep.poisoned(connection)


async def _retry(session: AsyncSession, number: int) -> bool:
    return await queue.retry(await driver(session), number)

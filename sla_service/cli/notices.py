"""What the shop tells of its orders: the plan of it, and events that can't be read."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.cli.running import out, run
from sla_service.conversations import wording
from sla_service.conversations.wording import WordingMissing
from sla_service.database.sessions import driver
from sla_service.proactive import events, plan
from sla_service.proactive.events import Parked
from sla_service.proactive.plan import PlanUnreadable
from sla_service.settings import ROOT

notices = typer.Typer(no_args_is_help=True, help=__doc__)
_PLAN = ROOT / "data" / "notices" / "notices.yml"


@notices.command("check")
def notices_check(
    path: Annotated[Path, typer.Argument(help="The plan; else data/notices/notices.yml.")] = _PLAN,
) -> None:
    """Check the plan of the notices and their words; exit 1 when something is wrong."""
    try:
        found = plan.load(path)
        wording.load(ROOT / "data")
    except (PlanUnreadable, WordingMissing) as error:
        out.print(f"[red]{error}[/red]", highlight=False)
        raise typer.Exit(1) from None
    table = Table("notice", "on", "template after 24 h", "languages")
    for kind, one in found.kinds.items():
        template = one.template
        table.add_row(
            kind.value,
            "yes" if one.active else "no",
            template.name if template else "–",
            ", ".join(template.languages) if template else "–",
        )
    out.print(table)


@notices.command("parked")
def notices_parked(limit: int = 100) -> None:
    """List order events that can't be read, or failed again and again, oldest first."""

    async def ask(session: AsyncSession) -> list[Parked]:
        return await events.parked(await driver(session), limit)

    table = Table("number", "webhook-id", "received", "attempts", "error")
    for one in run(ask):
        at = one.received_at.isoformat(timespec="seconds")
        table.add_row(str(one.id), one.webhook_id, at, str(one.attempts), one.error)
    out.print(table if table.row_count else "Nothing is parked.")


@notices.command("replay")
def notices_replay(numbers: list[int]) -> None:
    """Try parked order events again, by the numbers that `parked` lists."""
    for number in numbers:

        async def again(session: AsyncSession, number: int = number) -> None:
            await events.replay(await driver(session), number)

        run(again)
        out.print(f"{number}: waiting again")

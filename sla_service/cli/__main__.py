"""`bin/desk`: what whoever operates the desk asks of it from a terminal."""

import typer

from sla_service.cli.account import account
from sla_service.cli.backup import backup, restore
from sla_service.cli.calendar import calendar
from sla_service.cli.doctor import doctor
from sla_service.cli.fold import fold
from sla_service.cli.inbox import inbox
from sla_service.cli.jobs import jobs
from sla_service.cli.knowledge import knowledge
from sla_service.cli.notices import notices
from sla_service.cli.notify import notify
from sla_service.cli.people import people
from sla_service.cli.reports import reports
from sla_service.cli.routing import routing
from sla_service.cli.running import out
from sla_service.cli.simulate import simulate
from sla_service.cli.sla import sla
from sla_service.database import migrations
from sla_service.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
for command in (doctor, backup, restore):
    app.command()(command)
sla.command("simulate")(simulate)
sla.command("fold")(fold)
for name, part in {
    "inbox": inbox,
    "account": account,
    "sla": sla,
    "calendar": calendar,
    "reports": reports,
    "notices": notices,
    "notify": notify,
    "jobs": jobs,
    "people": people,
    "routing": routing,
    "knowledge": knowledge,
}.items():
    app.add_typer(part, name=name)


@app.command()
def migrate() -> None:
    """Bring the tables to where this version expects them."""
    migrations.upgrade(Settings.read().server_url())
    out.print("The tables are up to date.")


if __name__ == "__main__":
    app(prog_name="bin/desk")

"""Who is told when a promise is at risk: teams, webhooks, and what became of each message."""

import secrets
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service import clock
from sla_service.agents import audit
from sla_service.cli.running import out, run
from sla_service.database.sessions import driver
from sla_service.notify import endpoints, notices, outgoing, teams, views
from sla_service.notify.outgoing import Entry
from sla_service.notify.teams import Team, Wish
from sla_service.notify.values import Notice, NoticeKind, Told
from sla_service.settings import Settings
from sla_service.web.principals import TERMINAL

notify = typer.Typer(no_args_is_help=True, help=__doc__)
team = typer.Typer(no_args_is_help=True, help="Teams that are told.")
webhook = typer.Typer(no_args_is_help=True, help="Programs that are told.")
notify.add_typer(team, name="team")
notify.add_typer(webhook, name="webhook")


@team.command("list")
def team_list() -> None:
    """List the teams; their channels' secrets are not shown."""
    table = Table("team", "channels", "language", "time zone", "quiet", "digest after")
    for one in run(teams.known):
        shown = "\n".join(f"{name}: {url}" for name, url in one.channels.items())
        quiet = "-".join(map(views.clock, one.quiet)) if one.quiet else ""
        table.add_row(one.name, shown, one.language, one.time_zone, quiet, str(one.digest_after))
    out.print(table if table.row_count else "There is no team.")


@team.command("set")
def team_set(  # noqa: PLR0917 - options are named where they are typed
    name: str,
    url: Annotated[
        list[str] | None,
        typer.Option(help="An Apprise URL, or the name of a channel it has; - reads them."),
    ] = None,
    language: Annotated[str, typer.Option(help="pt or en.")] = "pt",
    time_zone: str = "America/Sao_Paulo",
    quiet: Annotated[str, typer.Option(help="Quiet hours, like 22:00-07:00.")] = "",
    digest_after: Annotated[int, typer.Option(help="More than this come as one message.")] = 3,
) -> None:
    """Make a team, or change it; without --url it keeps its channels.

    Secrets in a command stay in the shell's history: `--url -` reads one URL a line from the
    standard input instead.
    """
    settings = Settings.read()
    channels = _lines() if url == ["-"] else url
    wish = Wish(channels, language, time_zone, _quiet(quiet), digest_after)
    made: Team = _done(
        lambda session: teams.put(session, name, wish, settings.notify), "team.changed", name
    )
    out.print(f"{made.name} is told through: {', '.join(made.channels) or 'the console alone'}")


@team.command("remove")
def team_remove(name: str) -> None:
    """Forget a team; what it was told stays."""
    _done(lambda session: teams.remove(session, name), "team.removed", name)
    out.print(f"{name} is told nothing more.")


@webhook.command("list")
def webhook_list() -> None:
    """List the endpoints."""
    table = Table("id", "address", "events", "active", "secrets")
    for one in run(endpoints.known):
        active = "yes" if one.is_active else f"no: {one.disabled_reason}"
        events = ", ".join(one.events) or "all"
        table.add_row(str(one.id), one.url, events, active, str(one.secrets))
    out.print(table if table.row_count else "There is no endpoint.")


@webhook.command("add")
def webhook_add(
    url: str,
    event: Annotated[list[str] | None, typer.Option(help="An event; all without it.")] = None,
) -> None:
    """Add an endpoint; its secret is shown this once."""
    settings = Settings.read()
    added, secret = _done(
        lambda session: endpoints.add(session, url, event or (), settings), "webhook.added"
    )
    out.print(f"endpoint {added.id}, secret {secret}", highlight=False)


@webhook.command("secret")
def webhook_secret(endpoint: int) -> None:
    """Make a new secret; it and the last one sign until the next."""
    secret = _done(
        lambda session: endpoints.change_secret(session, endpoint),
        "webhook.secret_changed",
        endpoint,
    )
    out.print(secret, highlight=False)


@webhook.command("activate")
def webhook_activate(endpoint: int) -> None:
    """Let a disabled endpoint hear again."""
    _done(lambda session: endpoints.activate(session, endpoint), "webhook.activated", endpoint)
    out.print("It hears of what happens from now on.")


@webhook.command("remove")
def webhook_remove(endpoint: int) -> None:
    """Forget an endpoint and the log of its deliveries."""
    _done(lambda session: endpoints.remove(session, endpoint), "webhook.removed", endpoint)
    out.print("It is told nothing more.")


@notify.command("deliveries")
def deliveries(
    state: Annotated[str, typer.Option(help="queued, held, sending, failed, sent, …")] = "",
    limit: int = 50,
) -> None:
    """List what left or is to leave, for people and for programs, the newest first."""
    table = Table()
    table.add_column("id", no_wrap=True)
    for name in ("what", "to", "state", "error"):
        table.add_column(name, overflow="fold")
    for one in run(lambda session: _log(session, state or None, limit)):
        table.add_row(one.id, f"{one.what}\n{one.key}", one.to, _state(one), one.last_error or "")
    out.print(table if table.row_count else "There is nothing.")


@notify.command("replay")
def replay(name: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Send something again, by the id that `deliveries` lists."""
    _done(lambda session: outgoing.replay(session, name), "delivery.replayed", name)
    out.print(f"{name}: waiting again")


@notify.command("test")
def test(name: Annotated[str, typer.Argument(metavar="TEAM")]) -> None:
    """Write a test message to a team and all endpoints; the worker sends it at once."""
    told: Told = run(lambda session: _test(session, name))
    count = len(told.sends) + len(told.deliveries)
    out.print(f"{count} on their way: `notify deliveries` says what becomes of them.")


def _done[T](
    work: Callable[[AsyncSession], Awaitable[T]], act: str, target: int | str | None = None
) -> T:
    """What `work` gives back, once it is committed together with the record of it."""

    async def recorded(session: AsyncSession) -> T:
        given = await work(session)
        await audit.record(session, TERMINAL, act, act.partition(".")[0], target)
        return given

    return run(recorded)


async def _test(session: AsyncSession, name: str) -> Told:
    found = await teams.one(session, name)
    at = clock.now()
    key = f"test:{found.name}:{secrets.token_hex(4)}"
    notice = Notice(key=key, kind=NoticeKind.TEST, at=at, team=found.name, ticket_id=0, facts={})
    return await notices.tell(await driver(session), [notice])


async def _log(session: AsyncSession, state: str | None, limit: int) -> list[Entry]:
    found = await outgoing.webhooks(session, state=state, limit=limit)
    found += await outgoing.sends(session, state=state, limit=limit)
    return sorted(found, key=lambda entry: entry.created_at, reverse=True)[:limit]


def _state(entry: Entry) -> str:
    tries = f"{entry.attempts} tries" if entry.attempts != 1 else "1 try"
    due = f"\ndue {entry.due_at:%m-%d %H:%M:%S} UTC" if entry.due_at else ""
    return f"{entry.state}, {tries}{due}"


def _lines() -> list[str]:
    return [line.strip() for line in sys.stdin if line.strip()]


def _quiet(written: str) -> tuple[int, int] | None:
    if not written:
        return None
    begins, _, ends = written.partition("-")
    try:
        return views.minutes(begins.strip()), views.minutes(ends.strip())
    except ValueError as error:
        raise typer.BadParameter(f"{error}; write them like 22:00-07:00") from error

"""The people who answer: accounts, one-time links, and programs' keys."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service import clock
from sla_service.agents import accounts, audit, first_run, invitations, keys, sessions
from sla_service.agents.accounts import NoSuchAgent
from sla_service.agents.first_run import ADMINISTRATOR
from sla_service.agents.roster import presence_of
from sla_service.agents.tables import Agent, Purpose
from sla_service.cli.running import out, run
from sla_service.database.sessions import Database
from sla_service.settings import Settings
from sla_service.web.principals import TERMINAL, Role, Scope

people = typer.Typer(no_args_is_help=True, help=__doc__)
programs = typer.Typer(no_args_is_help=True, help="Programs' keys to the API.")
people.add_typer(programs, name="keys")

Email = Annotated[str, typer.Argument(metavar="EMAIL")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@people.command("list")
def people_list() -> None:
    """List everybody."""
    at = clock.now()
    table = Table("number", "e-mail", "name", "role", "presence", "languages", "skills", "account")
    for one in run(accounts.known):
        account = "closed" if one.disabled_at else "open" if one.password_hash else "invited"
        presence = presence_of(one.presence, one.last_seen_at, at)
        words = (escape(", ".join(some)) for some in (one.languages, one.skills))
        table.add_row(str(one.id), one.email, escape(one.name), one.role, presence, *words, account)
    out.print(table if table.row_count else "There is nobody yet: `bin/desk people first`.")


@people.command("add")
def people_add(
    email: Email,
    name: Annotated[str, typer.Option(help="What colleagues call them.")],
    role: Annotated[Role, typer.Option(help="agent, supervisor or admin.")] = Role.AGENT,
    language: Annotated[str, typer.Option(help="pt or en: of their console.")] = "pt",
) -> None:
    """Add somebody, and print the link with which they choose a password."""
    if role is Role.SERVICE or language not in {"pt", "en"}:
        raise typer.BadParameter("The role is agent, supervisor or admin; the language pt or en.")

    async def add(session: AsyncSession) -> str:
        agent = await accounts.add(
            session, email, name, role, language=language, languages=[language]
        )
        await audit.record(session, TERMINAL, "agent.added", "agent", agent.id, role=role)
        return await _link(session, agent, Purpose.PASSWORD)

    _tell_link(run(add))


@people.command("invite")
def people_invite(email: Email) -> None:
    """Print a one-time link with which somebody chooses a first password."""
    _tell_link(run(_for(email, _invited)))


@people.command("reset-password")
def people_reset_password(email: Email) -> None:
    """Print a one-time link with which somebody chooses another password; the old one ends now."""

    async def reset(session: AsyncSession, agent: Agent) -> str:
        agent.password_hash = None
        await sessions.end_all(session, agent.id, clock.now())
        return await _invited(session, agent)

    _tell_link(run(_for(email, reset)))


@people.command("sign-in-link")
def people_sign_in_link(email: Email = ADMINISTRATOR, as_json: AsJson = False) -> None:
    """Print a one-time link that signs somebody in at once."""
    found = run(_for(email, _entrance))
    if as_json:
        typer.echo(json.dumps({"link": found}))
    else:
        _tell_link(found)


@people.command("disable")
def people_disable(
    email: Email, undo: Annotated[bool, typer.Option("--undo", help="Open it again.")] = False
) -> None:
    """Close somebody's account and end their sessions; what they did stays."""

    async def change(session: AsyncSession, agent: Agent) -> None:
        changes = {"is_disabled": not undo}
        await accounts.change(session, agent.id, changes, clock.now())
        await audit.record(session, TERMINAL, "agent.changed", "agent", agent.id, changes=changes)

    run(_for(email, change))
    out.print("The account is open again." if undo else "The account is closed.")


@people.command("first")
def people_first(as_json: AsJson = False) -> None:
    """Make the administrator, and people to play with at a try-out desk, when there is nobody yet.

    Their password is shown this once. As JSON, there is a one-time link besides that signs the
    administrator in, if their account is still open.
    """
    settings = Settings.read()
    welcome, link = asyncio.run(_first(settings, with_link=as_json))
    if as_json:
        made = welcome and {
            "password": welcome.password,
            "people": [{"email": one.email, "name": one.name} for one in welcome.people],
        }
        typer.echo(json.dumps({"accounts": made, "link": link}))
    elif welcome is None:
        out.print("There are accounts already.")
    else:
        first_run.announce(welcome, sys.stdout)


@programs.command("list")
def keys_list() -> None:
    """List the keys that were not revoked."""
    table = Table("number", "name", "scopes", "created", "last used", "expires")
    for one in run(keys.known):
        days = (
            f"{at:%Y-%m-%d}" if at else ""
            for at in (one.created_at, one.last_used_at, one.expires_at)
        )
        table.add_row(str(one.id), escape(one.name), ", ".join(one.scopes), *days)
    out.print(table if table.row_count else "There are no keys.")


@programs.command("add")
def keys_add(
    name: Annotated[str, typer.Argument(help="What the program is called.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; may be repeated.")],
    days: Annotated[int | None, typer.Option(help="Good for so long; else until revoked.")] = None,
) -> None:
    """Make a key and print it, this once."""
    expires_at = None if days is None else clock.now() + timedelta(days=days)

    async def add(session: AsyncSession) -> str:
        key, text = await keys.add(session, name, scope, TERMINAL, expires_at=expires_at)
        await audit.record(session, TERMINAL, "key.added", "key", key.id, scopes=key.scopes)
        return text

    typer.echo(run(add))


@programs.command("revoke")
def keys_revoke(number: int) -> None:
    """Let a key open nothing from now on."""

    async def revoke(session: AsyncSession) -> None:
        await keys.revoke(session, number, clock.now())
        await audit.record(session, TERMINAL, "key.revoked", "key", number)

    run(revoke)
    out.print("The key opens nothing any more.")


async def _first(
    settings: Settings, *, with_link: bool
) -> tuple[first_run.Welcome | None, str | None]:
    database = Database(settings.server_url(), pool_size=2)
    try:
        welcome = await first_run.at_first_start(database, settings)
        if not with_link:
            return welcome, None
        async with database.transaction() as session:
            try:
                agent = await accounts.by_address(session, ADMINISTRATOR)
            except NoSuchAgent:
                return welcome, None
            return welcome, await _entrance(session, agent)
    finally:
        await database.close()


def _for[T](
    email: str, work: Callable[[AsyncSession, Agent], Awaitable[T]]
) -> Callable[[AsyncSession], Awaitable[T]]:
    async def found(session: AsyncSession) -> T:
        return await work(session, await accounts.by_address(session, email))

    return found


async def _invited(session: AsyncSession, agent: Agent) -> str:
    await audit.record(session, TERMINAL, "agent.invited", "agent", agent.id)
    return await _link(session, agent, Purpose.PASSWORD)


async def _entrance(session: AsyncSession, agent: Agent) -> str:
    await audit.record(session, TERMINAL, "agent.link_made", "agent", agent.id)
    return await _link(session, agent, Purpose.ENTRANCE)


async def _link(session: AsyncSession, agent: Agent, purpose: Purpose) -> str:
    settings = Settings.read()
    last = settings.accounts.invitation
    token = await invitations.invite(session, agent, purpose, at=clock.now(), last=last)
    return invitations.link(settings.notify.desk_url, token)


def _tell_link(link: str) -> None:
    out.print("Good once, for a while:")
    typer.echo(link)

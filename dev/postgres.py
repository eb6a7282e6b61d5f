"""The desk's database: somebody's server if one is named, else a private one in the var folder."""

from collections.abc import Mapping
from pathlib import Path

from dev import commands
from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress

_TAIL = 6


def is_private(env: Mapping[str, str]) -> bool:
    """Whether the desk brings its own server."""
    return not (env.get("DESK_DATABASE_URL") or env.get("DESK_DATABASE_URL_FILE"))


def start(folder: Path, progress: Progress) -> str:
    """Start the private server in `folder`, or join it, and give its address."""
    from sla_service.database import embedded  # noqa: PLC0415 - needed for the private server alone

    with progress.step("Starting PostgreSQL"):
        return embedded.ensure(folder)


def stop(folder: Path) -> None:
    """Stop the private server in `folder`."""
    from sla_service.database import embedded  # noqa: PLC0415 - needed for the private server alone

    embedded.stop(folder)


def migrate(places: Places, progress: Progress, env: Mapping[str, str]) -> None:
    """Bring the tables up to date."""
    with progress.step("Bringing the database up to date"):
        command = [places.python, "-m", "sla_service.database", "migrate"]
        done = commands.run(command, cwd=places.root, env=env)
    if done.code:
        sentence = "The database could not be brought up to date. The migration says:"
        raise SetupError(sentence, tuple(done.lines[-_TAIL:]))

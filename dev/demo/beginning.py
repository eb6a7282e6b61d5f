"""Fills the desk's first start with a story, in a process of its own, before the desk opens."""

from collections.abc import Mapping

from rich.markup import escape

from dev import commands
from dev.places import Places
from dev.progress import Progress

_TAIL = 4
_FALSE = {"", "0", "false", "no", "off"}


def fill(places: Places, progress: Progress, env: Mapping[str, str]) -> None:
    """Let there be something to look at; a desk that can't be filled opens all the same."""
    if env.get("DESK_DEMO", "").lower() in _FALSE or not _is_empty(env.get("DESK_DATABASE_URL")):
        return
    command = [places.python, "-m", "dev.demo.filling"]
    with progress.step("Filling the desk with a few days of conversations (once; --empty: never)"):
        done = commands.run(command, cwd=places.root, env=env)
    if done.code:
        progress.console.print("[yellow]! That did not work, so some are missing. Why:[/]")
        for line in done.lines[-_TAIL:]:
            progress.console.print(f"  {escape(line)}")


def _is_empty(url: str | None) -> bool:
    """Whether nobody has written yet; where that can't be seen here, filling finds out."""
    if url is None:
        return True
    import psycopg  # noqa: PLC0415 - needed at a start of the whole desk alone

    from dev.demo import past  # noqa: PLC0415 - as above

    with psycopg.connect(url) as connection:
        past.forget(connection)
        return connection.execute("SELECT FROM conversations LIMIT 1").fetchone() is None

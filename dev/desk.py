"""The desk's command line, on the database of `bin/dev`."""

import subprocess
from collections.abc import Mapping, Sequence

from dev import crowd, environment, lock, places, postgres, running
from dev.places import Places
from dev.progress import Progress


def main(arguments: Sequence[str]) -> int:
    """Run `desk …`; the private server is started for it when no desk runs here."""
    if arguments[:1] == ["crowd"]:
        return crowd.main(arguments[1:])
    chosen = environment.settings(places.find())
    here = places.find(chosen)
    if not postgres.is_private(chosen) or "--help" in arguments:
        return _run(here, running.env_without(here), arguments)
    env = running.env_of(here)
    if env is not None:
        return _run(here, env, arguments)
    progress = Progress()
    with lock.held(here, progress):
        env = running.env_without(here)
        try:
            env["DESK_DATABASE_URL"] = postgres.start(here.postgres, progress)
            postgres.migrate(here, progress, env)
            return _run(here, env, arguments)
        finally:
            postgres.stop(here.postgres)


def _run(here: Places, env: Mapping[str, str], arguments: Sequence[str]) -> int:
    command = [here.python, "-m", "sla_service.cli", *arguments]
    return subprocess.run(command, cwd=here.root, env=env, check=False).returncode

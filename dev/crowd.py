"""`bin/desk crowd`: simulated shoppers write to the desk that runs here, or to a fresh one."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from dev import environment, places, running
from dev.errors import SetupError
from dev.places import Places

_FRESH = "--fresh"
_UNTIL_OPEN = 900.0  # seconds: a first start may train a model
_UNTIL_ENDED = 60.0
_OURS = ("ACTIONS_", "DESK_", "ORDER_SYSTEM_", "SIMULATOR_")


def main(arguments: Sequence[str]) -> int:
    """Run the crowd; `--fresh` brings up a desk of its own and ends it afterwards."""
    here = places.find(environment.settings(places.find()))
    asked = [one for one in arguments if one != _FRESH]
    if "--help" in asked or "-h" in asked:
        return _crowd(here, {}, asked)
    is_fresh = _FRESH in arguments
    with _opened(here) if is_fresh else nullcontext(here) as there:
        env = running.env_of(there)
        if env is None:
            raise SetupError(
                "No desk runs here.",
                ("Start one with bin/dev, or let the crowd bring its own: --fresh.",),
            )
        return _crowd(there, env | {"CROWD_WAY_IN": _way_in(there, env)}, asked)


def _crowd(here: Places, env: Mapping[str, str], arguments: Sequence[str]) -> int:
    command = [here.python, "-m", "simulator.crowd", *arguments]
    return subprocess.run(command, cwd=here.root, env=env or os.environ, check=False).returncode


def _way_in(here: Places, env: Mapping[str, str]) -> str:
    """A link that opens the console once, for reading tickets."""
    command = [here.python, "-m", "sla_service.cli", "people", "sign-in-link", "--json"]
    told = subprocess.run(
        command, cwd=here.root, env=env, capture_output=True, text=True, check=False
    )
    if told.returncode:
        raise SetupError("The desk gave no way in.", tuple(told.stderr.splitlines()[-3:]))
    return str(json.loads(told.stdout.splitlines()[-1])["link"])


@contextmanager
def _opened(here: Places) -> Iterator[Places]:
    """A desk with an empty database on free ports, for as long as it is needed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    with tempfile.TemporaryDirectory(prefix="crowd-") as folder:
        there = Places(here.root, Path(folder).resolve())
        log = there.var / "dev.log"
        command = [str(here.root / "bin" / "dev"), "--var", folder, "--free-ports", "--empty"]
        with (
            log.open("w") as written,
            subprocess.Popen(
                command,
                cwd=here.root,
                # An empty database URL wins over one in .env, and means a private server.
                env=kept | {"DESK_DATABASE_URL": ""},
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
            ) as supervisor,
        ):
            try:
                _wait(there, supervisor, log)
                yield there
            finally:
                _end(supervisor)


def _wait(there: Places, supervisor: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _UNTIL_OPEN
    while not there.ready.exists():
        if supervisor.poll() is not None or time.monotonic() > deadline:
            raise SetupError("The desk did not open.", tuple(log.read_text().splitlines()[-8:]))
        time.sleep(0.1)


def _end(supervisor: subprocess.Popen[bytes]) -> None:
    supervisor.terminate()
    try:
        supervisor.wait(_UNTIL_ENDED)
    except subprocess.TimeoutExpired:
        supervisor.kill()

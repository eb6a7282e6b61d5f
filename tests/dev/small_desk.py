"""A desk of tiny processes under the real lock, guardian and supervisor, run by the tests."""

import asyncio
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from dev import guardian, lock, welcome
from dev.errors import SetupError
from dev.logs import Log
from dev.places import ROOT, Places
from dev.ports import Ports
from dev.processes import Child
from dev.progress import Progress
from dev.supervisor import Patience, Supervisor

_PATIENCE = Patience(first_pause=0.05, draining=0.3, polling=0.05, ending=1.0)


def main() -> int:
    """Run the children described by the second argument in the var folder given by the first."""
    here = Places(root=ROOT, var=Path(sys.argv[1]))
    children = [
        Child(name, (sys.executable, "-c", program), os.environ, ready)
        for name, program, ready in json.loads(sys.argv[2])
    ]

    def on_ready(pids: dict[str, int]) -> None:
        where = welcome.addresses(Ports(), {})
        welcome.write(here.ready, where=where, pids=pids, env={})

    try:
        with ExitStack() as stack:
            locked = stack.enter_context(lock.held(here, Progress()))
            group = stack.enter_context(guardian.watching(locked, None))
            supervisor = Supervisor(
                children,
                cwd=here.var,
                group=group,
                log=Log(child.name for child in children),
                on_ready=on_ready,
                patience=_PATIENCE,
            )
            asyncio.run(supervisor.run())
    except SetupError as trouble:
        sys.stdout.write(f"{trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

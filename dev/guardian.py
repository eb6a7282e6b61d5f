"""Outlive the supervisor by a moment, however it ends, and leave nothing of it behind.

The guardian leads a process group that every process of the desk is born into. It reads a pipe
whose other end only the supervisor holds: when that closes, even because the supervisor was
killed, the guardian ends whatever is left in the group and then the private PostgreSQL.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import psutil

from dev import postgres

_PATIENCE = 5.0  # seconds between asking and killing


@contextmanager
def watching(lock: TextIO | None = None, database: Path | None = None) -> Iterator[int]:
    """Start a guardian and give its process group; at the end wait until it has cleared up.

    It keeps `lock` open, and stops the private server in the folder `database`, where given.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "dev.guardian", *([str(database)] if database else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=0,
        pass_fds=(lock.fileno(),) if lock else (),
    ) as guardian:
        if guardian.stdout is not None:
            guardian.stdout.readline()  # it is deaf to signals from here on
        yield guardian.pid


def main(arguments: list[str]) -> None:
    """Wait for the pipe to close, then clear up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    print("watching", flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody reads our pipe any longer
    sys.stdin.buffer.read()
    end_group()
    for folder in arguments:
        postgres.stop(Path(folder))


def end_group() -> None:
    """Ask all others in our process group to end, and kill those that don't."""
    deadline = time.monotonic() + _PATIENCE
    for other in _others():
        _send(other, signal.SIGTERM)
    while _others() and time.monotonic() < deadline:
        time.sleep(0.05)
    for other in _others():
        _send(other, signal.SIGKILL)


def _others() -> list[psutil.Process]:
    group, me = os.getpgid(0), os.getpid()
    return [
        process
        for process in psutil.process_iter()
        if process.pid != me and _group_of(process) == group
    ]


def _group_of(process: psutil.Process) -> int | None:
    try:
        return None if process.status() == psutil.STATUS_ZOMBIE else os.getpgid(process.pid)
    except (psutil.NoSuchProcess, ProcessLookupError, PermissionError, psutil.AccessDenied):
        return None


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return


if __name__ == "__main__":
    main(sys.argv[1:])

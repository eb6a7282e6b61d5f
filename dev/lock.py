"""One desk at a time in one var folder."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

import psutil

from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress

_PATIENCE = 15.0


@contextmanager
def held(places: Places, progress: Progress) -> Iterator[TextIO]:
    """Hold the lock of `places`; a run that was killed and is still being cleared up is awaited.

    The guardian inherits the file, so the lock is free only when nothing of a run is left.
    """
    places.var.mkdir(parents=True, exist_ok=True)
    with places.lock.open("a+") as file:
        if not _take(file):
            _wait_for_the_dead(places, file, progress)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield file


def is_held(places: Places) -> bool:
    """Whether a desk runs in `places`."""
    if not places.lock.exists():
        return False
    with places.lock.open("a+") as file:
        return not _take(file)


def _take(file: TextIO) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _wait_for_the_dead(places: Places, file: TextIO, progress: Progress) -> None:
    if psutil.pid_exists(_holder(places)):
        raise _already_running(places)
    with progress.step("Waiting for the previous run to be cleared up"):
        deadline = time.monotonic() + _PATIENCE
        while not _take(file):
            if time.monotonic() > deadline:
                raise _already_running(places)
            time.sleep(0.1)


def _already_running(places: Places) -> SetupError:
    details = ["End it in its own window with Ctrl-C, or start another beside it:"]
    details += ["bin/dev --var var/other --free-ports"]
    if places.ready.exists():
        where = json.loads(places.ready.read_text())["addresses"]
        details = [
            f"Console: {where['console'].partition('?')[0]}",
            f"Phone:   {where['phone']}",
            *details,
        ]
    sentence = f"The desk is already running here (process {_holder(places)})."
    return SetupError(sentence, tuple(details))


def _holder(places: Places) -> int:
    text = places.lock.read_text().strip()
    return int(text) if text.isdecimal() else 0

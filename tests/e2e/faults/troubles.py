"""What can go wrong, each as a context: it begins, lasts, and is over."""

import contextlib
import os
import random
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

import psutil

from tests.e2e.desk import until
from tests.e2e.faults.links import Wire
from tests.e2e.faults.stage import LEASE, Stage, ensure_postgres

_KILLED = ("web", "worker", "rasa", "actions", "spare worker", "spare web")
_FROZEN = ("worker", "spare worker", "rasa", "web")
_WIRES = {
    "graph": (Wire.SLOW, Wire.BROKEN, Wire.SILENT, Wire.DEAF, Wire.CUT),
    "webhooks": (Wire.SLOW, Wire.BROKEN, Wire.SILENT, Wire.DEAF, Wire.CUT),
    "bot": (Wire.SLOW, Wire.BROKEN, Wire.SILENT, Wire.DEAF, Wire.CUT),
    "actions": (Wire.SLOW, Wire.BROKEN, Wire.SILENT, Wire.DEAF, Wire.CUT),
    "desk": (Wire.BROKEN, Wire.SILENT, Wire.DEAF, Wire.CUT),
    "orders": (Wire.SLOW, Wire.BROKEN, Wire.SILENT, Wire.DEAF, Wire.CUT),
}
_REFUSALS = ("rate_limit", "pair_limit", "unavailable", "server_error")
_LEAST, _MOST = 2.0, 6.0  # seconds that a trouble lasts
_FULL = 4096  # bytes: no file may grow past it


@dataclass(frozen=True)
class Trouble:
    """Something that goes wrong, and under what it is counted."""

    name: str
    counts_as: str
    last: Callable[[], AbstractContextManager[None]]
    seconds: float


def deck(stage: Stage, dice: random.Random) -> list[Trouble]:
    """Every kind of trouble once, in an order and for times that the dice tell.

    What happens to a process and what happens to a link take turns: a short run has of both.
    """
    inside, outside = list(_to_processes(stage, dice)), list(_to_links(stage, dice))
    dice.shuffle(inside)
    dice.shuffle(outside)
    mixed = zip_longest(inside, outside)
    return [one for pair in mixed for one in pair if one is not None]


def _to_processes(stage: Stage, dice: random.Random) -> Iterator[Trouble]:
    for name in _KILLED:
        yield Trouble(f"kill {name}", "kills", partial(_killed, stage, name), 0.5)
    for name in _FROZEN:
        longer = LEASE + dice.uniform(1, 3)
        yield Trouble(f"freeze {name}", "freezes", partial(_frozen, stage, name), longer)
    down = dice.uniform(_LEAST, _MOST)
    yield Trouble("stop postgres", "postgres_stops", partial(_stopped, stage), down)
    full = dice.uniform(_LEAST, _MOST)
    yield Trouble("database's disk full", "disks_full", partial(_no_room, stage), full)
    full = dice.uniform(_LEAST, _MOST)
    yield Trouble("files' disk full", "disks_full", partial(_files_full, stage), full)


def _to_links(stage: Stage, dice: random.Random) -> Iterator[Trouble]:
    for name, wires in _WIRES.items():
        for wire in wires:
            bad = partial(_wired, stage, name, wire)
            yield Trouble(f"{name} {wire}", "cuts", bad, dice.uniform(_LEAST, _MOST))
    for kind in _REFUSALS:
        refused = partial(_refused, stage, {"kind": kind, "count": dice.randint(1, 4)})
        yield Trouble(f"meta {kind}", "refusals", refused, 1.0)


@contextmanager
def _killed(stage: Stage, name: str) -> Iterator[None]:
    """As the kernel kills: without a word. Whoever supervises it starts it again."""
    pid = stage.pid(name)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    yield


@contextmanager
def _frozen(stage: Stage, name: str) -> Iterator[None]:
    """Stopped for longer than a lease, as a paused machine is; then it goes on as if nothing was"""
    pid = stage.pid(name)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


@contextmanager
def _stopped(stage: Stage) -> Iterator[None]:
    """As `pg_ctl stop -m immediate`: without a checkpoint, and without a word to anybody."""
    postmaster = _postmaster(stage)
    if postmaster is not None:
        postmaster.send_signal(signal.SIGQUIT)
        _wait(postmaster)
    yield
    ensure_postgres(stage)


@contextmanager
def _no_room(stage: Stage) -> Iterator[None]:
    """No file of the database's may grow: its log can't be written, and it gives up."""
    postmaster = _postmaster(stage)
    servers = [] if postmaster is None else [postmaster, *postmaster.children(recursive=True)]
    _limit(servers, 0)
    yield
    _limit(servers, resource.RLIM_INFINITY)
    if postmaster is not None and postmaster.is_running():
        with contextlib.suppress(psutil.NoSuchProcess):
            _limit([postmaster, *postmaster.children(recursive=True)], resource.RLIM_INFINITY)
            postmaster.send_signal(signal.SIGQUIT)  # what it is in now is as bad as it gets
            _wait(postmaster)
    ensure_postgres(stage)


@contextmanager
def _files_full(stage: Stage) -> Iterator[None]:
    """No room for contacts' files."""
    names = ("web", "worker", "spare worker", "spare web")
    processes = [psutil.Process(pid) for pid in map(stage.pid, names) if psutil.pid_exists(pid)]
    _limit(processes, _FULL)
    try:
        yield
    finally:
        _limit(processes, resource.RLIM_INFINITY)


@contextmanager
def _wired(stage: Stage, name: str, wire: Wire) -> Iterator[None]:
    link = stage.links[name]
    stage.change(link, wire)
    try:
        yield
    finally:
        stage.change(link, Wire.FINE)


@contextmanager
def _refused(stage: Stage, fault: dict[str, object]) -> Iterator[None]:
    """Meta says no to the next few sends."""
    stage.simulator.post("/control/faults", json=fault).raise_for_status()
    yield


def _postmaster(stage: Stage) -> psutil.Process | None:
    try:
        pid = int((stage.postgres / "postmaster.pid").read_text().splitlines()[0])
        return psutil.Process(pid)
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None


def _wait(process: psutil.Process) -> None:
    """Until it is gone; what is left of one whose parent is busy counts as gone."""
    until(lambda: not process.is_running() or _is_zombie(process), "PostgreSQL to die")


def _is_zombie(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def _limit(processes: Sequence[psutil.Process], size: int) -> None:
    """So large, and no larger, may a file get that they write; what is there can be read."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, hard))

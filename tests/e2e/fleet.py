"""A desk with several processes of each kind, which are killed and added while it works."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2
import psutil

from tests.e2e.balancer import Balancer
from tests.e2e.desk import ROOT, Desk, running, tail, until

_UNTIL_READY = 600.0
_METRICS_TOKEN = "only-for-tests"
_MODULES = {"web": "sla_service.app", "worker": "sla_service.worker"}
# Where a process is looked at to see whether it is ready.
_READY = {"web": "/readyz", "rasa": "/", "actions": "/health", "worker": "/metrics"}


@dataclass
class Member:
    """A process beside the first of its kind."""

    kind: str
    url: str
    process: subprocess.Popen[bytes]


@dataclass
class Fleet:
    """The desk, the balancers in front of its processes, and what was started beside them."""

    desk: Desk
    log: Path
    balancers: dict[str, Balancer]
    first: dict[str, str]
    """The addresses of the first processes, which a supervisor starts again when they die."""
    members: list[Member] = field(default_factory=list)

    def add(self, kind: str) -> Member:
        """Start one more process of a kind; requests reach it as soon as it listens."""
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        with self.log.open("ab") as written:
            process = subprocess.Popen(
                self._command(kind, port),
                cwd=ROOT,
                env=os.environ
                | self.desk.env
                | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
                | {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
                | _port_of(kind, port),
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        member = Member(kind, url, process)
        self.members.append(member)
        if kind in self.balancers:
            self.balancers[kind].add(url)
        return member

    def kill(self, member: Member) -> None:
        """Kill a process as the kernel would, and say goodbye to it."""
        self._end(member, signal.SIGKILL)

    def retire(self, member: Member) -> None:
        """Ask a process to end, as an upgrade does."""
        if member.kind in self.balancers:
            self.balancers[member.kind].remove(member.url)
        self._end(member, signal.SIGTERM)

    def kill_first(self, kind: str) -> Callable[[], bool]:
        """Kill the first process of a kind; the answer says whether it is there again."""
        pid = self.desk.ready()["pids"][kind]
        os.kill(pid, signal.SIGKILL)
        return lambda: (
            self.desk.ready()["pids"][kind] != pid and self.is_ready(kind, self.first[kind])
        )

    def answers(self, member: Member) -> bool:
        """Whether one of those beside answers; it must not have ended."""
        assert member.process.poll() is None, f"{member.kind} ended:\n{tail(self.log)}"
        return self.is_ready(member.kind, member.url)

    def beside(self, kind: str) -> Member:
        """The one of its kind that has been there longest, beside the first."""
        return next(one for one in self.members if one.kind == kind)

    def is_ready(self, kind: str, url: str) -> bool:
        """Whether a process answers."""
        headers = {"Authorization": f"Bearer {_METRICS_TOKEN}"}
        try:
            return httpx2.get(url + _READY[kind], headers=headers, timeout=10).status_code == 200
        except httpx2.TransportError:
            return False

    def addresses(self, kind: str) -> list[str]:
        """Where the processes of a kind are."""
        return [self.first[kind], *(one.url for one in self.members if one.kind == kind)]

    def turns_of(self, worker: str) -> int:
        """How many turns a worker has had answered, by its own count."""
        headers = {"Authorization": f"Bearer {_METRICS_TOKEN}"}
        page = httpx2.get(f"{worker}/metrics", headers=headers, timeout=30).text
        counted = 'balcao_turns_total{outcome="answered"} '
        return next(
            int(float(line.removeprefix(counted)))
            for line in page.splitlines()
            if line.startswith(counted)
        )

    def end(self) -> None:
        """End what was started beside the desk's own processes."""
        for member in list(self.members):
            self._end(member, signal.SIGTERM)

    def _end(self, member: Member, how: signal.Signals) -> None:
        self.members.remove(member)
        member.process.send_signal(how)
        try:
            member.process.wait(60)
        except subprocess.TimeoutExpired:
            member.process.kill()
            member.process.wait()
        if member.kind in self.balancers:
            self.balancers[member.kind].remove(member.url)

    def _command(self, kind: str, port: int) -> list[str]:
        """As the first of its kind was started, on another port."""
        if kind in _MODULES:
            return [sys.executable, "-m", _MODULES[kind]]
        first = psutil.Process(self.desk.ready()["pids"][kind]).cmdline()
        at = first.index("--port") + 1
        return [*first[:at], str(port), *first[at + 1 :]]


@contextmanager
def running_fleet(log: Path) -> Iterator[Fleet]:
    """A desk whose processes reach each other through balancers alone."""
    with ExitStack() as stack:
        balancers = {
            kind: stack.enter_context(Balancer().open()) for kind in ("web", "rasa", "actions")
        }
        web = balancers["web"].url
        figures = _free_port()
        settings = {
            "DESK_BOT__URL": balancers["rasa"].url,
            "DESK_URL": web,
            "ACTIONS_URL": f"{balancers['actions'].url}/webhook",
            "SIMULATOR_WEBHOOK_URL": f"{web}/webhooks/whatsapp",
            "SIMULATOR_ORDER_EVENTS_URL": f"{web}/webhooks/orders",
            "DESK_METRICS__TOKEN": _METRICS_TOKEN,
            "DESK_METRICS__WORKER_PORT": str(figures),
            "DESK_ACCOUNTS__TRIES_A_MINUTE": "6",
        }
        desk = stack.enter_context(running(log, **settings))
        first = {
            "web": desk.page,
            "rasa": f"http://127.0.0.1:{_port_given(desk, 'rasa')}",
            "actions": f"http://127.0.0.1:{_port_given(desk, 'actions')}",
            "worker": f"http://127.0.0.1:{figures}",
        }
        for kind, balancer in balancers.items():
            balancer.add(first[kind])
        beside = log.with_name(f"{log.stem}-beside.log")
        beside.unlink(missing_ok=True)
        fleet = Fleet(desk, beside, balancers, first)
        stack.callback(fleet.end)
        for kind in ("rasa", "actions", "web", "worker", "worker"):
            fleet.add(kind)
        wait_until_ready(fleet, *fleet.members)
        yield fleet


def wait_until_ready(fleet: Fleet, *members: Member) -> None:
    """Wait until processes answer, and say what they said when they don't."""
    for member in members:
        until(partial(fleet.answers, member), f"{member.kind} to be ready", seconds=_UNTIL_READY)


def _port_given(desk: Desk, kind: str) -> int:
    command = psutil.Process(desk.ready()["pids"][kind]).cmdline()
    return int(command[command.index("--port") + 1])


def _port_of(kind: str, port: int) -> dict[str, str]:
    return {
        "web": {"DESK_PORT": str(port)},
        "worker": {"DESK_METRICS__WORKER_PORT": str(port)},
    }.get(kind, {})


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port

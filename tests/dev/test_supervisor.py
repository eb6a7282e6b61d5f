"""The supervisor brings every process up, keeps it up, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from dev import lock, ports
from dev.places import ROOT, Places

SLEEPER = "import time; print('at work', flush=True); time.sleep(600)"
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("at work", flush=True)
time.sleep(600)
"""
BROKEN = "raise SystemExit('the oven is cold')"
PARENT = f"""
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}])
pathlib.Path("grandchild").write_text(str(child.pid))
print("at work", flush=True)
time.sleep(600)
"""
SERVER = """
import http.server
print("the shop is open", flush=True)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
    def log_message(self, *args):
        pass
http.server.HTTPServer(("127.0.0.1", {port}), Answer).serve_forever()
"""

Program = tuple[str, str, str]


class Desk:
    """A running small desk and what it said."""

    def __init__(self, var: Path, programs: list[Program]) -> None:
        self.places = Places(root=ROOT, var=var)
        self.output = var / "output"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    str(Path(__file__).with_name("small_desk.py")),
                    str(var),
                    json.dumps(programs),
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
            )

    def pids(self) -> dict[str, int]:
        """The process ids it announced, once it has."""
        eventually(self.places.ready.exists, self.said)
        return dict(json.loads(self.places.ready.read_text())["pids"])

    def said(self) -> str:
        """Its logs so far."""
        return self.output.read_text()


@contextmanager
def running(var: Path, *programs: Program) -> Iterator[Desk]:
    desk = Desk(var, list(programs))
    try:
        yield desk
    finally:
        desk.process.terminate()
        desk.process.wait(20)
        eventually(lambda: not lock.is_held(desk.places), desk.said)


def eventually(condition: Callable[[], object], explain: Callable[[], object] = str) -> None:
    """Wait until `condition` holds."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, explain()
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def server() -> Program:
    port = ports.free().web
    return ("web", SERVER.replace("{port}", str(port)), f"http://127.0.0.1:{port}/healthz")


def test_readiness_of_all_is_announced_with_their_process_ids(
    tmp_path: Path, server: Program
) -> None:
    with running(tmp_path, server, ("worker", SLEEPER, "at work")) as desk:
        pids = desk.pids()

        assert set(pids) == {"web", "worker"}
        assert not any(map(is_gone, pids.values()))
        assert "web    │ the shop is open" in desk.said()
        assert "dev    │ worker is ready" in desk.said()


def test_nothing_is_announced_while_one_is_not_ready(tmp_path: Path, server: Program) -> None:
    name, program, url = server
    with running(tmp_path, (name, program, f"{url}/no"), ("worker", SLEEPER, "at work")) as desk:
        eventually(lambda: "worker is ready" in desk.said() and "open" in desk.said(), desk.said)

        assert not desk.places.ready.exists()


def test_a_crashed_process_is_started_again(tmp_path: Path, server: Program) -> None:
    with running(tmp_path, server, ("worker", SLEEPER, "at work")) as desk:
        before = desk.pids()
        os.kill(before["web"], signal.SIGKILL)

        eventually(lambda: desk.pids()["web"] != before["web"], desk.said)

        assert desk.pids()["worker"] == before["worker"]
        assert "web ended (signal SIGKILL); starting it again" in desk.said()


def test_a_process_that_cannot_be_started_is_named_with_its_last_words(tmp_path: Path) -> None:
    with running(tmp_path, ("worker", SLEEPER, "at work"), ("rasa", BROKEN, "at work")) as desk:
        assert desk.process.wait(20) == 1

        last = desk.said().strip().splitlines()[-2:]
        assert last[0].startswith("rasa can't be started: it ended 3 times in a row (exit code 1)")
        assert last[1] == "the oven is cold"


@pytest.mark.parametrize("request_to_end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_ends_every_process(
    tmp_path: Path, server: Program, request_to_end: signal.Signals
) -> None:
    with running(tmp_path, server, ("parent", PARENT, "at work")) as desk:
        pids = [*desk.pids().values(), int((tmp_path / "grandchild").read_text())]
        desk.process.send_signal(request_to_end)

        assert desk.process.wait(20) == 0
        assert all(map(is_gone, pids))


def test_a_process_deaf_to_the_request_is_killed(tmp_path: Path) -> None:
    with running(tmp_path, ("stubborn", STUBBORN, "at work")) as desk:
        pid = desk.pids()["stubborn"]
        desk.process.terminate()

        assert desk.process.wait(20) == 0
        assert is_gone(pid)
        assert "stubborn did not end when asked to, so it was killed" in desk.said()


def test_a_killed_supervisor_leaves_no_process_and_no_lock(tmp_path: Path, server: Program) -> None:
    with running(tmp_path, server, ("parent", PARENT, "at work")) as desk:
        pids = [*desk.pids().values(), int((tmp_path / "grandchild").read_text())]
        desk.process.kill()
        desk.process.wait(20)

        eventually(lambda: all(map(is_gone, pids)), desk.said)
        eventually(lambda: not lock.is_held(desk.places), desk.said)


def test_a_second_desk_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with running(tmp_path, ("worker", SLEEPER, "at work")) as desk:
        desk.pids()
        first = desk.process.pid
        second = Desk(tmp_path, [("worker", SLEEPER, "at work")])

        assert second.process.wait(20) == 1
        assert f"The desk is already running here (process {first})." in second.said()
        assert "http://127.0.0.1:8090/phone" in second.said()


def test_desks_in_different_folders_run_side_by_side(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    with (
        running(ours, ("worker", SLEEPER, "at work")) as one,
        running(theirs, ("worker", SLEEPER, "at work")) as other,
    ):
        assert one.pids() != other.pids()

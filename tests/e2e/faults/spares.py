"""More processes of the desk beside the supervised ones, each with a clock of its own."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.desk import ROOT

SKEWS = (-7200, -90, 0, 45, 7200)
"""Seconds by which the clock of such a process is wrong; each start takes one of them."""
_LOOK_AGAIN = 0.2


class Spare:
    """A process that is started again whenever it ends, as a supervisor would."""

    def __init__(
        self, name: str, module: str, env: Mapping[str, str], log: Path, dice: random.Random
    ) -> None:
        self.name = name
        self.starts = 0
        self.skewed = 0
        """Starts with a clock that was wrong."""
        self._module = module
        self._env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | env
        self._log = log
        self._dice = dice
        self._over = threading.Event()
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, name=name, daemon=True)
        self._keeper.start()

    @property
    def pid(self) -> int:
        """The process as it runs now."""
        return self._process.pid

    def end(self) -> None:
        """End it for good."""
        self._over.set()
        self._keeper.join()
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _keep(self) -> None:
        while not self._over.wait(_LOOK_AGAIN):
            if self._process.poll() is not None:
                self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        skew = self._dice.choice(SKEWS)
        self.skewed += skew != 0
        command = [sys.executable, "-m", "tests.e2e.faults.skewed", str(skew), self._module]
        self._write(f"starts, its clock {skew} s off\n".encode())
        process = subprocess.Popen(
            command, cwd=ROOT, env=self._env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        threading.Thread(target=self._listen, args=[process], daemon=True).start()
        return process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Through a pipe, as a supervisor does: a full disk is no business of the log's."""
        assert process.stdout is not None
        with process.stdout as said:
            for line in said:
                self._write(line)

    def _write(self, line: bytes) -> None:
        with self._log.open("ab") as written:
            written.write(f"{self.name} │ ".encode() + line)


@contextmanager
def running(
    env: Mapping[str, str], web_port: int, log: Path, dice: random.Random
) -> Iterator[list[Spare]]:
    """A second worker and a second web process, of the desk whose variables these are."""
    log.unlink(missing_ok=True)
    spares: list[Spare] = []
    try:
        spares.append(Spare("spare worker", "sla_service.worker", env, log, dice))
        second = dict(env) | {"DESK_PORT": str(web_port)}
        spares.append(Spare("spare web", "sla_service.app", second, log, dice))
        yield spares
    finally:
        for spare in spares:
            spare.end()

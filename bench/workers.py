"""The desk's workers as processes, and what the machine spends on them."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import psutil

from bench.peer import ROOT


class Workers:
    """So many workers that share the database at `url`; no webhook or bot gives them other work."""

    def __init__(self, url: str, count: int, env: Mapping[str, str] | None = None) -> None:
        self._url, self._count, self._env = url, count, os.environ if env is None else env

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "sla_service.worker"]
        env = {
            **self._env,
            "PYTHONPATH": str(ROOT),
            "DESK_DEMO": "true",
            "DESK_DATABASE_URL": self._url,
            "DESK_LOG_LEVEL": "warning",
        }
        self._started = [
            subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE)
            for _ in range(self._count)
        ]
        for process in self._started:
            assert process.stdout is not None
            if process.stdout.readline() != b"worker_ready\n":
                self.__exit__()
                raise RuntimeError("a worker did not get ready")
        self.processes = [psutil.Process(process.pid) for process in self._started]
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started:
            process.terminate()
        for process in self._started:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()

    def cpu(self) -> float:
        """Seconds of the processor that they have used."""
        return sum(seconds(process) for process in self.processes)

    def peak_mb(self) -> float:
        """The most memory that one of them has held."""
        return max(_peak(process) for process in self.processes) / 2**20


def seconds_of(server: psutil.Process) -> float:
    """Seconds of the processor that a PostgreSQL server has used, its living sessions included."""
    return sum(seconds(process) for process in [server, *server.children()])


def seconds(process: psutil.Process) -> float:
    """Seconds of the processor that a process has used."""
    used = process.cpu_times()
    return used.user + used.system


def _peak(process: psutil.Process) -> int:
    """The high-water mark where the system keeps one, else what is held now."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return int(process.memory_info().rss)
    mark = next(line for line in status if line.startswith("VmHWM:"))
    return int(mark.split()[1]) * 1024

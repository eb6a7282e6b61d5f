"""Processes that a bench starts, waits for and ends."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A process that is ready when `url` answers, and ended at the end."""

    def __init__(
        self,
        command: Sequence[str],
        url: str,
        env: Mapping[str, str] | None = None,
        cwd: str = ".",
        *,
        is_quiet: bool = False,
    ) -> None:
        self._command, self._url, self._cwd = command, url, cwd
        self._out = subprocess.DEVNULL if is_quiet else None
        self._env = {**os.environ, **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self._command, env=self._env, cwd=self._cwd, stdout=self._out
        )
        until = time.monotonic() + 90
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                self.__exit__(None, None, None)
                raise RuntimeError(f"{self._command[:4]} did not get ready")
            time.sleep(0.1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self._url, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

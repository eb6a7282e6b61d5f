"""Keep a handful of processes running until somebody asks us to end."""

import asyncio
import contextlib
import os
import signal
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dev import health
from dev.errors import SetupError
from dev.logs import Log
from dev.processes import Child

_LONGEST_LINE = 1024 * 1024
_REMEMBERED = 12  # last lines of a process, shown when it can't be started


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits for what, in seconds."""

    first_pause: float = 1.0  # before a crashed process is started again; doubles each time
    longest_pause: float = 30.0
    steady: float = 60.0  # a process that lived this long is forgiven its earlier crashes
    polling: float = 0.2  # between two questions whether a process is ready
    draining: float = 2.0  # for the last words of a process that has ended
    ending: float = 5.0  # between asking a process to end and killing it
    tries: int = 3  # crashes before the desk was ever ready that make us give up


class Supervisor:
    """Starts the children, restarts those that crash, and ends them all together."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        cwd: Path,
        group: int,
        log: Log,
        on_ready: Callable[[dict[str, int]], None],
        patience: Patience | None = None,
    ) -> None:
        """`on_ready` gets the process ids, each time that all children are ready."""
        self._children = list(children)
        self._cwd = cwd
        self._group = group
        self._log = log
        self._on_ready = on_ready
        self._patience = patience or Patience()
        self._running: dict[str, Process] = {}
        self._ready: set[str] = set()
        self._was_ready = False
        self._last_lines: dict[str, deque[str]] = {}

    async def run(self) -> None:
        """Keep the children running until SIGINT, SIGTERM or SIGHUP.

        Raises SetupError when a child can't be brought up in the first place.
        """
        asked = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, asked.set)
        ending = asyncio.create_task(asked.wait())
        keepers = [asyncio.create_task(self._keep(child)) for child in self._children]
        done, _ = await asyncio.wait([ending, *keepers], return_when=asyncio.FIRST_COMPLETED)
        for task in (ending, *keepers):
            task.cancel()
        self._log.say("Ending every process …")
        await self._end_all()
        for task in done - {ending}:
            task.result()

    async def _keep(self, child: Child) -> None:
        crashes = 0
        while True:
            began = time.monotonic()
            code = await self._live(child)
            if time.monotonic() - began >= self._patience.steady:
                crashes = 0
            crashes += 1
            if not self._was_ready and crashes >= self._patience.tries:
                raise SetupError(
                    f"{child.name} can't be started: it ended {crashes} times in a row "
                    f"({_ending(code)}). Its last words:",
                    tuple(self._last_lines[child.name]),
                )
            pause = min(
                self._patience.first_pause * 2 ** (crashes - 1), self._patience.longest_pause
            )
            self._log.say(
                f"{child.name} ended ({_ending(code)}); starting it again in {pause:g} s", bad=True
            )
            await asyncio.sleep(pause)

    async def _live(self, child: Child) -> int:
        """Run `child` once, from its start to its end."""
        process, output = await self._spawn(child)
        self._running[child.name] = process
        spoken = asyncio.Event()
        listener = asyncio.create_task(self._listen(child, output, spoken))
        watcher = asyncio.create_task(self._watch(child, spoken))
        code = await process.wait()
        watcher.cancel()
        self._ready.discard(child.name)
        del self._running[child.name]
        await asyncio.wait([listener], timeout=self._patience.draining)
        return code

    async def _spawn(self, child: Child) -> tuple[Process, asyncio.StreamReader]:
        """Start `child` on a pipe of our own: asyncio's would let a grandchild that still holds
        its other end keep us from seeing that the child has ended."""
        reading, writing = os.pipe()
        output = asyncio.StreamReader(limit=_LONGEST_LINE)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(output), os.fdopen(reading, "rb")
        )
        try:
            process = await asyncio.create_subprocess_exec(
                *child.command,
                cwd=self._cwd,
                env=dict(child.env),
                process_group=self._group,
                stdin=DEVNULL,
                stdout=writing,
                stderr=STDOUT,
            )
        finally:
            os.close(writing)
        return process, output

    async def _listen(
        self, child: Child, output: asyncio.StreamReader, spoken: asyncio.Event
    ) -> None:
        last = self._last_lines[child.name] = deque(maxlen=_REMEMBERED)
        while not output.at_eof():
            with contextlib.suppress(ValueError):  # a line longer than the limit is dropped
                line = (await output.readline()).decode(errors="replace").rstrip()
                if line:
                    last.append(line)
                    self._log.line(child.name, line)
                if child.ready in line:
                    spoken.set()

    async def _watch(self, child: Child, spoken: asyncio.Event) -> None:
        if child.ready.startswith("http://"):
            await self._until_it_answers(child.ready)
        else:
            await spoken.wait()
        self._ready.add(child.name)
        self._log.say(f"{child.name} is ready")
        if len(self._ready) == len(self._children):
            self._was_ready = True
            self._on_ready({name: process.pid for name, process in self._running.items()})

    async def _until_it_answers(self, url: str) -> None:
        while True:
            if await asyncio.to_thread(health.answers, url):
                return
            await asyncio.sleep(self._patience.polling)

    async def _end_all(self) -> None:
        processes = dict(self._running)
        for process in processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        if not processes:
            return
        waits = [asyncio.create_task(process.wait()) for process in processes.values()]
        await asyncio.wait(waits, timeout=self._patience.ending)
        for name, process in processes.items():
            if process.returncode is None:
                self._log.say(f"{name} did not end when asked to, so it was killed", bad=True)
                process.kill()
        await asyncio.wait(waits)


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"

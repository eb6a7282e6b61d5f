"""Run one command to its end and keep what it said."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 5.0  # seconds between asking a command to end and ending it
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Finished:
    """How a command ended; `output` is both of its streams, without colours."""

    code: int
    output: str

    @property
    def lines(self) -> list[str]:
        """The output's lines that say something."""
        return [line.rstrip() for line in self.output.splitlines() if line.strip()]


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    group: int | None = None,
) -> Finished:
    """Run `command`; when we are interrupted it is ended too.

    `group` is the process group to put it in (see `guardian`).
    """
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(env),
        process_group=group,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            output, _ = process.communicate()
        except BaseException:
            _end(process)
            raise
    return Finished(process.returncode, without_colours(output))


def check(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> None:
    """Run `command`, and raise CommandFailed unless it succeeds."""
    finished = run(command, cwd=cwd, env=env)
    if finished.code:
        raise CommandFailed(finished.output)


class CommandFailed(Exception):
    """The command ended with a failure."""

    def __init__(self, output: str) -> None:
        self.output = output
        super().__init__(output)


def without_colours(text: str) -> str:
    """`text` without terminal escapes."""
    return _ESCAPES.sub("", text)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()

"""A list of checks, each timed, and the summary at their end."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.markup import escape

from dev import commands
from dev.progress import Progress

_NO_TESTS = 5  # pytest's exit code when a selection matches nothing


@dataclass(frozen=True)
class Step:
    """One command that must succeed; `quiet` ones are heard only when they fail.

    With `again`, a command that failed gets a second chance: the step is as good as that one.
    """

    title: str
    command: Sequence[str]
    quiet: bool = True
    may_be_empty: bool = False
    again: Sequence[str] = ()


@dataclass
class Run:
    """Runs steps one after the other, all of them even when one fails."""

    root: Path
    env: Mapping[str, str]
    progress: Progress
    _results: list[tuple[str, bool, float]] = field(default_factory=list)

    def step(self, step: Step) -> None:
        """Run `step` and remember how it went."""
        began = time.monotonic()
        passed = self._quietly(step) if step.quiet else self._aloud(step)
        title = step.title
        if not passed and step.again:
            title = f"{step.title}, a part of them twice"
            passed = self._aloud(replace(step, title=f"{step.title}: again", command=step.again))
        self._results.append((title, passed, time.monotonic() - began))

    def failed(self, title: str, sentence: str) -> None:
        """Remember a step that could not even be run."""
        self.progress.console.print(f"[red]✗ {escape(sentence)}[/]")
        self._results.append((title, False, 0.0))

    def summary(self) -> int:
        """Print how every step went and give the exit code."""
        self.progress.console.print("\n[bold]Summary[/]")
        for title, passed, took in self._results:
            mark = "[green]✓[/]" if passed else "[red]✗[/]"
            self.progress.console.print(f"{mark} {title} [dim]({took:.1f} s)[/]")
        failures = [title for title, passed, _ in self._results if not passed]
        total = sum(took for _, _, took in self._results)
        verdict = f"[red]{len(failures)} failed[/]" if failures else "[green]all passed[/]"
        self.progress.console.print(f"{len(self._results)} steps in {total:.0f} s: {verdict}")
        return 1 if failures else 0

    def _quietly(self, step: Step) -> bool:
        try:
            with self.progress.step(step.title):
                commands.check(step.command, cwd=self.root, env=self.env)
        except commands.CommandFailed as failure:
            self.progress.console.print(escape(failure.output))
            return False
        return True

    def _aloud(self, step: Step) -> bool:
        self.progress.console.print(f"\n[bold]▶ {escape(step.title)}[/]")
        code = subprocess.run(step.command, cwd=self.root, env=self.env, check=False).returncode
        return code == 0 or (code == _NO_TESTS and step.may_be_empty)

"""The commands behind the scripts in bin/."""

import signal
import sys
from types import FrameType

from rich.console import Console
from rich.markup import escape

from dev import audit, check, desk, rasa, run, suite
from dev.errors import SetupError
from dev.nlu import verbs as nlu

_COMMANDS = {
    "run": run.main,
    "test": suite.main,
    "check": check.main,
    "rasa": rasa.main,
    "desk": desk.main,
    "nlu": nlu.main,
    "audit": audit.main,
}
_INTERRUPTED = 130


def main() -> int:
    """Run one command; what stands in its way is told in a sentence, never as a traceback."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    command, *arguments = sys.argv[1:] or [""]
    if command not in _COMMANDS:
        print("Start this through bin/dev, bin/test, bin/check, bin/rasa, bin/nlu or bin/desk.")
        return 2
    try:
        return _COMMANDS[command](arguments)
    except SetupError as trouble:
        _show(trouble)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


def _show(trouble: SetupError) -> None:
    console = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
    console.print(f"[bold red]✗ {escape(trouble.sentence)}[/]")
    for line in trouble.details:
        console.print(f"  {escape(line)}")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

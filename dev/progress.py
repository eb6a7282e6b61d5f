"""Say what is being done while it takes long: a spinner on a terminal, lines elsewhere."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress as Spinner
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

_WORTH_SAYING = 1.0  # a step shorter than this leaves no trace
_REPEAT_EVERY = 15.0


class Progress:
    """Reports steps on standard error, so that standard output stays the program's own."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Show `doing` until the block ends, then how long it took."""
        began = time.monotonic()
        try:
            with self._spinning(doing) if self.console.is_terminal else self._telling(doing, began):
                yield
        except BaseException:
            self.console.print(f"[red]✗[/] {doing}")
            raise
        took = time.monotonic() - began
        if took >= _WORTH_SAYING:
            self.console.print(f"[green]✓[/] {doing} [dim]({took:.0f} s)[/]")

    @contextmanager
    def _spinning(self, doing: str) -> Iterator[None]:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Spinner(*columns, console=self.console, transient=True) as spinner:
            spinner.add_task(doing, total=None)
            yield

    @contextmanager
    def _telling(self, doing: str, began: float) -> Iterator[None]:
        over = threading.Event()

        def tell() -> None:
            if over.wait(_WORTH_SAYING):
                return
            self.console.print(f"· {doing} …")
            while not over.wait(_REPEAT_EVERY):
                self.console.print(f"· {doing} … {time.monotonic() - began:.0f} s")

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            yield
        finally:
            over.set()
            teller.join()

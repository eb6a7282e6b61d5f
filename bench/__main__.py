"""All benches, or some, behind one command: a table for people, and JSON for programs.

    .venv/bin/python -m bench [--short] [NAME…]

The table goes to stderr, one JSON object to stdout. A bench that fails is a row that says why.
Whole, it takes some hours and both cores; nothing else should run meanwhile.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import machine
from bench.claims import ROOT, Bench, Row, failed, rows
from bench.known import BENCHES

_VERDICT = {True: "[green]yes[/]", False: "[red]no[/]", None: "–"}


def main(arguments: Sequence[str] | None = None, known: Sequence[Bench] = BENCHES) -> int:
    """Run what was asked for, and print; 1 when a bench failed or a claim doesn't hold."""
    names = [bench.name for bench in known]
    options = argparse.ArgumentParser(prog="bench", description=(__doc__ or "").splitlines()[0])
    options.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    options.add_argument("--short", action="store_true", help="minutes instead of hours")
    chosen = options.parse_args(arguments)
    unknown = set(chosen.names) - set(names)
    if unknown:
        options.error(f"no bench is called {', '.join(sorted(unknown))}")
    console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 160)
    found: list[Row] = []
    for bench in known:
        if chosen.names and bench.name not in chosen.names:
            continue
        console.print(f"[bold]{bench.name}[/] …")
        found += run(bench, is_short=chosen.short)
    here = machine.described()
    console.print(table(found, here))
    shown = {"machine": here, "short": chosen.short, "rows": [row.as_json() for row in found]}
    print(json.dumps(shown, ensure_ascii=False))
    return int(any(row.failed or row.holds is False for row in found))


def run(bench: Bench, *, is_short: bool) -> list[Row]:
    """The rows of a bench, run in a process of its own; its words on stderr are passed on."""
    command = bench.command(is_short=is_short, this_python=sys.executable)
    try:
        with (
            tempfile.TemporaryFile("w+") as out,
            subprocess.Popen(
                command, cwd=ROOT, stdout=out, stderr=subprocess.PIPE, text=True
            ) as process,
        ):
            assert process.stderr is not None
            last: deque[str] = deque(maxlen=1)
            for line in process.stderr:
                sys.stderr.write(line)
                last.extend([line.strip()] if line.strip() else [])
            out.seek(0)
            printed = out.read()
    except OSError as error:
        return failed(bench, f"not started: {error.strerror}")
    lines = _lines(printed)
    if process.returncode and not lines:  # with figures, they tell what was wrong
        return failed(bench, f"ended with {process.returncode}: {''.join(last)[:200]}")
    return rows(bench, lines)


def table(found: Sequence[Row], here: str) -> Table:
    """The rows as people read them."""
    shown = Table(title=here, title_justify="left", show_lines=False)
    for column in ("bench", "claim", "figure", "limit or peer", "ratio", "holds"):
        shown.add_column(column, justify="right" if column in {"figure", "ratio"} else "left")
    before = ""
    for row in found:
        ratio = "–" if row.ratio is None else f"{row.ratio:,}"
        name, before = "" if row.bench == before else row.bench, row.bench
        cells = [row.figure, row.limit, ratio, _VERDICT[row.holds]]
        if row.failed:
            cells = ["–", f"[red]{row.failed}[/]", "–", "[red]failed[/]"]
        shown.add_row(name, row.claim, *cells)
    return shown


def _lines(printed: str) -> list[dict[str, Any]]:
    """The lines of JSON among what a bench printed."""
    found = []
    for line in printed.splitlines():
        try:
            read = json.loads(line)
        except ValueError:
            continue
        found += [read] if isinstance(read, dict) else []
    return found


if __name__ == "__main__":
    sys.exit(main())

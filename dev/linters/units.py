"""Lints systemd's units, with systemd itself where it is there, as if the desk were installed."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_NOT_MEANT = (
    "Security.Delegate",  # nothing here makes groups of its own
    "Security.UMaskOW",  # it takes 0077 for its opposite
)
_INSTALLED = ("/opt/balcao/.venv/bin/python", "/opt/balcao/bot/.venv/bin/python")
_MOST_EXPOSED = "20"  # tenths, as systemd-analyze counts: 2.0 of 10


def main(folder: Path) -> int:
    """Lint every unit of a folder; tells what is wrong."""
    with tempfile.TemporaryDirectory() as scratch:
        units = [_as_installed(path, Path(scratch)) for path in sorted(folder.iterdir())]
        problems = [*_linted(units), *_verified(units)]
    for problem in problems:
        print(problem.replace(f"{scratch}/", ""))
    return 1 if problems else 0


def _as_installed(path: Path, scratch: Path) -> Path:
    """The same unit with an interpreter that is here: both linters look for it."""
    text = path.read_text()
    for python in _INSTALLED:
        text = text.replace(python, sys.executable)
    copy = scratch / path.name
    copy.write_text(text)
    return copy


def _linted(units: list[Path]) -> list[str]:
    tool = Path(sys.executable).with_name("systemdlint")
    done = subprocess.run([tool, "--norootfs", *units], capture_output=True, text=True, check=False)
    lines = f"{done.stdout}{done.stderr}".splitlines()
    return [line for line in lines if line.strip() and not any(one in line for one in _NOT_MEANT)]


def _verified(units: list[Path]) -> list[str]:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return []
    told = _said([analyze, "verify", "--man=no", *map(str, units)], any_word=True)
    problems = [line for line in told if "balcao" in line]  # of ours, not of this machine's
    for unit in units:
        if unit.suffix == ".service":
            exposed = ["security", "--offline=true", f"--threshold={_MOST_EXPOSED}", str(unit)]
            problems += _said([analyze, *exposed], any_word=False)[-1:]
    return problems


def _said(command: list[str], *, any_word: bool) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = f"{done.stdout}{done.stderr}".strip().splitlines()
    return lines if done.returncode or (any_word and lines) else []


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""Known weaknesses of what the project is made of, where a database of them can be reached."""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dev import commands, places
from dev.commands import Finished
from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress

_LOCKED = {"uv.lock": ".", "bot/uv.lock": "bot"}
_OFFLINE = ("ConnectionError", "ServiceError", "NameResolution", "Max retries", "timed out", "403")
_TAIL = 30
_NOT_ASKED = 3


def main(arguments: Sequence[str]) -> int:
    """0: nothing is known; 1: something is; 3: no database could be asked, so nobody knows."""
    parser = argparse.ArgumentParser(prog="bin/audit", description=__doc__)
    parser.add_argument("--service", choices=("pypi", "osv"), default="osv")
    service = parser.parse_args(arguments).service
    here = places.find()
    progress = Progress()
    codes = [_audit(here, progress, lock, folder, service) for lock, folder in _LOCKED.items()]
    return max(codes)


def _audit(here: Places, progress: Progress, lock: str, folder: str, service: str) -> int:
    uv = os.environ.get("BALCAO_UV")
    if uv is None:
        raise SetupError("Start this through bin/audit, which finds uv first.")
    with tempfile.TemporaryDirectory() as place, progress.step(f"Known weaknesses of {lock}"):
        listed = Path(place) / "requirements.txt"
        export = [uv, "--directory", str(here.root / folder), "export", "--frozen", "--no-dev"]
        commands.check([*export, "-q", "-o", str(listed)], cwd=here.root, env=os.environ)
        tool = [uv, "tool", "run", "pip-audit", "--requirement", str(listed)]
        options = ["--disable-pip", "--vulnerability-service", service, "--progress-spinner=off"]
        told = commands.run([*tool, *options], cwd=here.root, env=os.environ)
    return _say(lock, told)


def _say(lock: str, told: Finished) -> int:
    if told.code == 0:
        print(f"{lock}: nothing is known against what it locks.")
        return 0
    if "Found" in told.output and "known vulnerabilit" in told.output:
        print("\n".join(told.lines))
        return 1
    if any(word in told.output for word in _OFFLINE):
        print(f"{lock}: NOT CHECKED. No database of weaknesses could be reached from here.")
        return _NOT_ASKED
    raise SetupError(f"{lock} could not be looked at. The tool says:", tuple(told.lines[-_TAIL:]))

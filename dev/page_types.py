"""TypeScript for the pages' scripts: a tool of the checks, brought from its lock files."""

import hashlib
import os
from pathlib import Path

from dev import commands
from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress
from dev.steps import Step

_TAIL = 6
_FOLDER = ("dev", "typescript")


def sync(places: Places, progress: Progress) -> None:
    """Make `dev/typescript` what its locks say: Node by uv, and by npm what it runs.

    Raises SetupError. Costs milliseconds when nothing changed.
    """
    uv = os.environ.get("BALCAO_UV")
    if uv is None:
        raise SetupError("Start this through the scripts in bin/, which find uv first.")
    with progress.step("Bringing what checks the pages' types up to date (Node, TypeScript)"):
        _do([uv, "--directory", str(_folder(places)), "sync", "--frozen"], places)
        if not _is_current(places):
            npm = str(_tool(places, "npm"))
            _do([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], places)
            _mark(places).write_text(_locked(places))


def step(places: Places) -> Step:
    """The check itself."""
    compiler = _folder(places) / "node_modules" / "typescript" / "bin" / "tsc"
    command = [str(_tool(places, "node")), str(compiler), "--project", str(_folder(places))]
    return Step("Types of the pages' scripts (TypeScript)", command)


def _do(command: list[str], places: Places) -> None:
    tools = _tool(places, "node").parent
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "PYTHONPATH"}
    }
    environment["PATH"] = f"{tools}{os.pathsep}{environment.get('PATH', '')}"
    done = commands.run(command, cwd=_folder(places), env=environment)
    if done.code:
        raise SetupError(
            "What checks the pages' types could not be brought. The last words were:",
            tuple(done.lines[-_TAIL:]),
        )


def _is_current(places: Places) -> bool:
    mark = _mark(places)
    return mark.exists() and mark.read_text() == _locked(places)


def _locked(places: Places) -> str:
    return hashlib.sha256((_folder(places) / "package-lock.json").read_bytes()).hexdigest()


def _mark(places: Places) -> Path:
    return _folder(places) / "node_modules" / ".locked"


def _tool(places: Places, name: str) -> Path:
    return _folder(places) / ".venv" / "bin" / name


def _folder(places: Places) -> Path:
    return places.root.joinpath(*_FOLDER)

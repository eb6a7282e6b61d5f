"""Rules a reviewer would otherwise have to remember."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from sla_service import env_example

ROOT = Path(__file__).parents[2]
_PACKAGES = ("sla_service", "order_system", "simulator", "dev", "bot", "actions", "nlu", "bench")
MODULES = sorted(
    path
    for package in _PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if ".venv" not in path.parts
)
ROOMS = sorted(
    path.parent.relative_to(ROOT).as_posix() for path in MODULES if path.name == "__init__.py"
)
_LINES = 300
_FUNCTION_LINES = 40
_NAMELESS = {"utils", "helpers", "common", "core", "shared", "base", "manager"}
_EXCEPTIONS = {
    "sla_service/database/base.py": "the declarative base, called so by SQLAlchemy's own words",
}


def _id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=_id)
def test_modules_and_functions_stay_readable(module: Path) -> None:
    source = module.read_text()
    assert source.count("\n") <= _LINES
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < _FUNCTION_LINES, node.name


@pytest.mark.parametrize("module", MODULES, ids=_id)
def test_every_module_opens_with_a_sentence_and_has_a_name(module: Path) -> None:
    said = ast.get_docstring(ast.parse(module.read_text()))
    assert said, "no docstring"
    assert said.splitlines()[0].rstrip().endswith((".", "?")), said.splitlines()[0]
    if _id(module) not in _EXCEPTIONS:
        assert module.stem not in _NAMELESS


@pytest.mark.parametrize("room", [room for room in ROOMS if room.startswith("sla_service/")])
def test_the_map_of_the_house_says_what_each_room_says(room: str) -> None:
    said = import_module(room.replace("/", ".")).__doc__
    assert said is not None
    assert "\n" not in said.strip()
    assert said.strip() in (ROOT / "docs" / "architecture.md").read_text()


def test_every_setting_stands_in_the_example() -> None:
    assert (ROOT / ".env.example").read_text() == env_example.render()


@pytest.mark.parametrize("decision", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=_id)
def test_every_decision_has_its_headings(decision: Path) -> None:
    text = decision.read_text()
    assert re.match(r"# \d+\. ", text)
    for heading in ("## Context", "## Decision", "## Consequences"):
        assert heading in text


def test_there_are_decisions() -> None:
    assert list((ROOT / "docs" / "decisions").glob("*.md"))

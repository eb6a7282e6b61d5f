"""`bin/desk sla`: policies from a terminal."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sla_service.cli.sla import sla
from sla_service.database.sessions import Database
from sla_service.jobs.runner import Runner
from sla_service.sla import applying, recording
from sla_service.sla.events import EventKind
from sla_service.sla.recording import Happened

_FIVE = "# five\npolicies: [{name: five, targets: {first_response: 5 min}}]\n"
_TEN = "policies: [{name: ten, targets: {first_response: 10 min}}]\n"
Desk = Callable[..., Result]


@pytest.fixture
def desk(database_url: str) -> Desk:
    """`bin/desk sla`, on the tests' database."""
    env = {"DESK_DATABASE_URL": database_url, "DESK_DEMO": "true"}

    def run(*words: str | Path) -> Result:
        return CliRunner().invoke(sla, [str(word) for word in words], env=env)

    return run


@pytest.fixture
def five(tmp_path: Path) -> Path:
    """Policies that promise five minutes."""
    file = tmp_path / "five.yml"
    file.write_text(_FIVE)
    return file


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """Policies that promise ten."""
    file = tmp_path / "ten.yml"
    file.write_text(_TEN)
    return file


def test_a_check_names_the_line_and_fails(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "faulty.yml"
    file.write_text("policies:\n- name: a\n  warnings: 120%\n")
    found = desk("check", file)
    assert found.exit_code == 1
    assert f"{file}: error: line 3 (policies[0].warnings): A warning comes" in found.stderr
    assert desk("import", file).exit_code == 1
    assert "There are no policies yet." in desk("versions").stdout


def test_a_doubt_is_told_and_does_not_fail(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "bare.yml"
    file.write_text("policies: []")
    found = desk("check", file)
    assert found.exit_code == 0
    assert "warning: line 1 (policies): Tickets that no policy matches" in found.stderr


def test_a_check_speaks_portuguese_when_it_is_asked_to(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "faulty.yml"
    file.write_text("policies:\n- name: a\n  warnings: 120%\n")
    found = desk("check", file, "--language", "pt")
    assert found.exit_code == 1
    assert f"{file}: erro: linha 3 (policies[0].warnings): Um aviso vem antes" in found.stderr
    file.write_text("policies: []")
    found = desk("check", file, "--language", "pt")
    assert "aviso: linha 1 (policies): Tickets que não se encaixam" in found.stderr
    assert "0 políticas e 0 calendários: podem ser usados." in found.stdout


def test_what_is_no_text_is_told_without_a_traceback(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "picture.yml"
    file.write_bytes(b"\x89PNG\xff")
    found = desk("check", file)
    assert (found.exit_code, type(found.exception)) == (1, SystemExit)
    assert "is not text in UTF-8" in found.stderr


def test_what_was_imported_is_exported_as_it_was_written(desk: Desk, five: Path, ten: Path) -> None:
    assert "Version 1: in force" in desk("import", five, "--activate", "--comment", "x").stdout
    assert "Version 2: kept, not in force" in desk("import", ten).stdout
    assert desk("export").stdout == _FIVE
    assert desk("export", "--version", "2").stdout == _TEN
    missing = desk("export", "--version", "3")
    assert (missing.exit_code, missing.stdout) == (
        1,
        "There are no SLA policies with this number.\n",
    )


async def test_policies_are_tried_out_and_applied(
    desk: Desk, database: Database, five: Path, ten: Path
) -> None:
    await asyncio.to_thread(desk, "import", five, "--activate")
    async with database.step() as connection:
        await recording.record(connection, 7, [Happened(EventKind.CONTACT_MESSAGE)])
    tried = await asyncio.to_thread(desk, "dry-run", ten, "--json")
    (move,) = json.loads(tried.stdout)["moves"]
    assert (move["ticket_id"], move["policy_after"]) == (7, "ten")
    assert move["clocks"][0]["after"]["target"] == 600
    assert (
        "1 of 1 open tickets would change" in (await asyncio.to_thread(desk, "dry-run", ten)).stdout
    )
    await asyncio.to_thread(desk, "import", ten, "--activate")
    applied = asyncio.create_task(asyncio.to_thread(desk, "apply"))
    while not applied.done():
        await Runner(database.url, {applying.APPLY: partial(applying.go_on, database)}).drain()
    assert "Version 2: 1 of 1 open tickets changed." in (await applied).stdout

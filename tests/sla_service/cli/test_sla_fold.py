"""`desk sla fold`: anyone can work a ticket's clocks out again."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from sla_service.cli.fold import fold

POLICY = """\
policies:
  - name: padrao
    targets: {first_response: 30 min}
    escalation: [{tier: bot, after: 5 min}, {tier: agent, after: 10 min}]
"""
SLOWER = POLICY.replace("30 min", "2 h").replace("padrao", "calma")
ASKED = '{"at": "2026-03-06T10:00:00-03:00", "kind": "contact_message"}\n'
ANSWERED = '{"at": "2026-03-06T10:30:00-03:00", "kind": "agent_message"}\n'
SWITCHED = '{"at": "2026-03-06T10:10:00-03:00", "kind": "rulebook", "rulebook": 2}\n'
WRONG = 2

desk = typer.Typer()
desk.command()(fold)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "one.yml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "two.yml").write_text(SLOWER, encoding="utf-8")
    return tmp_path


def _fold(files: Path, log: str, *more: str, policies: tuple[str, ...] = ("one.yml",)) -> Result:
    events = files / "events.jsonl"
    events.write_bytes(log.encode())
    chosen = [part for name in policies for part in ("--policy", str(files / name))]
    return CliRunner().invoke(desk, [*chosen, "--events", str(events), *more])


def test_without_an_instant_it_is_the_state_right_after_the_last_event(files: Path) -> None:
    told = json.loads(_fold(files, ASKED).stdout)
    clocks = {one["metric"]: one for one in told["clocks"]}
    assert clocks["first_response"]["state"] == "running"
    assert clocks["first_response"]["due_at"] == "2026-03-06T13:30:00Z"
    assert told["effects"] == []
    assert told["ticket"] == {
        "at": "2026-03-06T13:00:00Z",
        "status": "open",
        "tier": "bot",
        "priority": "normal",
        "policy": "padrao",
        "rulebook": 1,
        "first_contact_at": "2026-03-06T13:00:00Z",
        "unanswered_at": "2026-03-06T13:00:00Z",
    }


@pytest.mark.parametrize(
    ("now", "state"),
    [("2026-03-06T10:30:00-03:00", "running"), ("2026-03-06T13:30:00.000001Z", "breached")],
)
def test_with_an_instant_all_that_was_due_before_has_happened(
    files: Path, now: str, state: str
) -> None:
    told = json.loads(_fold(files, ASKED, "--now", now).stdout)
    clock = next(one for one in told["clocks"] if one["metric"] == "first_response")
    assert clock["state"] == state
    escalated = [one for one in told["effects"] if one["metric"] == "escalation"]
    assert [one["at"] for one in escalated] == ["2026-03-06T13:05:00Z", "2026-03-06T13:15:00Z"]
    assert [one["next_tier"] for one in escalated] == ["agent", None]


def test_an_event_may_bring_the_next_version_of_the_policies(files: Path) -> None:
    told = json.loads(_fold(files, ASKED + SWITCHED, policies=("one.yml", "two.yml")).stdout)
    clock = next(one for one in told["clocks"] if one["metric"] == "first_response")
    assert (clock["policy"], clock["due_at"]) == ("calma", "2026-03-06T15:00:00Z")
    assert [(run["began_by"], run["ended_by"]) for run in clock["runs"]] == [
        ("contact_message", "rulebook:2"),
        ("rulebook:2", None),
    ]


def test_events_come_from_a_pipe_too(files: Path) -> None:
    told = CliRunner().invoke(
        desk, ["--policy", str(files / "one.yml"), "--events", "-"], input=ASKED + ANSWERED
    )
    assert told.exit_code == 0
    states = {one["metric"]: one["state"] for one in json.loads(told.stdout)["clocks"]}
    assert states["first_response"] == "fulfilled"


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (ASKED + ASKED.replace("contact_message", "note_"), "line 2"),
        (ANSWERED + "\n" + ASKED, "line 3 (at): It goes back in time"),
        (ASKED + SWITCHED, "line 2 (rulebook): There is no rulebook 2: 1 were given"),
        ("\n", "There is no event in it"),
    ],
)
def test_what_is_wrong_with_the_events_is_told_with_its_line(
    files: Path, log: str, said: str
) -> None:
    told = _fold(files, log)
    assert told.exit_code == WRONG
    assert said in told.stderr
    assert not told.stdout


def test_what_is_wrong_with_the_policies_is_told_with_its_line(files: Path) -> None:
    (files / "one.yml").write_text(POLICY.replace("first_", "frist_"), encoding="utf-8")
    told = _fold(files, ASKED)
    assert told.exit_code == WRONG
    assert "one.yml" in told.stderr
    assert "line 3" in told.stderr


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-03-06T10:31:00", "has no offset"),
        ("noon", "is no instant"),
        ("2026-03-06T09:59:59-03:00", "The last event was later, at 2026-03-06T13:00:00Z"),
    ],
)
def test_an_instant_that_can_not_be_meant_is_refused(files: Path, now: str, said: str) -> None:
    told = _fold(files, ASKED, "--now", now)
    assert told.exit_code == WRONG
    assert said in told.stderr


def test_a_file_that_is_not_there_or_no_text_is_told(files: Path) -> None:
    missing = _fold(files, ASKED, policies=("none.yml",))
    assert (missing.exit_code, "can't be opened" in missing.stderr) == (WRONG, True)
    (files / "one.yml").write_bytes(b"\xff\xfe")
    binary = _fold(files, ASKED)
    assert (binary.exit_code, "no text in UTF-8" in binary.stderr) == (WRONG, True)

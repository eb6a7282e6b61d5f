"""`bin/desk reports` and `bin/desk sla simulate` on recorded history."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from sla_service.cli.reports import reports
from sla_service.cli.simulate import simulate
from sla_service.database.sessions import Database
from tests.sla_service.reports.desk_days import POLICIES, a_day, sweep, under

type Run = Callable[..., Result]
MONDAY = ("--since", "2026-05-04", "--until", "2026-05-04")

simulating = typer.Typer()
simulating.command()(simulate)


@pytest.fixture
def run(database_url: str) -> Run:
    """A command on the tests' database."""
    env = {"DESK_DATABASE_URL": database_url, "DESK_DEMO": "true", "COLUMNS": "140"}

    def invoke(app: typer.Typer, *words: str) -> Result:
        return CliRunner().invoke(app, list(words), env=env)

    return invoke


@pytest.fixture
async def numbers(database: Database) -> list[int]:
    await under(database)
    found = await a_day(database)
    await sweep(database)
    return list(found)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """The same promises, but a quarter of an hour for the first answer."""
    file = tmp_path / "new.yml"
    file.write_text(POLICIES.replace("first_response: 10 min", "first_response: 15 min"))
    return file


def _rows(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_reports_are_printed_as_json(numbers: list[int], run: Run) -> None:
    kept = _rows(run(reports, "attainment", *MONDAY, "--group", "day", "--json"))
    assert (kept[0]["day"], kept[0]["kept"], kept[0]["late"]) == ("2026-05-04", 1, 2)
    times = _rows(run(reports, "response-times", *MONDAY, "--json"))
    assert times[0]["business"]["p50"] == 480
    parts = _rows(run(reports, "handling-times", *MONDAY, "--json"))
    assert parts[0]["part"] == "bot"
    broken = _rows(run(reports, "breaches", *MONDAY, "--metric", "first_response", "--json"))
    assert [one["ticket"] for one in broken] == [numbers[3], numbers[1]]


def test_reports_are_printed_as_tables(numbers: list[int], run: Run) -> None:
    assert "33.33" in run(reports, "attainment", *MONDAY).output
    assert "p50 480 s" in run(reports, "response-times", *MONDAY).output
    assert "waiting" in run(reports, "handling-times", *MONDAY).output
    shown = run(reports, "breaches", *MONDAY, "--limit", "1").output
    assert str(numbers[3]) in shown
    assert "there are more" in shown


def test_an_empty_period_and_a_wrong_zone_are_said_in_words(database: Database, run: Run) -> None:
    assert "nothing in this period" in run(reports, "attainment", *MONDAY).output
    refused = run(reports, "attainment", "--time-zone", "Mars")
    assert refused.exit_code == 1
    assert "There is no such time zone" in refused.output


def _first_response(result: Result) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    found = _rows(result)["by_metric"][0]
    assert found["metric"] == "first_response"
    return found["was"], found["would_be"]


def test_history_is_told_beside_what_another_policy_would_have_made_of_it(
    numbers: list[int], run: Run, policy: Path
) -> None:
    told = run(simulating, "--policy", str(policy), *MONDAY, "--json")
    was, would = _first_response(told)
    assert was == {"kept": 1, "late": 2, "cancelled": 1, "running": 0, "percent": 33.33}
    assert would == {"kept": 2, "late": 1, "cancelled": 1, "running": 0, "percent": 66.67}
    figures = _rows(told)
    assert (figures["tickets"], figures["staffing"]) == (4, None)
    hours = {row["hour"]: row["would_be"]["kept"] for row in figures["by_hour"][:3]}
    assert hours == {9: 1, 10: 1, 11: 0}


def test_only_tickets_of_the_days_that_were_asked_for_are_told(
    numbers: list[int], run: Run, policy: Path
) -> None:
    days = ("--since", "2026-05-05", "--until", "2026-05-06")
    assert _rows(run(simulating, "--policy", str(policy), *days, "--json"))["tickets"] == 0
    assert _rows(run(simulating, "--policy", str(policy), "--json"))["tickets"] == 4


def test_history_is_answered_anew_by_other_people(
    numbers: list[int], run: Run, policy: Path
) -> None:
    told = run(simulating, "--policy", str(policy), "--agents", "3", "--json")
    was, would = _first_response(told)
    assert was is not None
    assert was["late"] == 2
    assert (would["kept"], would["late"], would["cancelled"]) == (2, 0, 2)
    staffing = _rows(told)["staffing"]
    assert (staffing["agents"], staffing["unresolved"]) == (3, 0)


WEEK = ("--since", "2026-03-02", "--until", "2026-03-08")
YEAR = ("--generate-year", *WEEK, "--tickets-a-day", "30", "--agents", "3")


def test_a_made_up_week_compares_two_policies(run: Run, policy: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.yml"
    old.write_text(POLICIES)
    words = ("--policy", str(policy), *YEAR, "--against", str(old))
    told = run(simulating, *words, "--json")
    was, would = _first_response(told)
    assert was is not None
    assert was["kept"] < would["kept"]
    assert run(simulating, *words, "--json").stdout == told.stdout
    other = run(simulating, *words, "--seed", "2", "--json")
    assert other.stdout != told.stdout
    table = run(simulating, *words).output
    assert "what was → what would be" in table
    assert "3 agents gave" in table


def test_another_calendar_and_other_hours_are_tried(run: Run, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yml"
    policy.write_text(
        "calendars:\n"
        "  loja: {time_zone: America/Sao_Paulo, hours: {mon-fri: ['09:00-18:00']}}\n"
        + POLICIES.replace("name: padrao", "name: padrao\n    calendar: loja")
    )
    shorter, longer = tmp_path / "shorter.yml", tmp_path / "longer.yml"
    shorter.write_text("time_zone: America/Sao_Paulo\nhours: {mon-fri: ['09:00-18:00']}\n")
    longer.write_text("time_zone: America/Sao_Paulo\nhours: {mon-sun: ['08:00-22:00']}\n")
    words = ("--policy", str(policy), *YEAR, "--working-hours")
    by_name, by_file = (
        _first_response(run(simulating, *words, hours, "--json"))[1]
        for hours in ("loja", str(longer))
    )
    assert by_name["kept"] < by_file["kept"]
    other = ("--calendar", f"loja={longer}")  # promises count while nobody works
    stricter = _first_response(run(simulating, *words, str(shorter), *other, "--json"))[1]
    assert stricter["kept"] < by_name["kept"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--calendar", "noite=x.yml"), "NAME=FILE"),
        (("--working-hours", "nowhere.yml"), "can't be read"),
        (("--work", "soon"), "length of time"),
        (("--time-zone", "Mars"), "no such time zone"),
    ],
)
def test_a_wrong_wish_is_refused_in_a_sentence(
    run: Run, policy: Path, words: tuple[str, ...], said: str
) -> None:
    refused = run(simulating, "--policy", str(policy), *YEAR, *words)
    assert refused.exit_code == 2
    assert said in refused.output.replace("\n", " ")
    assert "Traceback" not in refused.output


def test_a_calendar_that_is_none_is_refused_with_the_line(
    run: Run, policy: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "cal.yml"
    wrong.write_text("time_zone: America/Sao_Paulo\nhours:\n  someday: ['09:00-18:00']\n")
    refused = run(simulating, "--policy", str(policy), *YEAR, "--working-hours", str(wrong))
    assert refused.exit_code == 2
    assert "line 3" in refused.output

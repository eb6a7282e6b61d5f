"""`desk calendar`: anyone can work a deadline out again."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sla_service.cli.calendar import calendar

SHOP = """\
time_zone: America/Sao_Paulo
hours: {mon-fri: ["08:00-12:00", "13:00-18:00"]}
holidays: {country: BR, subdivision: SP, years: [2025, 2035]}
closed:
  2026-12-24: "Véspera de Natal"
"""
TWO = """\
calendars:
  loja:
    time_zone: America/Sao_Paulo
    hours: {mon-fri: ["08:00-18:00"]}
  sempre:
    time_zone: America/Sao_Paulo
    always_open: true
policies: []
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cal.yml"


def _desk(file: Path, text: str | None, *command: str) -> Result:
    if text is not None:
        file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(calendar, [command[0], "--calendar", str(file), *command[1:]])


def test_a_deadline_is_told_in_the_calendars_time_and_in_utc(file: Path) -> None:
    asked = ("due", "--from", "2026-10-09T17:50:00-03:00", "--target", "PT30M")
    told = _desk(file, SHOP, *asked)
    assert told.exit_code == 0
    assert told.stdout == "2026-10-13T08:20:00-03:00\n2026-10-13T11:20:00Z\n"
    told = _desk(file, SHOP, *asked, "--json")
    assert json.loads(told.stdout) == {
        "due": "2026-10-13T11:20:00Z",
        "due_local": "2026-10-13T08:20:00-03:00",
    }


@pytest.mark.parametrize(
    "instant",
    ["2026-10-09T17:50", "2026-10-09 17:50:00", "2026-10-09T20:50Z", "20261009T225000+0200"],
)
def test_a_time_without_offset_is_the_calendars_own(file: Path, instant: str) -> None:
    told = _desk(file, SHOP, "due", "--from", instant, "--target", "30 min")
    assert told.stdout.startswith("2026-10-13T08:20:00-03:00\n")


def test_business_time_is_told_as_a_duration_and_in_seconds(file: Path) -> None:
    asked = ("elapsed", "--from", "2026-10-09T17:50", "--to", "2026-10-13T17:20:30")
    assert _desk(file, SHOP, *asked).stdout == "PT8H30M30S\n30630 s\n"
    told = _desk(file, SHOP, *asked, "--json")
    assert json.loads(told.stdout) == {"elapsed": "PT8H30M30S", "seconds": 30630}


@pytest.mark.parametrize(
    ("end", "written"),
    [
        ("2026-10-09T17:50", "PT0S\n0 s\n"),
        ("2026-10-09T17:00", "PT0S\n0 s\n"),
        ("2026-10-09T17:50:00.25", "PT0.25S\n0.25 s\n"),
        ("2026-10-16T18:00", "PT36H10M\n130200 s\n"),
    ],
)
def test_durations_are_exact(file: Path, end: str, written: str) -> None:
    assert _desk(file, SHOP, "elapsed", "--from", "2026-10-09T17:50", "--to", end).stdout == written


def test_one_of_several_calendars_is_chosen_by_name(file: Path) -> None:
    asked = ("due", "--from", "2026-10-09T17:50", "--target", "PT30M")
    assert "2026-10-12T08:20:00-03:00" in _desk(file, TWO, *asked, "--name", "loja").stdout
    assert "2026-10-09T18:20:00-03:00" in _desk(file, TWO, *asked, "--name", "sempre").stdout


def test_the_only_calendar_needs_no_name(file: Path) -> None:
    only = TWO.partition("  sempre")[0]
    told = _desk(file, only, "due", "--from", "2026-10-09T17:50", "--target", "PT30M")
    assert told.stdout.startswith("2026-10-12T08:20:00-03:00\n")


REFUSED = [
    (SHOP.replace("Sao_Paulo", "Sampa"), (), "line 1: `America/Sampa` is no time zone"),
    (SHOP.replace("mon-fri", "mon-frx"), (), "line 2: The day `frx` is not known"),
    (SHOP.replace("2026-12-24", "2026-12-32"), (), "line 5: There is no such day"),
    (SHOP + "lunch: 12:00-13:00\n", (), "line 6: `lunch` is not known"),
    (SHOP + "hours: [", (), "line 6: This is not readable as YAML"),
    ("", (), "line 1: Here must be a calendar"),
    ("calendars: []", (), "line 1: Under `calendars` must be calendars"),
    (TWO, (), "has `loja` and `sempre`: choose one with --name"),
    (TWO, ("--name", "loj"), "did you mean `loja`?"),
    (SHOP, ("--name", "loja"), "is one calendar, without a name"),
    (SHOP, ("--target", "soon"), "--target: This is not a length of time"),
    (SHOP, ("--from", "yesterday"), "--from: `yesterday` is no ISO 8601 time"),
    (SHOP, ("--from", "1822-09-07T16:30"), "from 1900 to 2199 only"),
    (None, (), "can't be read"),
]


@pytest.mark.parametrize(("text", "options", "sentence"), REFUSED)
def test_a_mistake_is_one_sentence_and_exit_code_2(
    file: Path, text: str | None, options: tuple[str, ...], sentence: str
) -> None:
    asked = ("due", "--from", "2026-10-09T17:50", "--target", "PT30M", *options)
    told = _desk(file, text, *asked)
    assert told.exit_code == 2
    assert sentence in told.stderr
    assert len(told.stderr.splitlines()) == 1
    assert told.stdout == ""

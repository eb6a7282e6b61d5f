"""`bin/desk sla simulate`: how many promises would have been kept."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sla_service import clock
from sla_service.cli import comparison
from sla_service.cli.running import out
from sla_service.errors import DomainError
from sla_service.reports.periods import TIME_ZONE, Period, zone
from sla_service.settings import Settings
from sla_service.sla import calendars, documents, durations, marked_yaml, shop_year
from sla_service.sla.business_time import BusinessTime, Hours
from sla_service.sla.calendars import CalendarDocument
from sla_service.sla.cases import Habits
from sla_service.sla.experiment import Experiment, Result, Tick
from sla_service.sla.explaining import explained
from sla_service.sla.history import Archive
from sla_service.sla.instants import instant, micros
from sla_service.sla.policy import Rulebook
from sla_service.sla.problems import PolicyErrors
from sla_service.sla.staffing import Agent

_told = Console(stderr=True)
_DATE = ["%Y-%m-%d"]
_YEAR = (datetime(2026, 1, 1), datetime(2026, 12, 31))  # noqa: DTZ001 - local days
_USUAL_AGENTS = 6
_ANY_TIME = Hours("UTC", always_open=True)

_File = Annotated[
    Path, typer.Option(exists=True, dir_okay=False, help="The policies to try, YAML.")
]
_Against = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Policies to compare a made-up year with."),
]
_Since = Annotated[
    datetime | None, typer.Option(formats=_DATE, help="First local day on which tickets begin.")
]
_Until = Annotated[datetime | None, typer.Option(formats=_DATE, help="Last local day.")]
_Zone = Annotated[str, typer.Option(help="Whose days and hours are meant.")]
_Year = Annotated[
    bool, typer.Option("--generate-year", help="Make tickets up instead of reading history.")
]
_Seed = Annotated[int, typer.Option(help="The same number, the same chances.")]
_ADay = Annotated[float, typer.Option(min=0.1, max=100_000, help="Made-up tickets a day.")]
_Agents = Annotated[
    int | None, typer.Option(min=0, max=1000, help="Let this many agents answer instead.")
]
_Seniors = Annotated[int, typer.Option(min=0, max=1000, help="So many more, for escalated ones.")]
_Hours = Annotated[
    str | None,
    typer.Option(help="When agents work: a calendar of the policies, or a file; else always."),
]
_Calendars = Annotated[
    list[str] | None, typer.Option(metavar="NAME=FILE", help="Another calendar for the policies.")
]
_Work = Annotated[str, typer.Option(help="How long a reply takes, half the time or less.")]
_Share = Annotated[
    float | None, typer.Option(min=0, max=1, help="Share of the tickets that the bot solves.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for, read and checked."""

    experiment: Experiment
    is_staffed: bool
    against: Rulebook | None
    tickets_a_day: float
    since: datetime | None
    until: datetime | None
    time_zone: str

    def period(self, *, usual: tuple[datetime, datetime] | None = None) -> Period:
        """The days that are meant; without `since`, `usual` or the last month."""
        since, until = usual if usual and not self.since and not self.until else (None, None)
        since, until = self.since or since, self.until or until
        return Period.of(
            since and since.date(),
            until and until.date(),
            at=clock.now(),
            time_zone=self.time_zone,
        )


def simulate(
    *,
    policy: _File,
    against: _Against = None,
    since: _Since = None,
    until: _Until = None,
    time_zone: _Zone = TIME_ZONE,
    generate_year: _Year = False,
    seed: _Seed = 1,
    tickets_a_day: _ADay = 200,
    agents: _Agents = None,
    seniors: _Seniors = 0,
    working_hours: _Hours = None,
    calendar: _Calendars = None,
    work: _Work = "2 min",
    bot_share: _Share = None,
    as_json: _Json = False,
) -> None:
    """Tell how many promises would have been kept under other policies, calendars or people.

    History is folded once more; with --agents what contacts brought is answered anew. Nothing is
    written.
    """
    with _refusals():
        book = _rulebook(policy, calendar or [])
        people = _USUAL_AGENTS if agents is None and generate_year else agents or 0
        staff = _staff(people, seniors, working_hours, book)
        habits = Habits(work=micros(durations.read(work)), bot_share=bot_share)
        experiment = Experiment(book, zone(time_zone), staff, habits, seed)
        other = _rulebook(against, []) if against else None
        is_staffed = agents is not None or seniors > 0
        asked = _Asked(experiment, is_staffed, other, tickets_a_day, since, until, time_zone)
        result = _made_up(asked) if generate_year else _recorded(asked)
    if as_json:
        typer.echo(json.dumps(comparison.as_json(result, staff), indent=2))
    else:
        comparison.show(result, staff, out)


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is a sentence, and exit code 2."""
    try:
        yield
    except (DomainError, durations.NotADuration) as refused:
        _told.print(str(refused), style="red", markup=False)
        raise typer.Exit(2) from None


def _made_up(asked: _Asked) -> Result:
    """A year that never was, with the same contacts on both sides."""
    period, experiment = asked.period(usual=_YEAR), asked.experiment
    start, end = instant(period.since), instant(period.until)
    rate, where = asked.tickets_a_day, experiment.zone
    sides = [experiment.rulebook, *filter(None, [asked.against])]
    total = round(shop_year.expected(start, end, rate, where)) * len(sides)
    results: list[Result] = []
    with _progress("simulating", total) as tick:
        for rulebook in sides:
            one = Experiment(rulebook, where, experiment.agents, experiment.habits, experiment.seed)
            demand = shop_year.cases(
                start,
                end,
                seed=experiment.seed,
                tickets_a_day=rate,
                habits=experiment.habits,
                zone=where,
            )
            results.append(one.simulate(demand, tick))
    return results[0].beside(results[1].would if len(results) > 1 else None)


def _recorded(asked: _Asked) -> Result:
    """History, read from the database in one transaction that can't write."""
    is_limited = asked.since or asked.until
    period = asked.period() if is_limited else None
    now = instant(clock.now())
    with psycopg.connect(Settings.read().server_url(), options="-c timezone=UTC") as connection:
        archive = Archive(
            connection, period.since if period else None, period.until if period else None
        )
        experiment = asked.experiment
        answer = experiment.restaff if asked.is_staffed else experiment.refold
        with _progress("reading history", archive.count()) as tick:
            return answer(archive.histories(), archive.find, now, tick)


@contextmanager
def _progress(what: str, total: int) -> Iterator[Tick]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=_told) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
        bar.update(task, total=bar.tasks[0].completed)


def _rulebook(file: Path, replaced: list[str]) -> Rulebook:
    """The policies of a file, some of their calendars replaced. Raises PolicyErrors."""
    document = documents.freeze(documents.parse(_text(file)))
    book = documents.rulebook(document, 0)
    others: dict[str, BusinessTime] = {}
    for one in replaced:
        name, _, path = one.partition("=")
        if name not in book.calendars or not path:
            raise typer.BadParameter(f"`{one}` is not NAME=FILE with a calendar of the policies.")
        others[name] = _calendar(Path(path))
    return Rulebook(book.id, book.policies, {**book.calendars, **others}) if others else book


def _staff(agents: int, seniors: int, hours: str | None, book: Rulebook) -> list[Agent]:
    shifts = _shifts(hours, book)
    return [Agent(shifts)] * agents + [Agent(shifts, is_senior=True)] * seniors


def _shifts(wanted: str | None, book: Rulebook) -> BusinessTime:
    if wanted is None:
        return BusinessTime(_ANY_TIME)
    known = book.calendars.get(wanted)
    return known if isinstance(known, BusinessTime) else _calendar(Path(wanted))


def _calendar(file: Path) -> BusinessTime:
    """The one calendar in a file. Raises PolicyErrors, NeverOpen."""
    marked = marked_yaml.read(_text(file))
    if marked.problems:
        raise PolicyErrors(marked.problems)
    try:
        document = CalendarDocument.model_validate(marked.data)
    except ValidationError as refused:
        raise PolicyErrors(explained(refused, marked)) from None
    return BusinessTime(calendars.read(calendars.freeze(document)))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise typer.BadParameter(f"{file} can't be read as text in UTF-8.") from None

"""`bin/desk calendar`: business time worked out for whoever doubts a number."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from pydantic import BaseModel, ValidationError

from sla_service.errors import DomainError
from sla_service.sla import calendars, durations, marked_yaml
from sla_service.sla.business_time import BusinessTime, Hours, from_local
from sla_service.sla.calendars import CalendarDocument
from sla_service.sla.explaining import explained
from sla_service.sla.instants import HOUR, MINUTE, SECOND, instant, micros, moment
from sla_service.sla.marked_yaml import Marked
from sla_service.sla.problems import Problem, about, listed, unknown

calendar = typer.Typer(no_args_is_help=True, help=__doc__)

_INSTANT = (
    "An ISO 8601 time with its offset or Z, such as 2026-10-09T17:50:00-03:00; "
    "without an offset it is local time of the calendar."
)
File = Annotated[
    Path,
    typer.Option("--calendar", help="A calendar in YAML, or a file with several in `calendars:`."),
]
Start = Annotated[str, typer.Option("--from", metavar="INSTANT", help=_INSTANT)]
Name = Annotated[
    str | None, typer.Option("--name", help="Which of the file's `calendars:`, when it has many.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@calendar.command()
def due(
    file: File,
    start: Start,
    target: Annotated[
        str, typer.Option("--target", metavar="DURATION", help="Such as PT30M, `30 min` or 1h30.")
    ],
    name: Name = None,
    as_json: AsJson = False,
) -> None:
    """Print when a promise made at an instant is due, in the calendar's time and in UTC."""
    desk = _Desk.read(file, name)
    span = _duration(target)
    try:
        at = desk.time.add(desk.instant(start, "--from"), span)
    except DomainError as refused:
        _refuse(f"{file}: {refused}")
    utc, local = _utc(at), moment(at).astimezone(desk.zone).isoformat()
    typer.echo(json.dumps({"due": utc, "due_local": local}) if as_json else f"{local}\n{utc}")


@calendar.command()
def elapsed(
    file: File,
    start: Start,
    end: Annotated[str, typer.Option("--to", metavar="INSTANT", help="The same.")],
    name: Name = None,
    as_json: AsJson = False,
) -> None:
    """Print the business time between two instants, as an ISO 8601 duration and in seconds."""
    desk = _Desk.read(file, name)
    try:
        span = desk.time.elapsed(desk.instant(start, "--from"), desk.instant(end, "--to"))
    except DomainError as refused:
        _refuse(f"{file}: {refused}")
    seconds = span // SECOND if span % SECOND == 0 else span / SECOND
    written = _iso(span)
    typer.echo(
        json.dumps({"elapsed": written, "seconds": seconds})
        if as_json
        else f"{written}\n{seconds} s"
    )


class _Desk:
    """A calendar to ask, and the zone whose clock hangs on its wall."""

    def __init__(self, hours: Hours) -> None:
        self.zone = ZoneInfo(hours.time_zone)
        self.time = BusinessTime(hours)

    @classmethod
    def read(cls, file: Path, name: str | None) -> "_Desk":
        marked, name = _chosen(file, name)
        try:
            document = _File.model_validate(marked.data).calendars[name]
            return cls(calendars.read(document))
        except ValidationError as refused:
            _refuse_all(file, explained(refused, marked))
        except DomainError as refused:
            _refuse(f"{file}: {refused}")

    def instant(self, text: str, option: str) -> int:
        try:
            at = datetime.fromisoformat(text.strip())
        except ValueError:
            _refuse(f"{option}: `{text}` is no ISO 8601 time like 2026-10-09T17:50:00-03:00.")
        return from_local(at, self.zone) if at.tzinfo is None else instant(at)


class _File(BaseModel):
    calendars: dict[str, CalendarDocument]


def _chosen(file: Path, name: str | None) -> tuple[Marked, str]:
    """The file's data with nothing but the calendar that is asked about, and its name."""
    marked = _marked(file)
    data: Any = marked.data
    if not isinstance(data, Mapping):
        _refuse(f"{file}, line 1: Here must be a calendar, or several in `calendars:`.")
    if "calendars" not in data:
        if name is not None:
            _refuse(f"--name: {file} is one calendar, without a name.")
        lines = {("calendars", "", *path): line for path, line in marked.lines.items()}
        return Marked({"calendars": {"": data}}, {("calendars",): 1} | lines), ""
    known = data["calendars"]
    if not isinstance(known, Mapping) or not known:
        line = marked.lines["calendars",]
        _refuse(f"{file}, line {line}: Under `calendars` must be calendars, each by its name.")
    if name is None and len(known) > 1:
        _refuse(f"{file} has {listed(known)}: choose one with --name.")
    name = next(iter(known)) if name is None else name
    if name not in known:
        _refuse(f"{file}: {unknown(name, known, about('calendar'))}")
    return Marked({"calendars": {name: known[name]}}, marked.lines), name


def _marked(file: Path) -> Marked:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        _refuse(f"{file} is no text in UTF-8.")
    except OSError as refused:
        _refuse(f"{file} can't be read: {refused.strerror}.")
    marked = marked_yaml.read(text)
    if marked.problems:
        _refuse_all(file, marked.problems)
    return marked


def _duration(text: str) -> int:
    try:
        return micros(durations.read(text))
    except durations.NotADuration as refused:
        _refuse(f"--target: {refused}")


def _utc(at: int) -> str:
    return moment(at).astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _iso(span: int) -> str:
    """PT9H30M; in hours, since a day of open hours is no day."""
    hours, rest = divmod(span, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, rest = divmod(rest, SECOND)
    fraction = f".{rest:06}".rstrip("0") if rest else ""
    parts = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    if seconds or rest or not parts:
        parts += f"{seconds}{fraction}S"
    return f"PT{parts}"


def _refuse_all(file: Path, problems: Any) -> NoReturn:
    found: list[Problem] = sorted(problems)
    _refuse("\n".join(f"{file}, line {one.line}: {one.message}" for one in found))


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)

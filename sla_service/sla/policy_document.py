"""Policies as they are written down, each part checked and brought to one form."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from sla_service.sla import durations
from sla_service.sla.calendars import CalendarDocument
from sla_service.sla.policy import NO_POLICY, Metric, Reopening, Starts
from sla_service.sla.problems import Wrong, about, unknown

_LONGEST_WORD = 100
_BASIS_POINTS = 10_000
_SAID = {"sim": True, "não": False, "nao": False}


class Priority(StrEnum):
    """How much a ticket matters."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Waiting(StrEnum):
    """Statuses in which a clock may stand still."""

    PENDING = "pending"
    ON_HOLD = "on_hold"


def _one_of(kind: type[StrEnum], what: str) -> BeforeValidator:
    def known(value: Any) -> Any:
        if value not in list(kind):
            raise Wrong(unknown(str(value), kind, about(what)))
        return value

    return BeforeValidator(known)


def _promised(metric: Metric) -> Metric:
    if metric is Metric.ESCALATION:
        raise Wrong(about("escalation_target"))
    return metric


def _word(value: Any) -> str:
    if isinstance(value, bool):
        value = str(value).lower()
    if isinstance(value, int):
        value = str(value)
    if not isinstance(value, str):
        raise Wrong(about("text"))
    word = value.strip()
    if not word:
        raise Wrong(about("empty"))
    if len(word) > _LONGEST_WORD:
        raise Wrong(about("too_long", most=_LONGEST_WORD))
    return word


def _is_free(name: str) -> str:
    if name == NO_POLICY.name:
        raise Wrong(about("name_taken", name=name))
    return name


def _several(value: Any) -> Any:
    """A single value is a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def _some(value: Any) -> Any:
    """The same, and not none at all."""
    if value in ([], ()):
        raise Wrong(about("name_at_least_one"))
    return _several(value)


def _once[T](values: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _duration(value: Any) -> timedelta:
    return value if isinstance(value, timedelta) else durations.read(str(value))


def _for_every_priority(value: Any) -> Any:
    """A single target holds for every priority."""
    return value if isinstance(value, Mapping) else dict.fromkeys(Priority, value)


def _fraction(value: Any) -> float:
    """`80%` or `0.8`, to a hundredth of a percent."""
    text = str(value).strip().replace(",", ".")
    try:
        number = Decimal(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
        points = number * _BASIS_POINTS
        if not 0 < number < 1:
            raise Wrong(about("warning_range"))
    except InvalidOperation:
        raise Wrong(about("no_part")) from None
    if points != int(points):
        raise Wrong(about("too_fine_part"))
    return float(number)


def _percent(fraction: float) -> str:
    return f"{(Decimal(str(fraction)) * 100).normalize():f}%"


def _ascending(fractions: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sorted(set(fractions)))


def _yes_or_no(value: Any) -> Any:
    return _SAID.get(value.strip().lower(), value) if isinstance(value, str) else value


def _of_any(matches: "tuple[MatchDocument, ...]") -> "tuple[MatchDocument, ...]":
    """An alternative that asks for nothing makes the others idle."""
    return () if MatchDocument() in matches else _once(matches)


Word = Annotated[str, BeforeValidator(_word)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_some), AfterValidator(_once)]
PriorityName = Annotated[Priority, _one_of(Priority, "priority")]
Priorities = Annotated[tuple[PriorityName, ...], BeforeValidator(_some), AfterValidator(_once)]
MetricName = Annotated[Metric, _one_of(Metric, "metric")]
PromisedMetric = Annotated[MetricName, AfterValidator(_promised)]
Status = Annotated[Waiting, _one_of(Waiting, "pausing_status")]
Statuses = Annotated[tuple[Status, ...], BeforeValidator(_several), AfterValidator(_once)]
Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(durations.write, str)]
ByPriority = Annotated[dict[PriorityName, Duration], BeforeValidator(_for_every_priority)]
Fraction = Annotated[float, BeforeValidator(_fraction), PlainSerializer(_percent, str)]
Fractions = Annotated[tuple[Fraction, ...], BeforeValidator(_several), AfterValidator(_ascending)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MatchDocument(_Part):
    """What a ticket must be for a policy to cover it; a part that is left out asks for nothing."""

    priority: Priorities | None = None
    channel: Words | None = None
    segment: Words | None = None
    intent: Words | None = None
    language: Words | None = None
    tags: Words | None = None


class StepDocument(_Part):
    """A tier of the escalation chain, and how long an unanswered message stays with it."""

    tier: Word
    after: Duration


def _default_pauses() -> dict[Metric, tuple[Waiting, ...]]:
    pending = (Waiting.PENDING,)
    return {Metric.RESOLUTION: pending, Metric.ESCALATION: pending}


class PolicyDocument(_Part):
    """One policy."""

    name: Annotated[Word, AfterValidator(_is_free)]
    match: Annotated[
        tuple[MatchDocument, ...], BeforeValidator(_several), AfterValidator(_of_any)
    ] = ()
    """Alternatives, of which one must fit; none: every ticket."""
    calendar: Word | None = None
    """For every metric that `calendars` doesn't name; absent: around the clock."""
    calendars: dict[MetricName, Word] = {}
    targets: dict[PromisedMetric, ByPriority] = {}
    warnings: Fractions = ()
    bot_counts: Annotated[bool, BeforeValidator(_yes_or_no)] = False
    pauses: dict[MetricName, Statuses] = Field(default_factory=_default_pauses)
    escalation: tuple[StepDocument, ...] = ()
    starts: Annotated[Starts, _one_of(Starts, "beginning")] = Starts.CONTACT_MESSAGE
    reopening: Annotated[Reopening, _one_of(Reopening, "reopening")] = Reopening.RESUME


class Document(_Part):
    """All policies in their order, and the calendars they name."""

    calendars: dict[Word, CalendarDocument] = {}
    policies: tuple[PolicyDocument, ...]

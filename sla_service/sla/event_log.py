"""A ticket's events as JSON lines: read with every fault named by its line, and written."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sla_service.errors import DomainError
from sla_service.sla.business_time import LAST_YEAR
from sla_service.sla.events import Event, EventKind
from sla_service.sla.instants import instant, moment
from sla_service.sla.problems import Problem, Remark, Wrong, about, unknown

PRIORITIES = ("low", "normal", "high", "urgent")
STATUSES = ("open", "pending", "on_hold", "resolved")
_FIRST_YEAR = 1970
_ANCHORS = ("first_contact_at", "unanswered_at")
_ATTRIBUTES = ("channel", "segment", "intent", "language", "tags")
_NEEDS: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.STATUS: ("status",),
    EventKind.PRIORITY: ("priority",),
    EventKind.ASSIGNMENT: ("tier",),
    EventKind.RULEBOOK: ("rulebook",),
}
_NEEDS_ONE_OF: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.ATTRIBUTES: _ATTRIBUTES,
    EventKind.MERGED_FROM: _ANCHORS,
}
_MAY_HAVE: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.OPENED: (*_ATTRIBUTES, "priority", "status", "tier"),
}


class LogErrors(DomainError):
    """The events can't be read as they are."""

    status: ClassVar[int] = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(problems=[one.plain() for one in self.problems])

    def __str__(self) -> str:
        return "\n".join((self.title, *map(str, self.problems)))


def parse(lines: Iterable[str], *, rulebooks: int | None = None) -> list[Event]:
    """The events of JSON lines, in their order; empty lines are passed over.

    `rulebooks`: how many versions of policies there are to refer to. Raises LogErrors with
    everything that is wrong.
    """
    log = _Log(rulebooks)
    for number, line in enumerate(lines, 1):
        if line.strip():
            log.read(number, line)
    if log.problems:
        raise LogErrors(log.problems)
    return log.events


def dump(events: Iterable[Event]) -> str:
    """The lines that `parse` reads as these events."""
    lines = (
        {
            "at": written(event.at),
            "kind": event.kind.value,
            **{
                name: written(value) if name in _ANCHORS and value is not None else value
                for name, value in event.payload.items()
            },
        }
        for event in events
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def written(at: int) -> str:
    """An instant as `2026-03-06T20:50:00Z`."""
    return moment(at).isoformat().replace("+00:00", "Z")


def read_instant(value: Any) -> int:
    """The instant of an ISO 8601 text with an offset; raises Wrong."""
    wanted = about("instant_wanted")
    if not isinstance(value, str):
        raise Wrong(about("no_instant", shown=_shown(value), wanted=wanted))
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        raise Wrong(about("no_instant", shown=f"`{value}`", wanted=wanted)) from None
    if at.utcoffset() is None:
        raise Wrong(about("no_offset", text=value, wanted=wanted))
    if not _FIRST_YEAR < at.year < LAST_YEAR:
        raise Wrong(about("instant_far", text=value, last=LAST_YEAR - 1))
    return instant(at)


@dataclass(slots=True)
class _Log:
    """What was read so far, and what is wrong with it."""

    rulebooks: int | None
    events: list[Event] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self, number: int, line: str) -> None:
        told = self._object(number, line)
        if told is None:
            return
        at, kind = self._field(number, told, "at"), self._field(number, told, "kind")
        if kind is None:
            return
        self._check_names(number, told, kind)
        payload = {
            name: self._field(number, told, name)
            for name in told
            if name not in {"at", "kind"} and name in _fields_of(kind)
        }
        if at is not None:
            self._add(number, Event(at, kind, payload))

    def _object(self, number: int, line: str) -> dict[str, Any] | None:
        try:
            told = json.loads(line, object_pairs_hook=_once)
        except json.JSONDecodeError as error:
            self._complain(number, about("no_json", said=error.msg, at=error.pos + 1))
        except Wrong as error:
            self._complain(number, error.remark)
        except (ValueError, RecursionError) as error:
            self._complain(number, about("refused", said=str(error).rstrip(".")))
        else:
            if isinstance(told, dict):
                return told
            self._complain(number, about("no_object"))
        return None

    def _field(self, number: int, told: dict[str, Any], name: str) -> Any:
        """A field's value, or None with a complaint."""
        if name not in told:
            self._complain(number, about("field_missing", name=name))
            return None
        try:
            return _READERS[name](told[name])
        except Wrong as error:
            self._complain(number, error.remark, name)
            return None

    def _check_names(self, number: int, told: dict[str, Any], kind: EventKind) -> None:
        known = ("at", "kind", *_fields_of(kind))
        for name in told:
            if name not in known:
                self._complain(number, unknown(name, known, about("field", kind=kind)), name)
        for name in _NEEDS.get(kind, ()):
            if name not in told:
                self._complain(number, about("field_needed", kind=kind, name=name))
        some = _NEEDS_ONE_OF.get(kind, ())
        if some and told.keys().isdisjoint(some):
            self._complain(number, about("one_needed", kind=kind, names=some))

    def _add(self, number: int, event: Event) -> None:
        """Keep an event, having looked at it beside those before."""
        last = self.events[-1] if self.events else None
        if last is not None and event.at < last.at:
            self._complain(number, about("back_in_time", at=written(last.at)), "at")
        if last is not None and event.kind is EventKind.OPENED:
            self._complain(number, about("opened_first"), "kind")
        for name in _ANCHORS:
            if (event.payload.get(name) or 0) > event.at:
                self._complain(number, about("after_merge"), name)
        asked = event.payload.get("rulebook")
        if asked is not None and self.rulebooks is not None and asked > self.rulebooks:
            remark = about("no_rulebook", number=asked, count=self.rulebooks)
            self._complain(number, remark, "rulebook")
        self.events.append(event)

    def _complain(self, number: int, remark: Remark, where: str = "") -> None:
        self.problems.append(Problem(number, where, remark))


def _fields_of(kind: EventKind) -> tuple[str, ...]:
    return (*_NEEDS.get(kind, ()), *_NEEDS_ONE_OF.get(kind, ()), *_MAY_HAVE.get(kind, ()))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _ in pairs]
        twice = dict.fromkeys(name for name in names if names.count(name) > 1)
        raise Wrong(about("names_twice", names=tuple(twice)))
    return told


def _shown(value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _one_of(known: Iterable[str], what: str) -> Callable[[Any], str]:
    known = tuple(known)

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            word = value if isinstance(value, str) else json.dumps(value)
            raise Wrong(unknown(word, known, about(what)))
        return value

    return read


def _word(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Wrong(about("no_word", shown=_shown(value)))
    return value


def _word_or_null(value: Any) -> str | None:
    return None if value is None else _word(value)


def _words(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise Wrong(about("no_words"))
    return [_word(one) for one in value]


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise Wrong(about("no_number", shown=_shown(value)))
    return value


def _instant_or_null(value: Any) -> int | None:
    return None if value is None else read_instant(value)


def _kind(value: Any) -> EventKind:
    return EventKind(_one_of(EventKind, "kind")(value))


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "at": read_instant,
    "kind": _kind,
    "status": _one_of(STATUSES, "status"),
    "priority": _one_of(PRIORITIES, "priority"),
    "tier": _word,
    "channel": _word,
    "segment": _word_or_null,
    "intent": _word_or_null,
    "language": _word_or_null,
    "tags": _words,
    "rulebook": _number,
    **dict.fromkeys(_ANCHORS, _instant_or_null),
}

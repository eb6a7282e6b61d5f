"""Policies as a document people write: read with every fault named, frozen, and written again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from sla_service.sla import calendars, checks, marked_yaml
from sla_service.sla.business_time import BusinessTime, NeverOpen, TooFar
from sla_service.sla.calendars import CalendarDocument
from sla_service.sla.explaining import explained
from sla_service.sla.instants import micros
from sla_service.sla.marked_yaml import Marked
from sla_service.sla.policy import Calendar, Match, Metric, Policy, Rulebook, Step
from sla_service.sla.policy_document import Document, MatchDocument, PolicyDocument, Priority
from sla_service.sla.problems import PolicyErrors, Problem, about

_LONGEST_LINE = 100
_MANY = 6  # more entries than this are written one a line


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a text: the document, unless something is wrong, and what to look at."""

    document: Document | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the document from being used."""
        return tuple(one for one in self.problems if not one.is_warning)


def parse(text: str) -> Document:
    """The document of a text. Raises PolicyErrors with everything that is wrong."""
    reading = read(text)
    if reading.document is None:
        raise PolicyErrors(reading.errors)
    return reading.document


def read(text: str) -> Reading:
    """The document of a text, with faults and doubts in the order of their lines."""
    marked = marked_yaml.read(text)
    problems = set(marked.problems)
    document: Document | None = None
    if isinstance(marked.data, Mapping):
        problems.update(checks.faults(marked))
        problems.update(_never_open(marked))
        try:
            document = Document.model_validate(marked.data)
        except ValidationError as refused:
            problems.update(explained(refused, marked))
    elif not problems:
        problems.add(Problem(1, "", about("no_document")))
    if document is not None and not problems:
        problems.update(checks.doubts(marked, document.policies))
    usable = document if all(one.is_warning for one in problems) else None
    return Reading(usable, tuple(sorted(problems)))


def freeze(document: Document) -> Document:
    """The same with its holidays written out, so that no library's update moves a deadline."""
    frozen = {name: calendars.freeze(one) for name, one in document.calendars.items()}
    return document.model_copy(update={"calendars": frozen})


def plain(document: Document) -> dict[str, Any]:
    """The document as JSON holds it; `thaw` reads it."""
    return document.model_dump(mode="json", exclude_none=True)


def thaw(data: Mapping[str, Any]) -> Document:
    """The document of `plain`."""
    return Document.model_validate(data)


def rulebook(document: Document, rulebook_id: int) -> Rulebook:
    """The version that the engine reckons by."""
    policies = tuple(policy for one in document.policies for policy in _policies(one))
    return Rulebook(rulebook_id, policies, _Calendars(document.calendars))


def dump(document: Document) -> str:
    """Readable YAML that `parse` reads as the same document."""
    data: dict[str, Any] = {}
    if document.calendars:
        data["calendars"] = {name: _short(one) for name, one in document.calendars.items()}
    data["policies"] = [_policy_for_people(one) for one in document.policies]
    return yaml.dump(
        data,
        Dumper=_Dumper,
        default_flow_style=None,
        allow_unicode=True,
        sort_keys=False,
        width=_LONGEST_LINE,
    )


def _never_open(marked: Marked) -> Iterator[Problem]:
    """Calendars that are well formed and can't be counted by."""
    written = marked.data.get("calendars")
    for name, one in written.items() if isinstance(written, Mapping) else ():
        try:
            document = CalendarDocument.model_validate(one)
            BusinessTime(calendars.read(document))
        except ValidationError:
            continue  # told with the whole document
        except (NeverOpen, TooFar) as refused:
            yield marked.problem(("calendars", name), about(refused.code))


class _Calendars(Mapping[str, Calendar]):
    """Built when first asked for, since few of a version's calendars are."""

    def __init__(self, documents: Mapping[str, CalendarDocument]) -> None:
        self._documents = documents
        self._built: dict[str, Calendar] = {}

    def __getitem__(self, name: str) -> Calendar:
        if name not in self._built:
            self._built[name] = BusinessTime(calendars.read(self._documents[name]))
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


def _policies(one: PolicyDocument) -> list[Policy]:
    """One policy for each alternative of a match; they differ in nothing else."""
    by_metric = dict.fromkeys(Metric, one.calendar) | one.calendars
    return [
        Policy(
            name=one.name,
            match=_match(match),
            targets={
                metric: {str(priority): micros(span) for priority, span in spans.items()}
                for metric, spans in one.targets.items()
            },
            calendars={metric: name for metric, name in by_metric.items() if name is not None},
            warnings=one.warnings,
            bot_counts=one.bot_counts,
            pauses={metric: frozenset(map(str, kinds)) for metric, kinds in one.pauses.items()},
            chain=tuple(Step(step.tier, micros(step.after)) for step in one.escalation),
            starts=one.starts,
            reopening=one.reopening,
        )
        for match in one.match or (MatchDocument(),)
    ]


def _match(match: MatchDocument) -> Match:
    return Match(
        **{name: frozenset(map(str, wanted)) for name, wanted in match if wanted is not None}
    )


def _short(part: BaseModel) -> dict[str, Any]:
    return part.model_dump(mode="json", exclude_defaults=True, exclude_none=True)


def _policy_for_people(policy: PolicyDocument) -> dict[str, Any]:
    data = _short(policy)
    if len(policy.match) == 1:
        data["match"] = data["match"][0]
    for metric, spans in data.get("targets", {}).items():
        if len(spans) == len(Priority) and len(set(spans.values())) == 1:
            data["targets"][metric] = next(iter(spans.values()))
    return data


class _Dumper(yaml.SafeDumper):
    """Short lists and mappings on one line, long ones and what is nested on many."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> Any:
        node = super().represent_mapping(tag, mapping, flow_style)
        if len(node.value) > _MANY:
            node.flow_style = False
        return node

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - its name is the library's
        return True

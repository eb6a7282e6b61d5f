"""Whatever document there is: written as YAML it is read as the same."""

import json
from datetime import date, timedelta
from string import printable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sla_service.sla import documents
from sla_service.sla.calendars import CalendarDocument
from sla_service.sla.durations import LONGEST
from sla_service.sla.policy import NO_POLICY, Metric, Reopening, Starts
from sla_service.sla.policy_document import Document, MatchDocument, PolicyDocument, Priority

_PROMISED = [Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION]
_ALPHABET = st.one_of(st.sampled_from(printable), st.characters(exclude_categories=["C", "Z"]))
_words = st.one_of(
    st.sampled_from(["no", "yes", "null", "~", "12", "0x1f", "18:00", "2026-12-24", "a: b", "- a"]),
    st.text(_ALPHABET, min_size=1, max_size=12).map(str.strip).filter(bool),
)
_durations = st.timedeltas(min_value=timedelta(microseconds=1), max_value=LONGEST)
_several = st.none() | st.lists(_words, min_size=1, max_size=3)
_dates = st.dates(date(2020, 1, 1), date(2040, 1, 1))
_matches = st.builds(
    MatchDocument,
    priority=st.none() | st.lists(st.sampled_from(Priority), min_size=1, max_size=4),
    channel=_several,
    segment=_several,
    intent=_several,
    language=_several,
    tags=_several,
)
_targets = st.one_of(_durations, st.dictionaries(st.sampled_from(Priority), _durations))

law = settings(max_examples=60, deadline=None)


@st.composite
def _chains(draw: st.DrawFn) -> list[dict[str, Any]]:
    tiers = draw(st.sets(st.sampled_from(["bot", "agent", "senior", "night shift"])))
    order = [one for one in ("bot", "night shift", "agent", "senior") if one in tiers]
    return [{"tier": tier, "after": draw(_durations)} for tier in order]


@st.composite
def _calendars(draw: st.DrawFn) -> CalendarDocument:
    data: dict[str, Any] = {"time_zone": draw(st.sampled_from(["UTC", "America/Sao_Paulo"]))}
    if draw(st.booleans()):
        data["always_open"] = True
    else:
        data["hours"] = {"mon-fri": ["09:00-12:00", "13:00-18:00"], "sat": ["22:00-06:00"]}
    data["closed"] = draw(st.dictionaries(_dates, _words | st.just(""), max_size=9))
    special = draw(st.sets(_dates, max_size=2))
    data["special"] = {day: ["10:00-11:30"] for day in special if day not in data["closed"]}
    return CalendarDocument.model_validate(data)


@st.composite
def _policies(draw: st.DrawFn, calendars: list[str]) -> dict[str, Any]:
    named = st.sampled_from(calendars) if calendars else st.nothing()
    points = st.integers(1, 9999).map(lambda n: n / 10_000)
    return {
        "name": draw(_words.filter(lambda name: name != NO_POLICY.name)),
        "match": draw(st.lists(_matches, max_size=3)),
        "calendar": draw(st.none() | named),
        "calendars": draw(st.dictionaries(st.sampled_from(Metric), named)),
        "targets": draw(st.dictionaries(st.sampled_from(_PROMISED), _targets)),
        "warnings": draw(st.lists(points, max_size=3)),
        "bot_counts": draw(st.booleans()),
        "pauses": draw(
            st.dictionaries(
                st.sampled_from(Metric), st.lists(st.sampled_from(["pending", "on_hold"]))
            )
        ),
        "escalation": draw(_chains()),
        "starts": draw(st.sampled_from(Starts)),
        "reopening": draw(st.sampled_from(Reopening)),
    }


@st.composite
def _documents(draw: st.DrawFn) -> Document:
    calendars = draw(st.dictionaries(_words, _calendars(), max_size=3))
    policies = draw(
        st.lists(_policies(list(calendars)), max_size=3, unique_by=lambda one: one["name"])
    )
    built = tuple(PolicyDocument.model_validate(one) for one in policies)
    return Document(calendars=calendars, policies=built)


@law
@given(_documents())
def test_a_document_survives_its_yaml(document: Document) -> None:
    text = documents.dump(document)
    assert documents.parse(text) == document
    assert documents.dump(documents.parse(text)) == text


@law
@given(_documents())
def test_a_document_survives_its_json(document: Document) -> None:
    frozen = documents.freeze(document)
    assert documents.thaw(json.loads(json.dumps(documents.plain(frozen)))) == frozen


@law
@given(_documents())
def test_a_rulebook_has_a_policy_for_every_alternative(document: Document) -> None:
    book = documents.rulebook(document, 7)
    wanted = [one.name for one in document.policies for _ in one.match or (None,)]
    assert [one.name for one in book.policies] == wanted
    for policy in book.policies:
        for metric in Metric:
            assert book.calendar(policy, metric) is book.calendar(policy, metric)

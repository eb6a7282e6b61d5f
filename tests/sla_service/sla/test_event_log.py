"""Events as JSON lines: what is read, and what is said about what can't be."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_service.sla import event_log
from sla_service.sla.event_log import LogErrors
from sla_service.sla.events import Event, EventKind
from sla_service.sla.instants import HOUR, MINUTE
from tests.sla_service.sla.stories import FRIDAY, logs

AT = '"at": "2018-11-02T17:30:00-03:00"'


@given(logs())
def test_what_is_written_is_read_as_the_same(events: tuple[Event, ...]) -> None:
    assert event_log.parse(event_log.dump(events).splitlines()) == list(events)


def test_lines_in_any_zone_are_instants_and_empty_ones_are_passed_over() -> None:
    lines = [
        '{"at": "2018-11-02T20:30:00Z", "kind": "opened", "priority": "high", "tags": ["vip"]}',
        "",
        '{"at": "2018-11-02T18:30:00-03:00", "kind": "status", "status": "pending"}',
        """{"at": "2018-11-02T22:30:00.000001+00:00", "kind": "merged_from",
        "first_contact_at": "2018-11-02T17:29:00-03:00", "unanswered_at": null}""",
    ]
    assert event_log.parse(lines) == [
        Event(FRIDAY, EventKind.OPENED, {"priority": "high", "tags": ["vip"]}),
        Event(FRIDAY + HOUR, EventKind.STATUS, {"status": "pending"}),
        Event(
            FRIDAY + 2 * HOUR + 1,
            EventKind.MERGED_FROM,
            {"first_contact_at": FRIDAY - MINUTE, "unanswered_at": None},
        ),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "This is no JSON"),
        ("[]", "Each line is an object"),
        ('"note"', "Each line is an object"),
        ('{"kind": "note"}', "`at` is missing"),
        (f"{{{AT}}}", "`kind` is missing"),
        (f'{{{AT}, {AT}, "kind": "note"}}', "`at` twice"),
        ('{"at": "2018-11-02T17:30:00", "kind": "note"}', "has no offset from UTC"),
        ('{"at": "2018-11-02", "kind": "note"}', "has no offset from UTC"),
        ('{"at": "yesterday", "kind": "note"}', "`yesterday` is no instant"),
        ('{"at": "9999-12-31T23:59:59Z", "kind": "note"}', "is too far away"),
        ('{"at": 1541190600, "kind": "note"}', "`1541190600` is no instant"),
        (f'{{{AT}, "kind": "contact message"}}', "did you mean `contact_message`?"),
        (f'{{{AT}, "kind": "agent_mesage"}}', "did you mean `agent_message`?"),
        (f'{{{AT}, "kind": "zzz"}}', "known are `opened`, `contact_message`"),
        (f'{{{AT}, "kind": 3}}', "Kind `3` is not known here"),
        (f'{{{AT}, "kind": "status"}}', "`status` needs a field `status`"),
        (f'{{{AT}, "kind": "status", "status": "closed"}}', "Status `closed` is not known"),
        (f'{{{AT}, "kind": "status", "status": "pendng"}}', "did you mean `pending`?"),
        (f'{{{AT}, "kind": "priority", "priority": "hight"}}', "did you mean `high`?"),
        (f'{{{AT}, "kind": "priority", "status": "open"}}', "In `priority` the field `status`"),
        (f'{{{AT}, "kind": "assignment", "tire": "agent"}}', "did you mean `tier`?"),
        (f'{{{AT}, "kind": "assignment", "tier": " "}}', "is no word"),
        (f'{{{AT}, "kind": "attributes"}}', "needs at least one of `channel`"),
        (f'{{{AT}, "kind": "attributes", "tags": "vip"}}', "A list of words is expected"),
        (f'{{{AT}, "kind": "attributes", "channel": null}}', "`null` is no word"),
        (f'{{{AT}, "kind": "rulebook", "rulebook": 0}}', "they count from 1"),
        (f'{{{AT}, "kind": "rulebook", "rulebook": true}}', "they count from 1"),
        (f'{{{AT}, "kind": "rulebook", "rulebook": 3}}', "There is no rulebook 3: 2 were given"),
        (f'{{{AT}, "kind": "merged_from"}}', "needs at least one of `first_contact_at`"),
        (
            f'{{{AT}, "kind": "merged_from", "unanswered_at": "2018-11-02T17:30:01-03:00"}}',
            "can't be later than the merge",
        ),
        ('{"at": "2018-11-02T17:29:59-03:00", "kind": "note"}', "It goes back in time"),
        (f'{{{AT}, "kind": "opened"}}', "`opened` can only be the first event"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_is_expected(line: str, said: str) -> None:
    before = f'{{{AT}, "kind": "contact_message"}}'
    with pytest.raises(LogErrors) as refused:
        event_log.parse([before, "", line], rulebooks=2)
    assert {problem.line for problem in refused.value.problems} == {3}
    assert any(said in problem.message for problem in refused.value.problems)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(LogErrors, match=r"(?s)line 1.*line 2.*line 2 \(status\)"):
        event_log.parse(["?", '{"kind": "status", "status": 1}'])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["at", "kind", *event_log.PRIORITIES]), _JSON))
def test_nonsense_is_refused_and_nothing_worse(told: dict[str, object]) -> None:
    with pytest.raises(LogErrors):
        event_log.parse([json.dumps(told)])


@given(st.text())
def test_so_is_any_text(text: str) -> None:
    if text.strip():
        with pytest.raises(LogErrors):
            event_log.parse([text])

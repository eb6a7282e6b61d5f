"""Why a clock stands where it stands, told completely and in both languages."""

import string
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_service.sla import reasons, rendering, statement, wording
from sla_service.sla.event_log import PRIORITIES, STATUSES
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import HOUR
from sla_service.sla.reasons import Why
from sla_service.sla.whose_time import Whose
from tests.sla_service.sla.by_hand import ALL_DAY, at, events_of, told
from tests.sla_service.sla.stories import GAPS, Story, stories

laws = settings(max_examples=150, deadline=None)
_ENDS = {"kept", "late", "cancelled", "passed_on"}


@laws
@given(stories(), GAPS)
def test_every_stop_is_told_and_the_spans_add_up(story: Story, later: int) -> None:
    ticket, now = _until(story, later)
    told_why = reasons.why(ticket, story.events, now)
    clocks = {(one.metric, one.cycle): one for one in ticket.clocks}
    for one in told_why.clocks:
        clock = clocks[one.metric, one.cycle]
        assert one.moments[0].at == clock.started_at
        assert [moment.at for moment in one.moments] == sorted(moment.at for moment in one.moments)
        assert (one.moments[-1].what in _ENDS) == (not clock.is_live)
        assert sum(moment.what in {"warned", "breached"} for moment in one.moments) == len(
            clock.fired
        )
        if not clock.is_live:
            assert (one.moments[-1].used, one.moments[-1].wall) == (one.consumed, one.wall)
            assert one.moments[-1].at == clock.stopped_at
        assert 0 <= one.consumed <= one.wall <= now - clock.started_at


@laws
@given(stories(), GAPS)
def test_a_clock_that_was_stopped_or_paused_runs_on_only_after_it_is_told(
    story: Story, later: int
) -> None:
    ticket, now = _until(story, later)
    for one in reasons.why(ticket, story.events, now).clocks:
        is_running = False
        for moment in one.moments:
            if moment.what in {"resumed", "reopened"}:
                assert not is_running
            if moment.what in {"paused", "changed"}:
                assert is_running
            if moment.what in {"started", "backdated", "resumed", "reopened"}:
                is_running = True
            elif moment.what in {"paused", "stopped", *_ENDS}:
                is_running = False
        clock = next(
            each for each in ticket.clocks if (each.metric, each.cycle) == (one.metric, one.cycle)
        )
        assert is_running == (clock.since is not None)


@laws
@given(stories(), GAPS)
def test_all_the_time_until_it_was_resolved_was_somebody_s(story: Story, later: int) -> None:
    ticket, now = _until(story, later)
    spells = reasons.why(ticket, story.events, now).spells
    assert [one.whose for one in spells] == [*Whose]
    assert all(0 <= one.business <= one.wall for one in spells)
    assert sum(one.wall for one in spells) <= now - story.events[0].at
    was_resolved = any(one.payload.get("status") == "resolved" for one in story.events)
    if not was_resolved and not ticket.is_merged:
        assert sum(one.wall for one in spells) == now - story.events[0].at


@laws
@given(stories(), GAPS, st.sampled_from(wording.LANGUAGES))
def test_every_ticket_can_be_told_in_every_language(
    story: Story, later: int, language: str
) -> None:
    ticket, now = _until(story, later)
    text = rendering.as_text(reasons.why(ticket, story.events, now), language, "America/Sao_Paulo")
    assert "{" not in text
    assert "None" not in text
    assert "_" not in text.replace("Sao_Paulo", "")


@laws
@given(stories(), GAPS)
def test_a_statement_s_runs_are_the_time_it_says_was_consumed(story: Story, later: int) -> None:
    ticket, now = _until(story, later)
    stated = statement.of(ticket, now)
    assert len(stated["clocks"]) == sum(one.has_promise for one in ticket.clocks)
    for one in stated["clocks"]:
        assert sum(run["seconds"] for run in one["runs"]) == pytest.approx(one["consumed_s"])
        assert [run["to"] is None for run in one["runs"][:-1]] == [False] * (len(one["runs"]) - 1)


def test_bot_time_waiting_and_person_time_are_told_apart() -> None:
    told_why = _why(
        "06 10:00 contact_message",
        "06 10:02 assignment agent",
        "06 10:30 agent_message",
        "06 11:00 status pending",
        "06 13:00 contact_message",
        "06 13:10 status on_hold",
        "06 13:30 status open",
        "06 13:40 status resolved",
        until="06 20:00",
    )
    minutes = {one.whose.value: one.wall * 60 // HOUR for one in told_why.spells}
    assert minutes == {
        "bot": 2,
        "waiting": 28 + 10 + 10,
        "person": 30,
        "contact": 120,
        "on_hold": 20,
    }


def test_escalation_ends_the_bot_s_time() -> None:
    told_why = _why("06 10:00 contact_message", until="06 11:00")
    minutes = {one.whose.value: one.wall * 60 // HOUR for one in told_why.spells if one.wall}
    assert minutes == {"bot": 5, "waiting": 55}


def test_a_reopened_clock_tells_both_its_lives() -> None:
    told_why = _why(
        "06 10:00 contact_message",
        "06 10:20 status pending",
        "06 10:30 status resolved",
        "06 12:00 contact_message",
        until="06 12:30",
    )
    resolution = next(one for one in told_why.clocks if one.metric == "resolution")
    assert [(one.what, one.cause) for one in resolution.moments] == [
        ("started", "contact_message"),
        ("paused", "status:pending"),
        ("stopped", "status:resolved"),
        ("reopened", "contact_message"),
    ]


def test_words_are_the_same_in_both_languages() -> None:
    one, other = (dict(_flat(wording.words(language))) for language in wording.LANGUAGES)
    assert one.keys() == other.keys()
    for name in one:
        assert _places(one[name]) == _places(other[name]), name
        assert one[name].strip()


def test_there_are_words_for_everything_that_has_a_name() -> None:
    for language in wording.LANGUAGES:
        words = wording.words(language)
        assert set(words["priorities"]) == set(PRIORITIES)
        assert set(words["statuses"]) == set(words["causes"]["status"]) == set(STATUSES)
        assert set(words["whose"]) == set(Whose)


def _until(story: Story, later: int) -> tuple[Ticket, int]:
    ticket = story.told()
    now = ticket.at + later
    ticket.advance(now)
    return ticket, now


def _why(*lines: str, until: str) -> Why:
    ticket = told(ALL_DAY, *lines, until=until)
    return reasons.why(ticket, events_of(*lines), at(until))


def _flat(words: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in words.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}

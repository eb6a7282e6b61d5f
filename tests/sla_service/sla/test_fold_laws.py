"""What holds for every ticket, whatever happens to it and whatever was promised."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_service.sla.clocks import BREACHED, Clock, ClockState, Ending
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Effect, Ticket
from sla_service.sla.instants import HOUR
from sla_service.sla.policy import Metric
from tests.sla_service.sla.stories import GAPS, Story, stories

laws = settings(max_examples=150, deadline=None)


@laws
@given(stories())
def test_the_same_events_give_the_same_clocks(story: Story) -> None:
    assert _settled(story.told(), story) == _settled(story.told(), story)


@laws
@given(stories(), st.lists(GAPS, max_size=12))
def test_whoever_looks_and_whenever_the_effects_are_the_same(story: Story, gaps: list[int]) -> None:
    swept, looks, at = story.fresh(), [], story.events[0].at
    for gap in gaps:
        at += gap
        looks.append(at)
    for event in story.events:
        while looks and looks[0] <= event.at:
            swept.advance(looks.pop(0))
        swept.apply(event)
    for look in looks:
        swept.advance(look)
    assert _settled(swept, story) == _settled(story.told(), story)


@laws
@given(stories())
def test_a_sweep_right_at_every_deadline_changes_nothing(story: Story) -> None:
    swept = story.fresh()
    for event in story.events:
        while (fires_at := swept.next_fire_at) is not None and fires_at < event.at:
            swept.advance(fires_at)
            assert swept.next_fire_at == fires_at
            swept.advance(fires_at + 1)
        swept.apply(event)
    assert _settled(swept, story) == _settled(story.told(), story)


@laws
@given(stories())
def test_consumed_time_only_grows_and_is_never_more_than_the_wall_clock_s(story: Story) -> None:
    ticket, seen = story.fresh(), Counter[tuple[Metric, int]]()
    for event in story.events:
        ticket.apply(event)
        for clock in ticket.clocks:
            used = clock.used(ticket.at)
            assert seen[clock.metric, clock.cycle] <= used <= ticket.at - clock.started_at
            seen[clock.metric, clock.cycle] = used


@laws
@given(stories())
def test_consumed_time_is_the_sum_of_the_runs_which_follow_each_other(story: Story) -> None:
    for clock in _settled(story.told(), story).clocks:
        assert clock.consumed == sum(run.used for run in clock.runs)
        assert all(before.end <= after.start for before, after in pairwise(clock.runs))
        assert all(0 <= run.used <= run.end - run.start for run in clock.runs)
        begins = [run.start for run in clock.runs] or [clock.since]
        assert begins[0] == clock.started_at
        if clock.since is not None and clock.runs:
            assert clock.runs[-1].end <= clock.since


@laws
@given(stories())
def test_every_start_and_every_stop_has_its_cause(story: Story) -> None:
    for clock in story.told().clocks:
        assert all(run.began_by and run.ended_by for run in clock.runs)
        assert clock.began_by
        if clock.stopped_at is not None:
            assert clock.runs[-1].end == clock.stopped_at


@laws
@given(stories())
def test_at_most_one_clock_of_a_metric_is_live_and_cycles_are_counted(story: Story) -> None:
    ticket = story.fresh()
    for event in story.events:
        ticket.apply(event)
        live = Counter(one.metric for one in ticket.clocks if one.is_live)
        assert all(count == 1 for count in live.values())
        for metric in Metric:
            cycles = [one.cycle for one in ticket.clocks if one.metric is metric]
            assert cycles == list(range(ticket.cycles.get(metric, 0)))
    assert ticket.cycles.get(Metric.FIRST_RESPONSE, 0) <= 1


@laws
@given(stories())
def test_what_is_kept_took_no_longer_than_promised(story: Story) -> None:
    for clock in _settled(story.told(), story).clocks:
        if clock.state is ClockState.FULFILLED and clock.target is not None:
            assert clock.consumed <= clock.target
            assert clock.breached_at is None
        if clock.ending is Ending.FULFILLED and clock.metric is Metric.ESCALATION:
            assert clock.breached_at is None


@laws
@given(stories())
def test_a_late_answer_is_answered_and_breached(story: Story) -> None:
    for clock in story.told().clocks:
        if clock.ending is Ending.FULFILLED and clock.breached_at is not None:
            assert clock.state is ClockState.BREACHED
            assert clock.stopped_at is not None
            assert clock.breached_at <= clock.stopped_at


@laws
@given(stories())
def test_nothing_becomes_true_about_a_clock_that_stands_still(story: Story) -> None:
    ticket = _settled(story.told(), story)
    for effect in ticket.effects:
        clock = _clock_of(effect, ticket)
        spans = [(run.start, run.end) for run in clock.runs]
        if clock.since is not None:
            spans.append((clock.since, ticket.at))
        assert any(start <= effect.at <= end for start, end in spans)


@laws
@given(stories())
def test_only_a_running_clock_will_fire_and_never_in_what_is_settled(story: Story) -> None:
    ticket = story.fresh()
    for event in story.events:
        ticket.apply(event)
        for clock in ticket.clocks:
            fire = clock.next_fire()
            assert fire is None or (clock.since is not None and fire[0] >= ticket.at)


@laws
@given(stories())
def test_each_kind_becomes_true_once_in_the_order_of_time(story: Story) -> None:
    ticket = _settled(story.told(), story)
    keys = [(one.metric, one.cycle, one.kind) for one in ticket.effects]
    assert len(keys) == len(set(keys))
    assert [one.at for one in ticket.effects] == sorted(one.at for one in ticket.effects)
    fired = {
        (clock.metric, clock.cycle, kind): at
        for clock in ticket.clocks
        for kind, at in clock.fired.items()
    }
    assert fired == {key: one.at for key, one in zip(keys, ticket.effects, strict=True)}


@laws
@given(stories())
def test_no_warning_comes_after_its_breach(story: Story) -> None:
    for clock in _settled(story.told(), story).clocks:
        if clock.breached_at is not None:
            assert max(clock.fired.values()) == clock.breached_at
            assert list(clock.fired)[-1] == BREACHED


@pytest.mark.parametrize("inert", [EventKind.BOT_MESSAGE, EventKind.NOTE])
@laws
@given(story=stories(bot_counts=False))
def test_what_the_bot_says_and_what_people_note_moves_nothing(
    story: Story, inert: EventKind
) -> None:
    without = story.told([one for one in story.events if one.kind is not inert])
    assert _settled(without, story) == _settled(story.told(), story)


@laws
@given(stories())
def test_nothing_happens_to_a_ticket_that_became_part_of_another(story: Story) -> None:
    ticket = story.told()
    ticket.apply(Event(ticket.at, EventKind.MERGED_INTO))
    told = len(ticket.effects)
    assert not any(one.is_live for one in ticket.clocks)
    for event in story.events:
        ticket.apply(Event(ticket.at + HOUR, event.kind, event.payload))
    assert len(_settled(ticket, story).effects) == told


@laws
@given(stories())
def test_what_is_resolved_waits_for_nobody(story: Story) -> None:
    ticket = story.told()
    ticket.apply(Event(ticket.at, EventKind.STATUS, {"status": "resolved"}))
    assert not any(one.is_live for one in ticket.clocks)
    assert ticket.unanswered_at is None
    assert ticket.next_fire_at is None


def _settled(ticket: Ticket, story: Story) -> Ticket:
    ticket.advance(max(story.end, ticket.at))
    return ticket


def _clock_of(effect: Effect, ticket: Ticket) -> Clock:
    return next(
        one for one in ticket.clocks if (one.metric, one.cycle) == (effect.metric, effect.cycle)
    )

"""A ticket that was put away and taken out again goes on as if nothing had been."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sla_service.sla import snapshot
from sla_service.sla.clocks import Clock, Ending, Run
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.policy import ALWAYS, Metric
from tests.sla_service.sla.stories import FRIDAY, GAPS, Story, stories

laws = settings(max_examples=150, deadline=None)


@laws
@given(stories(), st.data())
def test_a_snapshot_and_the_tail_are_the_whole_log(story: Story, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(story.events)))
    whole, head = story.told(), story.told(story.events[:cut])
    resumed = _through_json(head, story)
    for event in story.events[cut:]:
        resumed.apply(event)
    assert head.effects + _settled(resumed, story).effects == _settled(whole, story).effects
    kept = {(one.metric, one.cycle): one for one in (*head.clocks, *resumed.clocks)}
    assert [_seen(one) for one in kept.values()] == [_seen(one) for one in whole.clocks]
    assert snapshot.dump(resumed) == snapshot.dump(whole)


@laws
@given(stories())
def test_a_snapshot_after_every_event_loses_nothing(story: Story) -> None:
    resumed, effects = story.fresh(), []
    for event in story.events:
        resumed = _through_json(resumed, story)
        resumed.apply(event)
        effects += resumed.effects
    whole = story.told()
    assert effects == whole.effects
    assert snapshot.dump(resumed) == snapshot.dump(whole)


@laws
@given(stories(), GAPS)
def test_a_snapshot_between_events_knows_what_comes_next(story: Story, gap: int) -> None:
    ticket = story.told()
    ticket.advance(ticket.at + gap)
    resumed = _through_json(ticket, story)
    assert resumed.next_fire_at == ticket.next_fire_at
    assert resumed.at == ticket.at


@laws
@given(stories())
def test_it_keeps_what_may_still_move_and_nothing_else(story: Story) -> None:
    ticket = story.told()
    kept = _through_json(ticket, story).clocks
    assert [one for one in kept if one.is_live] == [one for one in ticket.clocks if one.is_live]
    ended = [one for one in kept if not one.is_live]
    assert [one.metric for one in ended] in ([], [Metric.RESOLUTION])


@laws
@given(stories())
def test_a_resolution_that_may_be_reopened_is_kept(story: Story) -> None:
    ticket = story.fresh()
    ticket.apply(Event(FRIDAY, EventKind.CONTACT_MESSAGE))
    ticket.apply(Event(FRIDAY, EventKind.STATUS, {"status": "resolved"}))
    (kept,) = _through_json(ticket, story).clocks
    assert (kept.metric, kept.ending) == (Metric.RESOLUTION, Ending.FULFILLED)


def _settled(ticket: Ticket, story: Story) -> Ticket:
    ticket.advance(max(story.end, ticket.at))
    return ticket


def _through_json(ticket: Ticket, story: Story) -> Ticket:
    return snapshot.load(json.loads(json.dumps(snapshot.dump(ticket))), story.find)


def _seen(clock: Clock) -> Clock:
    """What an ended clock was measured by is its runs' to say."""
    return clock if clock.is_live else replace(clock, calendar=ALWAYS)


@laws
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=20, max_size=60),
    st.integers(1, 400),
)
def test_what_lies_far_behind_is_added_up_and_not_lost(
    gaps: list[tuple[int, int]], target: int
) -> None:
    clock = Clock(Metric.RESOLUTION, 0, 0, target, None, ALWAYS, (), None)
    at = 0
    for run, standing in gaps:
        clock.begin(at, "contact_message")
        fires = clock.next_fire()
        at += run
        if fires is not None and fires[0] <= at:
            clock.fire(fires[1], fires[0])
        clock.pause(at, "status")
        at += standing
    rows = snapshot.runs(clock)
    assert len(rows) <= 15
    assert rows[-12:] == [list(run) for run in clock.runs[-12:]]
    assert sum(row[2] for row in rows) == clock.consumed
    assert sum(row[1] - row[0] for row in rows) == sum(run.end - run.start for run in clock.runs)
    due = clock.breached_at or at
    ran = sum(max(min(run.end, due) - run.start, 0) for run in clock.runs)
    assert sum(max(min(row[1], due) - row[0], 0) for row in rows) == ran
    again = replace(clock, runs=[Run(*row) for row in rows])
    assert snapshot.runs(again) == rows

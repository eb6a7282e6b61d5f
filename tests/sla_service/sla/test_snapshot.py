"""A ticket that was put away and taken out again goes on as if nothing had been."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sla_service.sla import snapshot
from sla_service.sla.clocks import Clock, Ending
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

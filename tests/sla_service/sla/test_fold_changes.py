"""What a change may do to a deadline that is under way, and what it may not."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from sla_service.sla import snapshot
from sla_service.sla.clocks import Clock, ClockState
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import HOUR, MINUTE
from sla_service.sla.policy import Metric, Policy, Rulebook
from tests.sla_service.sla.stories import CALENDARS, FRIDAY, GAPS, PRIORITIES, Story, stories

laws = settings(max_examples=150, deadline=None)


@laws
@given(stories())
def test_a_breach_is_never_taken_back(story: Story) -> None:
    ticket, breached = story.fresh(), dict[tuple[Metric, int], int]()
    for event in story.events:
        ticket.apply(event)
        for clock in ticket.clocks:
            key = (clock.metric, clock.cycle)
            if key in breached:
                assert clock.breached_at == breached[key]
                assert clock.state in {ClockState.BREACHED, ClockState.CANCELLED}
            if clock.breached_at is not None:
                breached[key] = clock.breached_at


@laws
@given(stories(), st.integers(1, 6), st.data())
def test_a_burst_of_contact_messages_never_postpones_a_deadline(
    story: Story, count: int, data: st.DataObject
) -> None:
    once = story.told()
    once.apply(Event(once.at, EventKind.CONTACT_MESSAGE))
    burst = _through_json(once, story)
    at = once.at
    for _ in range(count):
        at += data.draw(GAPS)
        once.advance(at)
        burst.apply(Event(at, EventKind.CONTACT_MESSAGE))
    assert [_outlook(one) for one in burst.clocks] == [
        _outlook(one) for one in once.clocks if (one.metric, one.cycle) in _keys(burst)
    ]


@laws
@given(stories(), st.sampled_from(PRIORITIES), st.data())
def test_a_priority_there_and_back_at_one_instant_is_nothing(
    story: Story, other: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(1, len(story.events)))
    before = story.told(story.events[:place])
    at = before.at
    flipped = [
        *story.events[:place],
        Event(at, EventKind.PRIORITY, {"priority": other}),
        Event(at, EventKind.PRIORITY, {"priority": before.facts.priority}),
        *story.events[place:],
    ]
    _is_no_different(story.told(flipped), story)


@laws
@given(stories(), st.data())
def test_a_rulebook_there_and_back_at_one_instant_is_nothing(
    story: Story, data: st.DataObject
) -> None:
    place = data.draw(st.integers(1, len(story.events)))
    before = story.told(story.events[:place])
    there, back = (2, 1) if before.rulebook.id == 1 else (1, 2)
    flipped = [
        *story.events[:place],
        *(Event(before.at, EventKind.RULEBOOK, {"rulebook": one}) for one in (there, back)),
        *story.events[place:],
    ]
    _is_no_different(story.told(flipped), story)


@laws
@given(st.permutations(sorted(CALENDARS)), st.integers(1, 30 * HOUR), GAPS)
def test_what_the_old_calendar_counted_stays_counted_and_the_new_one_counts_the_rest(
    names: list[str], target: int, gap: int
) -> None:
    policies = [_promising(target, calendar=name) for name in names[:2]]
    ticket = _moved(policies, FRIDAY + gap)
    old, new = (CALENDARS[name] for name in names[:2])
    clock = ticket.live(Metric.RESOLUTION)
    assert clock is not None
    if clock.breached_at is not None:
        assert clock.breached_at == old.add(FRIDAY, target) < FRIDAY + gap
        return
    counted = old.elapsed(FRIDAY, FRIDAY + gap)
    assert clock.used(FRIDAY + gap) == counted
    assert clock.due_at == new.add(FRIDAY + gap, target - counted)


def test_other_warnings_of_the_same_target_count_from_the_change_on() -> None:
    policies = [_promising(HOUR, warnings=(0.5,)), _promising(HOUR, warnings=(0.25, 0.75))]
    ticket = _moved(policies, FRIDAY + 20 * MINUTE)
    ticket.advance(FRIDAY + HOUR)
    assert [(one.kind, one.at - FRIDAY) for one in ticket.effects] == [("warned_75", 45 * MINUTE)]


def _promising(
    target: int, *, calendar: str | None = None, warnings: tuple[float, ...] = ()
) -> Policy:
    return Policy(
        "one",
        targets={Metric.RESOLUTION: {"normal": target}},
        calendars={} if calendar is None else {Metric.RESOLUTION: calendar},
        warnings=warnings,
    )


def _moved(policies: list[Policy], at: int) -> Ticket:
    """A ticket of Friday's that came under the second policy's version later on."""
    first, second = (Rulebook(nth, (one,), CALENDARS) for nth, one in enumerate(policies, 1))
    ticket = Ticket.fresh(first, {2: second}.__getitem__)
    ticket.apply(Event(FRIDAY, EventKind.CONTACT_MESSAGE))
    ticket.apply(Event(at, EventKind.RULEBOOK, {"rulebook": 2}))
    return ticket


def _settled(ticket: Ticket, story: Story) -> Ticket:
    ticket.advance(max(story.end, ticket.at))
    return ticket


def _through_json(ticket: Ticket, story: Story) -> Ticket:
    return snapshot.load(json.loads(json.dumps(snapshot.dump(ticket))), story.find)


def _keys(ticket: Ticket) -> set[tuple[Metric, int]]:
    return {(one.metric, one.cycle) for one in ticket.clocks}


def _outlook(clock: Clock) -> tuple[object, ...]:
    """All that may still come of a clock, and what came; not how its time was cut into runs."""
    return (
        clock.metric,
        clock.cycle,
        clock.state,
        clock.started_at,
        clock.due_at,
        clock.next_fire(),
        clock.stopped_at,
        clock.fired,
    )


def _is_no_different(flipped: Ticket, story: Story) -> None:
    plain = story.told()
    assert [_outlook(one) for one in flipped.clocks] == [_outlook(one) for one in plain.clocks]
    for one, other in zip(flipped.clocks, plain.clocks, strict=True):
        assert one.used(plain.at) == other.used(plain.at)
    assert _settled(flipped, story).effects == _settled(plain, story).effects

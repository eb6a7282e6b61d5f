"""When a clock is due: by arithmetic that doesn't go through the fold."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sla_service.sla.clocks import BREACHED, Clock, ClockState
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import HOUR, MINUTE
from sla_service.sla.policy import ALWAYS, Metric, Policy, Reopening, Rulebook, Starts, Step
from tests.sla_service.sla.stories import ALWAYS_OPEN, CALENDARS, FRIDAY, GAPS, PRIORITIES, PROMISES

PENDING = frozenset({"pending"})
laws = settings(max_examples=150, deadline=None)
spans = st.integers(1, 30 * HOUR)
calendars = st.sampled_from([None, *CALENDARS])


def ticket_under(
    target: int,
    calendar: str | None,
    *,
    urgent: int | None = None,
    starts: Starts = Starts.CONTACT_MESSAGE,
    reopening: Reopening = Reopening.RESUME,
    chain: tuple[Step, ...] = (),
) -> Ticket:
    """A fresh ticket, promised the same for every metric; `urgent` is another target."""
    targets = dict.fromkeys(PRIORITIES, target) | {"urgent": urgent or target}
    policy = Policy(
        "one",
        targets=dict.fromkeys(PROMISES, targets),
        calendars={} if calendar is None else dict.fromkeys(Metric, calendar),
        pauses={Metric.RESOLUTION: PENDING, Metric.ESCALATION: PENDING},
        chain=chain,
        starts=starts,
        reopening=reopening,
    )
    rulebook = Rulebook(1, (policy,), CALENDARS)
    return Ticket.fresh(rulebook, {1: rulebook}.__getitem__)


def happens(ticket: Ticket, at: int, kind: EventKind, **payload: object) -> None:
    ticket.apply(Event(at, kind, payload))


def becomes(ticket: Ticket, at: int, status: str) -> None:
    happens(ticket, at, EventKind.STATUS, status=status)


def live(ticket: Ticket, metric: Metric) -> Clock:
    clock = ticket.live(metric)
    assert clock is not None
    return clock


@laws
@given(calendars, spans, GAPS, GAPS)
def test_a_pause_shifts_a_deadline_by_the_paused_business_time(
    name: str | None, target: int, ran: int, stood: int
) -> None:
    calendar = ALWAYS if name is None else CALENDARS[name]
    ticket = ticket_under(target, name)
    happens(ticket, FRIDAY, EventKind.CONTACT_MESSAGE)
    due_at = live(ticket, Metric.RESOLUTION).due_at
    assert due_at == calendar.add(FRIDAY, target)
    paused_at, resumed_at = FRIDAY + ran, FRIDAY + ran + stood
    assume(paused_at <= due_at)
    becomes(ticket, paused_at, "pending")
    assert live(ticket, Metric.RESOLUTION).state is ClockState.PAUSED
    assert live(ticket, Metric.RESOLUTION).due_at is None
    becomes(ticket, resumed_at, "open")
    shifted = live(ticket, Metric.RESOLUTION).due_at
    assert shifted is not None
    assert calendar.elapsed(due_at, shifted) == calendar.elapsed(paused_at, resumed_at)
    response = live(ticket, Metric.FIRST_RESPONSE)
    assert response.due_at == due_at  # a response is owed whatever the status


@laws
@given(st.sampled_from([None, ALWAYS_OPEN]), spans, st.lists(st.tuples(GAPS, GAPS), max_size=6))
def test_around_the_clock_it_is_due_at_start_plus_target_plus_paused(
    name: str | None, target: int, pauses: list[tuple[int, int]]
) -> None:
    ticket = ticket_under(target, name)
    happens(ticket, FRIDAY, EventKind.CONTACT_MESSAGE)
    at, paused = FRIDAY, 0
    for ran, stood in pauses:
        if at + ran > FRIDAY + target + paused:
            break
        becomes(ticket, at + ran, "pending")
        at += ran + stood
        becomes(ticket, at, "open")
        paused += stood
    clock = live(ticket, Metric.RESOLUTION)
    assert clock.due_at == FRIDAY + target + paused
    ticket.advance(clock.due_at + 1)
    assert clock.breached_at == FRIDAY + target + paused


@pytest.mark.parametrize(("late", "state"), [(-1, "fulfilled"), (0, "fulfilled"), (1, "breached")])
@laws
@given(name=calendars, target=spans, metric=st.sampled_from(PROMISES))
def test_at_the_deadline_is_in_time_and_right_after_is_late(
    late: int, state: str, name: str | None, target: int, metric: Metric
) -> None:
    ticket = ticket_under(target, name)
    happens(ticket, FRIDAY, EventKind.CONTACT_MESSAGE)
    if metric is Metric.NEXT_RESPONSE:
        happens(ticket, FRIDAY, EventKind.AGENT_MESSAGE)
        happens(ticket, FRIDAY, EventKind.CONTACT_MESSAGE)
    clock = live(ticket, metric)
    due_at = clock.due_at
    assert due_at is not None
    if metric is Metric.RESOLUTION:
        becomes(ticket, due_at + late, "resolved")
    else:
        happens(ticket, due_at + late, EventKind.AGENT_MESSAGE)
    assert (clock.state, clock.stopped_at) == (state, due_at + late)
    assert clock.breached_at == (due_at if late > 0 else None)


@laws
@given(calendars, spans, GAPS, GAPS)
@example(None, HOUR, 0, HOUR)
def test_a_merge_counts_from_the_older_anchor(
    name: str | None, target: int, older: int, later: int
) -> None:
    calendar = ALWAYS if name is None else CALENDARS[name]
    ticket = ticket_under(target, name)
    happens(ticket, FRIDAY, EventKind.CONTACT_MESSAGE)
    merged_at, anchor = FRIDAY + later, FRIDAY - older
    assume(merged_at <= calendar.add(FRIDAY, target))
    happens(
        ticket,
        merged_at,
        EventKind.MERGED_FROM,
        first_contact_at=anchor,
        unanswered_at=anchor,
    )
    assert ticket.first_contact_at == ticket.unanswered_at == anchor
    for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION):
        clock = live(ticket, metric)
        assert clock.started_at == anchor
        assert clock.used(merged_at) == calendar.elapsed(anchor, merged_at)
        assert clock.due_at == max(calendar.add(anchor, target), merged_at)


@laws
@given(calendars, spans, GAPS)
def test_a_merge_with_a_younger_ticket_changes_no_deadline(
    name: str | None, target: int, younger: int
) -> None:
    ticket = ticket_under(target, name)
    happens(ticket, FRIDAY, EventKind.CONTACT_MESSAGE)
    before = [one.due_at for one in ticket.clocks]
    at = FRIDAY + younger
    assume(all(due_at is None or at <= due_at for due_at in before))
    anchors = {"first_contact_at": at, "unanswered_at": at}
    happens(ticket, at, EventKind.MERGED_FROM, **anchors)
    assert [one.due_at for one in ticket.clocks] == before
    assert ticket.unanswered_at == FRIDAY


@laws
@given(calendars, st.tuples(spans, spans), GAPS, GAPS, st.booleans())
def test_a_reopened_ticket_goes_on_against_today_s_target(
    name: str | None, targets: tuple[int, int], worked: int, rested: int, is_spoken: bool
) -> None:
    target, urgent = targets
    calendar = ALWAYS if name is None else CALENDARS[name]
    ticket = ticket_under(target, name, urgent=urgent)
    happens(ticket, FRIDAY, EventKind.CONTACT_MESSAGE)
    resolved_at, reopened_at = FRIDAY + worked, FRIDAY + worked + rested
    assume(resolved_at <= calendar.add(FRIDAY, target))
    becomes(ticket, resolved_at, "resolved")
    happens(ticket, resolved_at, EventKind.PRIORITY, priority="urgent")
    if is_spoken:
        happens(ticket, reopened_at, EventKind.CONTACT_MESSAGE)
    else:
        becomes(ticket, reopened_at, "open")
    clock = live(ticket, Metric.RESOLUTION)
    consumed = calendar.elapsed(FRIDAY, resolved_at)
    left = max(urgent - consumed, 0)
    assert (clock.cycle, clock.consumed, clock.target) == (0, consumed, urgent)
    assert clock.due_at == calendar.add(reopened_at, left)
    assert clock.stopped_at is None


@laws
@given(calendars, spans, GAPS, GAPS)
def test_or_it_starts_again_where_the_policy_says_so(
    name: str | None, target: int, worked: int, rested: int
) -> None:
    calendar = ALWAYS if name is None else CALENDARS[name]
    ticket = ticket_under(target, name, reopening=Reopening.RESTART)
    happens(ticket, FRIDAY, EventKind.CONTACT_MESSAGE)
    becomes(ticket, FRIDAY + worked, "resolved")
    first = ticket.clocks[0]
    ended = (first.state, first.consumed, first.stopped_at)
    again = FRIDAY + worked + rested
    happens(ticket, again, EventKind.CONTACT_MESSAGE)
    clock = live(ticket, Metric.RESOLUTION)
    assert (clock.cycle, clock.started_at, clock.consumed) == (1, again, 0)
    assert clock.due_at == calendar.add(again, target)
    assert (first.state, first.consumed, first.stopped_at) == ended


_SAYS = st.sampled_from([EventKind.CONTACT_MESSAGE, EventKind.AGENT_MESSAGE, EventKind.BOT_MESSAGE])


@laws
@given(calendars, st.lists(st.tuples(_SAYS, GAPS), max_size=20))
def test_each_run_of_unanswered_messages_has_one_clock(
    name: str | None, said: list[tuple[EventKind, int]]
) -> None:
    ticket, at = ticket_under(20 * MINUTE, name), FRIDAY
    expected: list[list[int | None]] = []
    for kind, gap in said:
        at += gap
        happens(ticket, at, kind)
        is_waiting = bool(expected) and expected[-1][1] is None
        if kind is EventKind.CONTACT_MESSAGE and not is_waiting:
            expected.append([at, None])
        elif kind is EventKind.AGENT_MESSAGE and is_waiting:
            expected[-1][1] = at
    responses = [
        one for one in ticket.clocks if one.metric in {Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE}
    ]
    assert [[one.started_at, one.stopped_at] for one in responses] == expected
    asked = [kind for kind, _ in said if kind is not EventKind.BOT_MESSAGE]
    is_first = bool(asked) and asked[0] is EventKind.CONTACT_MESSAGE
    for place, one in enumerate(responses):
        wanted = Metric.FIRST_RESPONSE if is_first and place == 0 else Metric.NEXT_RESPONSE
        assert one.metric is wanted


@laws
@given(calendars, st.lists(spans, min_size=1, max_size=3))
def test_an_unanswered_message_moves_up_the_chain_when_each_tier_s_patience_ends(
    name: str | None, patience: list[int]
) -> None:
    calendar = ALWAYS if name is None else CALENDARS[name]
    chain = tuple(map(Step, ("bot", "agent", "senior"), patience))
    ticket = ticket_under(10**15, name, chain=chain)
    happens(ticket, FRIDAY, EventKind.CONTACT_MESSAGE)
    ticket.advance(FRIDAY + 365 * 24 * HOUR)
    climbed = [one for one in ticket.effects if one.metric is Metric.ESCALATION]
    assert [one.at for one in climbed] == list(accumulate(patience, calendar.add, initial=FRIDAY))[
        1:
    ]
    assert {one.kind for one in climbed} == {BREACHED}
    tiers = [*(step.tier for step in chain), None]
    assert [(one.tier, one.next_tier) for one in climbed] == [*pairwise(tiers)]
    assert [one.cycle for one in climbed] == list(range(len(chain)))


@laws
@given(calendars, spans, GAPS)
def test_a_promise_of_people_starts_at_the_handoff(name: str | None, target: int, gap: int) -> None:
    calendar = ALWAYS if name is None else CALENDARS[name]
    ticket = ticket_under(target, name, starts=Starts.HANDOFF)
    happens(ticket, FRIDAY, EventKind.CONTACT_MESSAGE)
    assert ticket.live(Metric.FIRST_RESPONSE) is None
    happens(ticket, FRIDAY + gap, EventKind.ASSIGNMENT, tier="agent")
    clock = live(ticket, Metric.FIRST_RESPONSE)
    assert (clock.started_at, clock.due_at) == (
        FRIDAY + gap,
        calendar.add(FRIDAY + gap, target),
    )

"""What holds of business time for every calendar, and what slower ways of counting agree on."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours, State

from sla_service.sla.business_time import BusinessTime, Hours, Shifts
from sla_service.sla.instants import HOUR, MINUTE, instant, moment
from tests.sla_service.sla.walking import Walk

DAY = 24 * HOUR
# Each zone with a change of its clocks: to hours that are never, or that are twice.
CHANGES = [
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2026, 11, 1, tzinfo=UTC)),
    ("Europe/Lisbon", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Lisbon", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2025, 3, 9, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2025, 11, 2, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2025, 4, 5, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2025, 10, 4, 15, 30, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2025, 2, 23, 2, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2025, 4, 6, 2, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(1985, 12, 31, 18, 30, tzinfo=UTC)),
    ("America/St_Johns", datetime(2010, 3, 14, 3, 31, tzinfo=UTC)),
    ("America/St_Johns", datetime(2010, 11, 7, 2, 31, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
]
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

half_hours = st.integers(0, 48).map(lambda n: n * 30)
shift = st.tuples(st.integers(0, 47).map(lambda n: n * 30), half_hours) | st.tuples(
    st.integers(0, 1439), st.integers(0, 1440)
)
shifts = st.lists(shift, min_size=1, max_size=3).map(tuple)
daytime = st.lists(half_hours, min_size=2, max_size=6, unique=True).map(
    lambda times: tuple(zip(*[iter(sorted(times))] * 2, strict=False))
)
spans = st.integers(0, 60 * HOUR) | st.integers(0, 60 * 60).map(lambda n: n * MINUTE)


@st.composite
def near(draw: st.DrawFn, about: datetime) -> int:
    """An instant within some days of a change, often on a whole minute."""
    minutes = draw(st.integers(-4 * 1440, 4 * 1440))
    off = draw(st.just(0) | st.integers(0, MINUTE - 1))
    return instant(about) + minutes * MINUTE + off


@st.composite
def cases(draw: st.DrawFn, weekly: st.SearchStrategy[Shifts] = shifts) -> tuple[Hours, datetime]:
    """Hours somewhere, and an instant at which the clocks there change."""
    zone, about = draw(st.sampled_from(CHANGES))
    dates = st.integers(-5, 5).map(lambda n: about.date() + timedelta(days=n))
    hours = Hours(
        time_zone=zone,
        weekly=draw(st.dictionaries(st.integers(0, 6), weekly, min_size=1, max_size=7)),
        closed=draw(st.frozensets(dates, max_size=3)),
        special=draw(st.dictionaries(dates, weekly, max_size=2)),
        always_open=draw(st.sampled_from([False, False, False, True])),
    )
    return hours, about


@settings(max_examples=150, deadline=None)
@given(st.data(), cases())
def test_a_walk_over_every_minute_counts_the_same(
    data: st.DataObject, case: tuple[Hours, datetime]
) -> None:
    hours, about = case
    start, end = sorted(data.draw(near(about)) for _ in "ab")
    span = data.draw(spans)
    fast, slow = BusinessTime(hours), Walk(hours)
    assert fast.elapsed(start, end) == slow.elapsed(start, end)
    assert fast.is_open(start) == slow.is_open(start)
    until = start + 5 * DAY
    found = slow.add(start, span, until=until)
    if found is None:
        assert fast.elapsed(start, until) < span
    else:
        assert fast.add(start, span) == found


@settings(max_examples=150, deadline=None)
@given(st.data(), cases(daytime))
def test_another_library_sees_the_same_opening_hours(
    data: st.DataObject, case: tuple[Hours, datetime]
) -> None:
    hours, about = case
    start, end = sorted(data.draw(near(about)) for _ in "ab")
    assume(not _turns_in_a_repeated_hour(hours, about))  # it takes the second of the two
    assert BusinessTime(hours).elapsed(start, end) == _by_opening_hours(hours, start, end)


@settings(max_examples=100, deadline=None)
@given(st.data(), cases())
def test_another_library_sees_the_same_night_shifts(
    data: st.DataObject, case: tuple[Hours, datetime]
) -> None:
    about = case[1]
    hours = Hours(case[0].time_zone, case[0].weekly)  # of a night cut short it thinks otherwise
    start, end = sorted(data.draw(near(about)) for _ in "ab")
    assume(not _turns_in_a_repeated_hour(hours, about))  # it takes the second of the two
    assert BusinessTime(hours).elapsed(start, end) == _by_opening_hours(hours, start, end)


@settings(max_examples=300, deadline=None)
@given(st.data(), cases())
def test_elapsed_time_adds_up_and_is_no_more_than_real_time(
    data: st.DataObject, case: tuple[Hours, datetime]
) -> None:
    hours, about = case
    a, b, c = sorted(data.draw(near(about)) for _ in "abc")
    count = BusinessTime(hours)
    assert count.elapsed(a, c) == count.elapsed(a, b) + count.elapsed(b, c)
    assert 0 <= count.elapsed(a, b) <= b - a
    assert count.elapsed(b, a) == 0


@settings(max_examples=300, deadline=None)
@given(st.data(), cases(), spans, spans)
def test_adding_gives_the_earliest_instant_and_can_be_done_in_steps(
    data: st.DataObject, case: tuple[Hours, datetime], span: int, more: int
) -> None:
    hours, about = case
    start, later = sorted(data.draw(near(about)) for _ in "ab")
    count = BusinessTime(hours)
    due = count.add(start, span)
    assert due >= start
    assert count.elapsed(start, due) == span
    if span:
        assert count.elapsed(start, due - 1) == span - 1
    assert count.add(due, more) == count.add(start, span + more) or not more
    assert count.add(start, span + more) >= due
    assert count.add(later, span) >= due


@settings(max_examples=100, deadline=None)
@given(st.data(), cases())
def test_the_next_open_instant_is_open_and_nothing_before_it_is(
    data: st.DataObject, case: tuple[Hours, datetime]
) -> None:
    hours, about = case
    at = data.draw(near(about))
    count = BusinessTime(hours)
    opening = count.next_open(at)
    assert count.is_open(opening)
    assert count.elapsed(at, opening) == 0
    assert (opening == at) == count.is_open(at)


@settings(max_examples=60, deadline=None)
@given(st.data(), cases())
def test_what_was_asked_before_changes_no_answer(
    data: st.DataObject, case: tuple[Hours, datetime]
) -> None:
    hours, about = case
    used = BusinessTime(hours)
    far = st.integers(-3 * 366, 3 * 366).map(lambda n: instant(about) + n * DAY)
    for _ in range(4):
        start, span = data.draw(far), data.draw(spans)
        assert used.add(start, span) == BusinessTime(hours).add(start, span)
        end = start + data.draw(st.integers(0, 1000)) * DAY
        assert used.elapsed(start, end) == BusinessTime(hours).elapsed(start, end)


def _turns_in_a_repeated_hour(hours: Hours, about: datetime) -> bool:
    """Whether a shift begins or ends at a time that the zone has twice."""
    zone = ZoneInfo(hours.time_zone)
    for off in range(-2, 2):
        day = about.date() + timedelta(days=off)
        midnight = datetime.combine(day, time(), zone)
        for minute in chain.from_iterable(
            (opens, closes + (1440 if closes <= opens else 0))
            for opens, closes in hours.beginning_on(day)
        ):
            local = midnight + timedelta(minutes=minute)
            first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
            if first > second:
                return True
    return False


def _by_opening_hours(hours: Hours, start: int, end: int) -> int:
    zone = ZoneInfo(hours.time_zone)
    opening = OpeningHours(_expression(hours), timezone=zone, auto_country=False)
    # Asked for more: it takes the ends of its window for times on a wall, not instants.
    wide = (
        datetime.combine(moment(at + off), time(12), zone)
        for at, off in ((start, -10 * DAY), (end, 10 * DAY))
    )
    return sum(
        max(0, min(instant(till), end) - max(instant(since), start))
        for since, till, state, _ in opening.intervals(*wide)
        if state == State.OPEN
    )


def _expression(hours: Hours) -> str:
    rules = (
        ["24/7"]
        if hours.always_open
        else [
            f"{_WEEKDAYS[day]} {opens // 60:02}:{opens % 60:02}-{_closing(opens, closes)}"
            for day, shifts in hours.weekly.items()
            for opens, closes in shifts
        ]
    )
    return " ; ".join([", ".join(rules), *_exceptions(hours)])


def _exceptions(hours: Hours) -> list[str]:
    special = [
        f"{_day(day)} "
        + ",".join(
            f"{opens // 60:02}:{opens % 60:02}-{_closing(opens, closes)}" for opens, closes in one
        )
        for day, one in hours.special.items()
    ]
    return [*special, *(f"{_day(day)} off" for day in hours.closed)]


def _closing(opens: int, closes: int) -> str:
    closes += 1440 if closes <= opens else 0
    return f"{closes // 60:02}:{closes % 60:02}"


def _day(day: date) -> str:
    return f"{day:%Y %b %d}"

"""Deadlines worked out by hand: lunch breaks, nights, holidays, and clocks put on or back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sla_service.sla.business_time import BusinessTime, Hours, NeverOpen, Shifts, TooFar
from sla_service.sla.instants import HOUR, MINUTE, instant, micros, moment

SAO_PAULO, NEW_YORK = "America/Sao_Paulo", "America/New_York"
LORD_HOWE, ST_JOHNS = "Australia/Lord_Howe", "America/St_Johns"
WORKDAYS, EVERY_DAY, SATURDAY, SUNDAY = range(5), range(7), (5,), (6,)


def _at(text: str) -> int:
    return instant(datetime.fromisoformat(text))


def _shifts(text: str) -> Shifts:
    """`08:00-12:00 13:00-18:00` in minutes."""
    pairs = (part.split("-") for part in text.split())
    return tuple((_minute(opens), _minute(closes)) for opens, closes in pairs)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _open(
    zone: str,
    days: "range | tuple[int, ...]",
    shifts: str,
    *,
    closed: tuple[str, ...] = (),
    special: dict[str, str] | None = None,
) -> Hours:
    return Hours(
        time_zone=zone,
        weekly=dict.fromkeys(days, _shifts(shifts)),
        closed=frozenset(map(date.fromisoformat, closed)),
        special={date.fromisoformat(k): _shifts(v) for k, v in (special or {}).items()},
    )


def _always(zone: str, *closed: str) -> Hours:
    return Hours(zone, closed=frozenset(map(date.fromisoformat, closed)), always_open=True)


SHOP = _open(SAO_PAULO, WORKDAYS, "08:00-12:00 13:00-18:00", closed=("2026-10-12",))
NIGHTS = _open(SAO_PAULO, EVERY_DAY, "22:00-06:00")
CHRISTMAS = _open(SAO_PAULO, EVERY_DAY, "22:00-06:00", closed=("2026-12-25",))
YEAR_END = _open(
    SAO_PAULO,
    WORKDAYS,
    "08:00-12:00 13:00-18:00",
    closed=("2026-12-25", "2027-01-01"),
    special={"2026-12-31": "09:00-12:00", "2026-12-20": "10:00-14:00"},
)
NIGHTS_AND_A_MORNING = _open(
    SAO_PAULO, EVERY_DAY, "22:00-06:00", special={"2026-12-31": "09:00-12:00"}
)
INVENTORY = _open(SAO_PAULO, WORKDAYS, "08:00-18:00", special={"2026-10-17": "22:00-02:00"})
OLD_SHOP = _open(SAO_PAULO, WORKDAYS, "09:00-18:00")
SATURDAY_NIGHT = _open(SAO_PAULO, SATURDAY, "22:00-06:00")

TABLES = [
    (
        SHOP,
        """
        2026-10-09T17:50-03:00 |   30 | 2026-10-13T08:20-03:00 | over a weekend and a holiday
        2026-10-14T11:50-03:00 |   30 | 2026-10-14T13:20-03:00 | over lunch
        2026-10-14T12:30-03:00 |   10 | 2026-10-14T13:10-03:00 | asked at lunch
        2026-10-14T11:30-03:00 |   30 | 2026-10-14T12:00-03:00 | just before lunch
        2026-10-14T17:00-03:00 |   60 | 2026-10-14T18:00-03:00 | just at closing
        2026-10-14T18:00-03:00 |    1 | 2026-10-15T08:01-03:00 | asked at closing
        2026-10-14T05:00-03:00 |  240 | 2026-10-14T12:00-03:00 | asked before opening
        2026-10-17T15:00-03:00 |  540 | 2026-10-19T18:00-03:00 | asked on a Saturday
        2026-10-19T08:00-03:00 | 2700 | 2026-10-23T18:00-03:00 | a working week
        2026-10-14T23:50+09:00 |   30 | 2026-10-14T13:20-03:00 | asked in another zone
        2026-10-17T15:00-03:00 |    0 | 2026-10-17T15:00-03:00 | no time at all
        """,
    ),
    (
        NIGHTS,
        """
        2026-10-14T23:00-03:00 |  420 | 2026-10-15T06:00-03:00 | a night
        2026-10-15T05:30-03:00 |   60 | 2026-10-15T22:30-03:00 | asked in the night's second half
        """,
    ),
    # A closed date ends the night before at midnight, and its own night doesn't begin.
    (
        CHRISTMAS,
        """
        2026-12-24T23:00-03:00 |   60 | 2026-12-25T00:00-03:00 | until a closed date
        2026-12-24T23:00-03:00 |  180 | 2026-12-27T00:00-03:00 | over a closed date
        """,
    ),
    (
        YEAR_END,
        """
        2026-12-31T11:30-03:00 |   60 | 2027-01-04T08:30-03:00 | a short day
        2026-12-19T12:00-03:00 |   60 | 2026-12-20T11:00-03:00 | a special Sunday
        2026-12-24T17:00-03:00 |   90 | 2026-12-28T08:30-03:00 | over Christmas
        """,
    ),
    (
        NIGHTS_AND_A_MORNING,
        """
        2026-12-30T22:00-03:00 |  540 | 2026-12-31T10:00-03:00 | the night before goes on
        2026-12-30T22:00-03:00 |  720 | 2027-01-01T23:00-03:00 | and there is no second night
        """,
    ),
    (
        INVENTORY,
        """
        2026-10-16T17:00-03:00 |  240 | 2026-10-18T01:00-03:00 | a special night
        """,
    ),
    (
        _open(SAO_PAULO, WORKDAYS, "12:00-18:00 08:00-14:00"),
        """
        2026-10-14T08:00-03:00 |  600 | 2026-10-14T18:00-03:00 | overlapping shifts
        """,
    ),
    (
        _open(SAO_PAULO, WORKDAYS, "08:00-12:00 12:00-16:00"),
        """
        2026-10-14T11:00-03:00 |  120 | 2026-10-14T13:00-03:00 | shifts that touch
        """,
    ),
    (
        _open(SAO_PAULO, WORKDAYS, "08:00-18:00 10:00-11:00"),
        """
        2026-10-14T08:00-03:00 |  600 | 2026-10-14T18:00-03:00 | a shift within another
        """,
    ),
    (
        _open(SAO_PAULO, SATURDAY, "09:00-09:00"),
        """
        2026-10-17T08:00-03:00 | 1440 | 2026-10-18T09:00-03:00 | a shift of 24 hours
        """,
    ),
    (
        _open(SAO_PAULO, (5, 6), "00:00-24:00"),
        """
        2026-10-16T12:00-03:00 | 2880 | 2026-10-19T00:00-03:00 | midnight to midnight
        """,
    ),
    (
        _open(SAO_PAULO, EVERY_DAY, "00:00-24:00"),
        """
        2026-12-31T12:00-03:00 | 1440 | 2027-01-01T12:00-03:00 | over new year
        """,
    ),
    (
        _always(SAO_PAULO, "2026-12-25"),
        """
        2026-12-24T23:00-03:00 |   60 | 2026-12-25T00:00-03:00 | always open
        2026-12-24T23:00-03:00 |  120 | 2026-12-26T01:00-03:00 | always open but closed
        """,
    ),
    # São Paulo put its clocks on at midnight of 4 November 2018, and back at that of 17 February.
    (
        OLD_SHOP,
        """
        2018-11-02T17:00-03:00 |  120 | 2018-11-05T10:00-02:00 | a weekend with a change
        2019-02-15T17:00-02:00 |  120 | 2019-02-18T10:00-03:00 | a weekend with a change back
        """,
    ),
    (
        SATURDAY_NIGHT,
        """
        2018-11-03T22:00-03:00 |  420 | 2018-11-04T06:00-02:00 | a night of seven hours
        2019-02-16T22:00-02:00 |  540 | 2019-02-17T06:00-03:00 | a night of nine hours
        2019-02-16T22:00-02:00 |  150 | 2019-02-16T23:30-03:00 | in the hour again
        2019-02-16T23:30-03:00 |   60 | 2019-02-17T00:30-03:00 | asked in the hour again
        2019-11-02T22:00-03:00 |  480 | 2019-11-03T06:00-03:00 | no change any more
        """,
    ),
    (
        _always(SAO_PAULO, "2019-02-16"),
        """
        2019-02-15T23:00-02:00 |   61 | 2019-02-17T00:01-03:00 | a closed date of 25 hours
        """,
    ),
    (
        _always(SAO_PAULO, "2018-11-04"),
        """
        2018-11-03T23:00-03:00 |   61 | 2018-11-05T00:01-02:00 | a closed date of 23 hours
        """,
    ),
    # New York: from 02:00 to 03:00 on 9 March 2025, from 02:00 to 01:00 on 2 November.
    (
        _open(NEW_YORK, SUNDAY, "01:00-04:00"),
        """
        2025-03-09T00:00-05:00 |  120 | 2025-03-09T04:00-04:00 | over a skipped hour
        2025-03-09T00:00-05:00 |   60 | 2025-03-09T03:00-04:00 | until a skipped hour
        """,
    ),
    (
        _open(NEW_YORK, SUNDAY, "02:30-05:00"),
        """
        2025-03-09T00:00-05:00 |   60 | 2025-03-09T04:00-04:00 | opens in a skipped hour
        """,
    ),
    (
        _open(NEW_YORK, SUNDAY, "00:00-02:30"),
        """
        2025-03-09T00:00-05:00 |  121 | 2025-03-16T00:01-04:00 | closes in a skipped hour
        """,
    ),
    (
        _open(NEW_YORK, SUNDAY, "02:10-02:40"),
        """
        2025-03-09T00:00-05:00 |   30 | 2025-03-16T02:40-04:00 | all in a skipped hour
        """,
    ),
    (
        _open(NEW_YORK, SUNDAY, "00:00-04:00"),
        """
        2025-11-02T00:00-04:00 |  300 | 2025-11-02T04:00-05:00 | over an hour twice
        """,
    ),
    (
        _open(NEW_YORK, SUNDAY, "00:00-01:30"),
        """
        2025-11-02T00:00-04:00 |   91 | 2025-11-09T00:01-05:00 | closes in an hour twice
        """,
    ),
    (
        _open(NEW_YORK, SUNDAY, "01:30-03:00"),
        """
        2025-11-02T00:00-04:00 |  150 | 2025-11-02T03:00-05:00 | opens in an hour twice
        """,
    ),
    # Half an hour, a quarter, a change at one minute past midnight, a day left out.
    (
        _open(LORD_HOWE, SUNDAY, "00:00-04:00"),
        """
        2025-04-06T00:00+11:00 |  270 | 2025-04-06T04:00+10:30 | half an hour more
        2025-10-05T00:00+10:30 |  210 | 2025-10-05T04:00+11:00 | half an hour less
        """,
    ),
    (
        _open("Asia/Kathmandu", (1,), "22:00-06:00"),
        """
        1985-12-31T22:00+05:30 |  465 | 1986-01-01T06:00+05:45 | a quarter less
        """,
    ),
    (
        _open(ST_JOHNS, SATURDAY, "22:00-02:00"),
        """
        2010-11-06T22:00-02:30 |  300 | 2010-11-07T02:00-03:30 | a midnight twice
        """,
    ),
    (
        _always("Pacific/Apia", "2011-12-30"),
        """
        2011-12-29T23:00-10:00 |  120 | 2011-12-31T01:00+14:00 | a day left out
        """,
    ),
]
DEADLINES = [
    pytest.param(hours, *cells[:3], id=cells[3])
    for hours, table in TABLES
    for cells in ([cell.strip() for cell in line.split("|")] for line in table.split("\n"))
    if len(cells) == 4
]


@pytest.mark.parametrize(("hours", "start", "minutes", "due"), DEADLINES)
def test_a_deadline_is_what_the_hand_works_out(
    hours: Hours, start: str, minutes: str, due: str
) -> None:
    count = BusinessTime(hours)
    found = count.add(_at(start), int(minutes) * MINUTE)
    assert moment(found) == datetime.fromisoformat(due)
    assert count.elapsed(_at(start), found) == int(minutes) * MINUTE


def test_a_microsecond_is_not_lost() -> None:
    count = BusinessTime(SHOP)
    start = _at("2026-10-14T11:59:59.999999-03:00")
    assert count.add(start, 1) == _at("2026-10-14T12:00-03:00")
    assert count.add(start, 2) == _at("2026-10-14T13:00:00.000001-03:00")
    assert count.elapsed(start, _at("2026-10-14T13:00:00.000001-03:00")) == 2


def test_the_desk_is_open_at_opening_and_not_at_closing() -> None:
    count = BusinessTime(SHOP)
    assert count.is_open(_at("2026-10-14T08:00-03:00"))
    assert not count.is_open(_at("2026-10-14T12:00-03:00"))
    assert count.next_open(_at("2026-10-14T12:00-03:00")) == _at("2026-10-14T13:00-03:00")
    assert count.next_open(_at("2026-10-09T18:00-03:00")) == _at("2026-10-13T08:00-03:00")
    assert count.next_open(_at("2026-10-14T09:30-03:00")) == _at("2026-10-14T09:30-03:00")


def test_years_of_business_time_are_counted_from_either_end() -> None:
    count = BusinessTime(OLD_SHOP)
    year = _at("2027-01-01T00:00-03:00")
    assert count.elapsed(year, _at("2028-01-01T00:00-03:00")) == 261 * 9 * HOUR
    assert count.elapsed(_at("2024-01-01T00:00-03:00"), year) == (262 + 261 + 261) * 9 * HOUR
    assert count.add(year, 261 * 9 * HOUR) == _at("2027-12-31T18:00-03:00")


NOT_EVEN_ONCE = {
    "nothing": Hours(SAO_PAULO),
    "an empty day": Hours(SAO_PAULO, {0: ()}),
    "special dates only": Hours(SAO_PAULO, special={date(2026, 10, 12): ((540, 600),)}),
    "every date of a year closed": Hours(
        SAO_PAULO,
        always_open=True,
        closed=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(365)),
    ),
    "every Monday of a year closed": Hours(
        SAO_PAULO,
        {0: ((540, 1080),)},
        closed=frozenset(date(2026, 1, 5) + timedelta(weeks=n) for n in range(52)),
    ),
    "every Monday of a year without hours": Hours(
        SAO_PAULO,
        {0: ((540, 1080),)},
        special={date(2026, 1, 5) + timedelta(weeks=n): () for n in range(52)},
    ),
}


@pytest.mark.parametrize("hours", NOT_EVEN_ONCE.values(), ids=NOT_EVEN_ONCE.keys())
def test_a_calendar_without_open_time_in_a_year_is_refused(hours: Hours) -> None:
    with pytest.raises(NeverOpen, match="no open time within a year"):
        BusinessTime(hours)


def test_a_long_rest_is_no_reason_to_refuse() -> None:
    winter = frozenset(date(2026, 6, 1) + timedelta(days=n) for n in range(300))
    count = BusinessTime(Hours(SAO_PAULO, {0: ((540, 1080),)}, closed=winter))
    assert count.add(_at("2026-05-25T17:00-03:00"), 2 * HOUR) == _at("2027-03-29T10:00-03:00")


def test_what_is_too_far_away_is_refused() -> None:
    count = BusinessTime(SHOP)
    now = _at("2026-10-14T12:00-03:00")
    with pytest.raises(TooFar):
        count.elapsed(instant(datetime(1800, 1, 1, tzinfo=UTC)), now)
    with pytest.raises(TooFar):
        count.add(now, micros(timedelta(days=400_000)))

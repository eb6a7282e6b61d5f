"""Calendars as a manager writes them: what they mean, and what is wrong with them."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sla_service.sla import calendars, marked_yaml
from sla_service.sla.business_time import BusinessTime, Hours
from sla_service.sla.calendars import CalendarDocument
from sla_service.sla.instants import MINUTE, instant, moment

ZONE = "America/Sao_Paulo"
NINE_TO_SIX = ((540, 1080),)
SHOP: dict[str, Any] = {
    "time_zone": ZONE,
    "hours": {"mon-fri": ["08:00-12:00", "13:00-18:00"]},
    "holidays": {"country": "BR", "subdivision": "SP", "years": [2026, 2027]},
}


def _hours(**parts: Any) -> Hours:
    return calendars.read({"time_zone": ZONE, **parts})


def _open_on(days: str) -> set[int]:
    return set(_hours(hours={days: "09:00-18:00"}).weekly)


def test_days_are_named_alone_in_lists_and_from_one_to_another() -> None:
    assert _open_on("wed") == {2}
    assert _open_on("mon-fri") == {0, 1, 2, 3, 4}
    assert _open_on("mon,wed, fri") == {0, 2, 4}
    assert _open_on("tue-thu,sat") == {1, 2, 3, 5}
    assert _open_on("sat-mon") == {5, 6, 0}
    assert _open_on("Mon-Sun") == {0, 1, 2, 3, 4, 5, 6}


def test_shifts_are_minutes_of_the_local_day() -> None:
    written = {"mon": ["08:00-12:00", "13:00-18:00"], "tue": "9:00-18:00", "wed": "22:00-06:00"}
    read = _hours(hours={**written, "thu": "00:00-24:00", "fri": "08:00-12:00, 13:00-18:00"})
    assert read.weekly == {
        0: ((480, 720), (780, 1080)),
        1: NINE_TO_SIX,
        2: ((1320, 360),),
        3: ((0, 1440),),
        4: ((480, 720), (780, 1080)),
    }


def test_a_holiday_that_makes_a_long_weekend_moves_the_deadline() -> None:
    count = BusinessTime(calendars.read(SHOP))
    friday = instant(datetime.fromisoformat("2026-10-09T17:50-03:00"))
    due = moment(count.add(friday, 30 * MINUTE))
    assert due == datetime.fromisoformat("2026-10-13T08:20-03:00")


def test_freezing_writes_the_holidays_out_with_their_names() -> None:
    frozen = calendars.freeze(CalendarDocument.model_validate(SHOP))
    assert frozen.holidays is None
    assert frozen.closed[date(2026, 10, 12)] == "Nossa Senhora Aparecida"
    assert frozen.closed[date(2027, 7, 9)] == "Revolução Constitucionalista"
    assert list(frozen.closed) == sorted(frozen.closed)
    assert calendars.freeze(frozen) == frozen
    assert calendars.read(frozen) == calendars.read(SHOP)


def test_what_the_shop_says_of_a_date_goes_before_a_holiday() -> None:
    document = CalendarDocument.model_validate(
        {
            **SHOP,
            "open": ["2026-11-20"],
            "special": {"2026-12-25": ["09:00-12:00"]},
            "closed": {"2026-10-12": "Dia das Crianças", "2026-02-17": "Carnaval"},
        }
    )
    frozen = calendars.freeze(document)
    assert date(2026, 11, 20) not in frozen.closed
    assert date(2026, 12, 25) not in frozen.closed
    assert frozen.closed[date(2026, 10, 12)] == "Dia das Crianças"
    assert frozen.closed[date(2026, 2, 17)] == "Carnaval"
    assert calendars.read(document).special == {date(2026, 12, 25): ((540, 720),)}


def test_closed_dates_may_do_without_a_reason() -> None:
    for closed in (["2026-12-24"], {"2026-12-24": None}, {"2026-12-24": "Véspera"}):
        read = _hours(always_open=True, closed=closed)
        assert read.closed == {date(2026, 12, 24)}


def test_a_calendar_as_plain_data_is_the_same_calendar() -> None:
    document = CalendarDocument.model_validate(
        {**SHOP, "special": {"2026-12-31": ["09:00-12:00"]}, "closed": ["2026-12-24"]}
    )
    for one in (document, calendars.freeze(document)):
        assert CalendarDocument.model_validate(one.model_dump(mode="json")) == one


shifts = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(0, 1440)), min_size=1, max_size=3
).map(tuple)
dates = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(
    st.dictionaries(st.integers(0, 6), shifts, min_size=1),
    st.frozensets(dates, max_size=4),
    st.dictionaries(dates, shifts, max_size=3),
    st.booleans(),
)
def test_hours_can_be_written_down_and_read_again(
    weekly: dict[int, Any], closed: frozenset[date], special: dict[date, Any], always: bool
) -> None:
    special = {day: one for day, one in special.items() if day not in closed}
    hours = Hours(ZONE, {} if always else weekly, closed, special, always)
    assert calendars.read(calendars.write(hours)) == hours


def test_days_with_the_same_hours_are_written_together() -> None:
    hours = Hours(ZONE, {**dict.fromkeys(range(5), NINE_TO_SIX), 5: ((540, 780),)})
    assert calendars.write(hours).hours == {"mon-fri": ("09:00-18:00",), "sat": ("09:00-13:00",)}


def test_the_examples_in_the_documentation_are_calendars() -> None:
    page = (Path(__file__).parents[3] / "docs" / "calendars.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        marked = marked_yaml.read(example)
        assert not marked.problems
        assert BusinessTime(calendars.read(marked.data)).add(0, MINUTE) > 0


OPEN = {"mon-fri": ["09:00-18:00"]}
WRONG = [
    ({"time_zone": "America/Sao_Paul", "hours": OPEN}, ("time_zone",), "no time zone"),
    ({"time_zone": "America", "hours": OPEN}, ("time_zone",), "no time zone"),
    ({"time_zone": "../etc/passwd", "hours": OPEN}, ("time_zone",), "no time zone"),
    ({"hours": OPEN}, ("time_zone",), "required"),
    ({"hours": {"monday": "09:00-18:00"}}, ("hours", "monday", "[key]"), "mean `mon`"),
    ({"hours": {"mon-": "09:00-25:00"}}, ("hours", "mon-", 0), "from 00:00 to 24:00"),
    ({"hours": {"mon": ["09:00-17:60"]}}, ("hours", "mon", 0), "from 00:00 to 24:00"),
    ({"hours": {"mon": ["24:00-06:00"]}}, ("hours", "mon", 0), "from 00:00 to 24:00"),
    ({"hours": {"mon": ["9-18"]}}, ("hours", "mon", 0), "write one like `09:00-18:00`"),
    ({"hours": {"mon": []}}, ("hours", "mon"), "at least one shift"),
    ({"hours": {"mon-fri": "9:00-18:00", "fri": "9:00-13:00"}}, ("hours",), "each day once"),
    ({"hours": {}}, (), "here is neither"),
    ({"hours": OPEN, "always_open": True}, (), "here is both"),
    ({"hours": OPEN, "closed": ["2026-02-30"]}, ("closed", "2026-02-30", "[key]"), "no such day"),
    ({"hours": OPEN, "closed": ["24/12/2026"]}, ("closed", "24/12/2026", "[key]"), "2026-12-24"),
    ({"hours": OPEN, "closed": ["20261224"]}, ("closed", "20261224", "[key]"), "2026-12-24"),
    ({"hours": OPEN, "open": [1798070400]}, ("open", 0), "Write a date"),
    ({"hours": OPEN, "open": ["1824-09-07"]}, ("open", 0), "from 1900 to 2199"),
    (
        {"hours": OPEN, "closed": ["2026-12-31"], "special": {"2026-12-31": "9:00-12:00"}},
        ("special",),
        "2026-12-31 is in `closed` and in `special`",
    ),
    (
        {"hours": OPEN, "open": ["2026-12-31"], "closed": ["2026-12-31"]},
        ("closed",),
        "2026-12-31 is in `open` and in `closed`",
    ),
    (
        {"hours": OPEN, "holidays": {"country": "ZZ", "years": [2026, 2027]}},
        ("holidays",),
        "country `ZZ`",
    ),
    (
        {"hours": OPEN, "holidays": {"country": "BR", "subdivision": "XX", "years": [2026, 2027]}},
        ("holidays",),
        "subdivision `XX`",
    ),
    (
        {"hours": OPEN, "holidays": {"country": "BR", "years": [2027, 2026]}},
        ("holidays", "years"),
        "the first and the last year",
    ),
    ({"hours": OPEN, "lunch": "12:00-13:00"}, ("lunch",), "not permitted"),
    (
        {
            "hours": {"mon": "9:00-18:00"},
            "closed": [f"{date.fromordinal(739621 + 7 * n)}" for n in range(52)],
        },
        (),
        "no open time within a year",
    ),
]


@pytest.mark.parametrize(("document", "place", "sentence"), WRONG)
def test_a_mistake_is_told_where_it_is(
    document: dict[str, Any], place: tuple[str | int, ...], sentence: str
) -> None:
    if "time_zone" not in place:
        document = {"time_zone": ZONE, **document}
    with pytest.raises(ValidationError) as refused:
        CalendarDocument.model_validate(document)
    (only,) = refused.value.errors()
    assert only["loc"] == place
    assert sentence in only["msg"]

"""Lengths of time as managers write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_service.sla import durations
from sla_service.sla.durations import LONGEST, NotADuration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90 s", timedelta(seconds=90)),
        ("5 min", timedelta(minutes=5)),
        ("5min.", timedelta(minutes=5)),
        ("2 h", timedelta(hours=2)),
        ("1 d", timedelta(hours=24)),
        ("1h30", timedelta(minutes=90)),
        ("1 h 30 min", timedelta(minutes=90)),
        ("2 min 30", timedelta(seconds=150)),
        ("1 d 2 h 3 min 4 s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("1,5 h", timedelta(minutes=90)),
        ("0.25 s", timedelta(milliseconds=250)),
        ("10 minutos", timedelta(minutes=10)),
        ("1 Hora", timedelta(hours=1)),
        ("3 dias", timedelta(days=3)),
        ("PT30M", timedelta(minutes=30)),
        ("pt1h30m", timedelta(minutes=90)),
        ("P1DT12H", timedelta(hours=36)),
        ("P2W", timedelta(days=14)),
        ("PT0.5S", timedelta(milliseconds=500)),
    ],
)
def test_a_length_of_time_is_understood(text: str, expected: timedelta) -> None:
    assert durations.read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "5", "min", "5 lightyears", "30 min 1 h", "1 h 1 h", "1 s 5", "1 d 5", "18:00",
        "-5 min", "0 s", "PT0S", "P", "PT", "P1", "P1H", "PT1.2345678S", "0.0000001 s", "5 min!",
        "20000 d", "999999999999 d", "1..5 h", "٥ min", "1e3 s", "inf s",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotADuration):
        durations.read(text)


@given(st.timedeltas(min_value=timedelta(microseconds=1), max_value=LONGEST))
def test_what_is_written_is_read_as_the_same(duration: timedelta) -> None:
    assert durations.read(durations.write(duration)) == duration

"""Whether somebody is there, and when they will be."""

from datetime import date, datetime, time, timezone

import pytest

from order_system.stores import Hours, SpecialDay, Store

OPEN = (Hours(time(10), time(20)),)
SHOP = Store(
    ref="pinheiros",
    name={"pt": "Loja Pinheiros"},
    time_zone="America/Sao_Paulo",
    weekly={"wed": OPEN, "thu": OPEN, "fri": (Hours(time(18), time(0)),)},
    special={date(2026, 12, 24): SpecialDay((), {"pt": "véspera de Natal"})},
)


@pytest.mark.parametrize(
    ("day", "hour", "is_open"),
    [(25, 12, False), (25, 13, True), (25, 22, True), (25, 23, False), (29, 15, False)],
)
def test_it_is_open_in_its_own_zone(day: int, hour: int, is_open: bool) -> None:
    assert SHOP.is_open(datetime(2026, 11, day, hour, tzinfo=timezone.utc)) is is_open


def test_midnight_is_the_end_of_the_day() -> None:
    assert SHOP.is_open(datetime(2026, 11, 28, 2, 59, tzinfo=timezone.utc))
    assert not SHOP.is_open(datetime(2026, 11, 28, 3, 0, tzinfo=timezone.utc))


def test_a_special_day_comes_before_the_week() -> None:
    assert SHOP.hours_on(date(2026, 12, 17)) == OPEN
    assert SHOP.hours_on(date(2026, 12, 24)) == ()


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        (datetime(2026, 11, 25, 12, 59, tzinfo=timezone.utc), "2026-11-25T10:00:00-03:00"),
        (datetime(2026, 11, 25, 13, 0, tzinfo=timezone.utc), "2026-11-26T10:00:00-03:00"),
        (datetime(2026, 12, 23, 23, 30, tzinfo=timezone.utc), "2026-12-25T18:00:00-03:00"),
    ],
)
def test_the_next_opening_is_told_in_the_shop_s_time(at: datetime, opening: str) -> None:
    found = SHOP.opens_next(at)
    assert found is not None
    assert found.isoformat() == opening


def test_a_shop_that_never_opens_says_so() -> None:
    closed = Store("x", {}, "America/Sao_Paulo", {}, {})
    assert closed.opens_next(datetime(2026, 11, 25, tzinfo=timezone.utc)) is None

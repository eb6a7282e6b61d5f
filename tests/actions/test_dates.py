"""Days as each language writes them."""

from datetime import date, datetime, timezone

import pytest

from actions.wording import dates

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("day", "language", "text"),
    [
        (date(2026, 3, 2), "pt", "02/03"),
        (date(2026, 3, 2), "en", "March 2"),
        (date(2027, 1, 31), "pt", "31/01/2027"),
        (date(2025, 12, 1), "en", "December 1, 2025"),
    ],
)
def test_a_day_is_written_with_its_year_only_when_it_is_another(
    day: date, language: str, text: str
) -> None:
    assert dates.written(day, language, TODAY) == text


def test_a_day_on_a_button_is_short() -> None:
    assert dates.short(date(2026, 9, 5), "pt") == "05/09"
    assert dates.short(date(2026, 9, 5), "en") == "Sep 5"


def test_late_in_the_evening_the_day_is_still_the_shops() -> None:
    assert dates.day_of(datetime(2026, 3, 11, 1, 30, tzinfo=timezone.utc)) == TODAY


def test_another_shop_has_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TIMEZONE", "Europe/London")
    assert dates.day_of(datetime(2026, 3, 11, 1, 30, tzinfo=timezone.utc)) == date(2026, 3, 11)

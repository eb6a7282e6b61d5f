"""Quiet hours on local clocks."""

from datetime import UTC, datetime

import pytest

from sla_service.notify.quiet import Quiet

NIGHT = (22 * 60, 7 * 60)
LUNCH = (12 * 60, 13 * 60)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "zone", "at", "until"),
    [
        (NIGHT, "America/Sao_Paulo", "2026-11-25T23:00-03:00", "2026-11-26T07:00-03:00"),
        (NIGHT, "America/Sao_Paulo", "2026-11-26T06:59-03:00", "2026-11-26T07:00-03:00"),
        (NIGHT, "America/Sao_Paulo", "2026-11-25T22:00-03:00", "2026-11-26T07:00-03:00"),
        (NIGHT, "America/Sao_Paulo", "2026-11-26T07:00-03:00", None),
        (NIGHT, "America/Sao_Paulo", "2026-11-25T21:59-03:00", None),
        (LUNCH, "Europe/Lisbon", "2026-07-01T12:30+01:00", "2026-07-01T13:00+01:00"),
        (LUNCH, "Europe/Lisbon", "2026-07-01T11:30+00:00", "2026-07-01T13:00+01:00"),
        (LUNCH, "Europe/Lisbon", "2026-01-01T11:30+00:00", None),
        # The night in which New York's clocks go forward, and the one in which they go back.
        (NIGHT, "America/New_York", "2026-03-08T01:30-05:00", "2026-03-08T07:00-04:00"),
        (NIGHT, "America/New_York", "2026-11-01T01:30-05:00", "2026-11-01T07:00-05:00"),
        # Quiet ends within the hour that happens twice: at its first end, unless that is past.
        ((60, 90), "America/New_York", "2026-11-01T01:10-04:00", "2026-11-01T01:30-04:00"),
        ((60, 90), "America/New_York", "2026-11-01T01:10-05:00", "2026-11-01T01:30-05:00"),
    ],
)
def test_quiet_hours_end_when_the_teams_clock_says_so(
    hours: tuple[int, int], zone: str, at: str, until: str | None
) -> None:
    found = Quiet(*hours, zone).until(_utc(at))
    assert found == (None if until is None else _utc(until))

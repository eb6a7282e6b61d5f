"""Instants and durations as whole microseconds: exact, fast, and the same in every process."""

from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE = timedelta(microseconds=1)


def instant(at: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime."""
    return (at - _EPOCH) // _ONE


def moment(at: int) -> datetime:
    """The aware UTC datetime of an instant."""
    return _EPOCH + timedelta(microseconds=at)


def micros(duration: timedelta) -> int:
    """A duration in microseconds."""
    return duration // _ONE


def duration(span: int) -> timedelta:
    """Microseconds as a duration."""
    return timedelta(microseconds=span)

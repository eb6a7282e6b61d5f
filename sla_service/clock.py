"""The time, in one place, so that nobody else asks the machine."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one reader of the machine's clock

"""Where a page of rows ended, as one short word in an address."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from sla_service.web.asking import BadCursor

_WORD = re.compile(r"(\d{1,18})-(\d{1,18})")
_URGENT_WORD = re.compile(r"(\d{1,18}|none)-(\d{1,18})-(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page by time, which the next page begins after."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{_number(self.at)}-{self.id}"

    @classmethod
    def read(cls, word: str | None) -> Self | None:
        """The cursor in an address; None where there is none. Raises BadCursor."""
        if not word:
            return None
        at, number = _parts(_WORD, word)
        return cls(_instant(at), int(number))


@dataclass(frozen=True, slots=True)
class UrgentCursor:
    """The last row of a page by urgency: its deadline if it has one, its activity, its id."""

    due_at: datetime | None
    at: datetime
    id: int

    def __str__(self) -> str:
        due = "none" if self.due_at is None else _number(self.due_at)
        return f"{due}-{_number(self.at)}-{self.id}"

    @classmethod
    def read(cls, word: str | None) -> Self | None:
        """The cursor in an address; None where there is none. Raises BadCursor."""
        if not word:
            return None
        due, at, number = _parts(_URGENT_WORD, word)
        return cls(None if due == "none" else _instant(due), _instant(at), int(number))


def _parts(form: re.Pattern[str], word: str) -> tuple[str, ...]:
    parts = form.fullmatch(word)
    if parts is None:
        raise BadCursor
    return parts.groups()


def _number(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _instant(number: str) -> datetime:
    try:
        return _EPOCH + int(number) * _MICROSECOND
    except OverflowError as error:
        raise BadCursor from error

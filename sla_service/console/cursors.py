"""Where a page of rows ended: an instant and an id, as one short word in an address."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from sla_service.errors import DomainError

_WORD = re.compile(r"(\d{1,18})-(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class BadCursor(DomainError):
    """This cursor is not one that the desk gave out."""

    status = 422


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page, which the next page begins after."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id}"

    @classmethod
    def read(cls, word: str | None) -> Self | None:
        """The cursor in an address; None where there is none. Raises BadCursor."""
        if not word:
            return None
        parts = _WORD.fullmatch(word)
        if parts is None:
            raise BadCursor
        try:
            return cls(_EPOCH + int(parts[1]) * _MICROSECOND, int(parts[2]))
        except OverflowError as error:
            raise BadCursor from error

"""The forms of what routes are asked with: numbers, pages and cursors."""

from typing import Annotated

from fastapi import Path, Query

from sla_service.errors import DomainError

LARGEST_ID = 2**63 - 1
"""What a number of PostgreSQL can hold."""

Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Limit = Annotated[int, Query(ge=1, le=200)]
Word = Annotated[str | None, Query(max_length=60)]


class BadCursor(DomainError):
    """This cursor is not one that the desk gave out."""

    status = 422

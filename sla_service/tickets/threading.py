"""Which ticket a new message belongs to: a pure decision over the last one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal


class Threading(StrEnum):
    """What becomes of a message."""

    OPEN = "open"
    """A first ticket."""
    JOIN = "join"
    REOPEN = "reopen"
    FOLLOW_UP = "follow_up"
    """A new ticket that names the last one."""


@dataclass(frozen=True, slots=True)
class LastTicket:
    """What the decision needs to know of the conversation's latest ticket."""

    is_resolved: bool
    is_with_people: bool
    last_message_at: datetime


def decide(
    last: LastTicket | None,
    at: datetime,
    window: timedelta,
    after_window: Literal["follow_up", "reopen"],
) -> Threading:
    """The ticket for a message at `at`.

    Within the window a message joins, and reopens what was resolved. After it, a ticket that
    people still work on is joined all the same; else `after_window` decides.
    """
    if last is None:
        return Threading.OPEN
    same = Threading.REOPEN if last.is_resolved else Threading.JOIN
    if at - last.last_message_at <= window:
        return same
    if last.is_with_people and not last.is_resolved:
        return Threading.JOIN
    return same if after_window == "reopen" else Threading.FOLLOW_UP

"""How long somebody will wait for a person: an honest estimate from the queue's own figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

ENOUGH = 5
"""Pickups from which something can be said about the next."""
_STEPS = (2, 3, 5, 10, 15, 20, 30, 45, 60)


class WaitKind(StrEnum):
    """What can be told about a wait."""

    NOW = "now"
    """Somebody is there and has room."""
    MINUTES = "minutes"
    CLOSED = "closed"
    """Outside business hours."""
    UNKNOWN = "unknown"
    """Nobody knows; a number would be made up."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What can be told: minutes where they are known, at most an hour of them, or an opening."""

    kind: WaitKind
    minutes: int | None = None
    """None of a wait of more than an hour."""
    opens_at: datetime | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The queue as it is."""

    ahead: int
    """Who waits already and comes first."""
    there: int
    """People who are there, with room or without."""
    is_somebody_free: bool
    """Whether one of them could take this one at once."""
    pickups: Sequence[timedelta]
    """How long those waited in business time who were picked up lately."""
    opens_at: datetime | None
    """When business hours begin; None: they have."""
    time_zone: str | None = None


def estimate(figures: Figures) -> Wait:
    """What to tell somebody who begins to wait now."""
    if figures.is_somebody_free and not figures.ahead:
        return Wait(WaitKind.NOW)
    if figures.opens_at is not None:
        return Wait(WaitKind.CLOSED, opens_at=figures.opens_at, time_zone=figures.time_zone)
    if not figures.there or len(figures.pickups) < ENOUGH:
        return Wait(WaitKind.UNKNOWN)
    usual = median(one / timedelta(minutes=1) for one in figures.pickups)
    minutes = usual * (1 + figures.ahead / figures.there)
    return Wait(WaitKind.MINUTES, next((step for step in _STEPS if minutes <= step), None))

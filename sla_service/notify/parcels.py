"""Which notices of one channel travel now, which wait, and which go together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sla_service.notify.quiet import Quiet


@dataclass(frozen=True, slots=True)
class Due:
    """A notice that is due on a channel; `message_id` is set when it has been tried before."""

    send_id: int
    is_urgent: bool
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a channel is like at this moment."""

    at: datetime
    last_at: datetime | None
    """When something last left on it."""
    pace: timedelta
    """How long it then gathers what comes, so that the shop's opening isn't a storm."""
    digest_after: int
    quiet: Quiet | None = None


@dataclass(slots=True)
class Plan:
    """What to do with all that is due."""

    parcels: list[list[Due]] = field(default_factory=list)
    """Each leaves as one message."""
    held: list[Due] = field(default_factory=list)
    held_until: datetime | None = None
    waiting: list[Due] = field(default_factory=list)
    waiting_until: datetime | None = None


def plan(due: Sequence[Due], rhythm: Rhythm) -> Plan:
    """Sort what is due: a retried message keeps its content, and the urgent never waits."""
    result = Plan()
    again: dict[str, list[Due]] = {}
    fresh = [one for one in due if one.message_id is None]
    for one in due:
        if one.message_id is not None:
            again.setdefault(one.message_id, []).append(one)
    result.held_until = rhythm.quiet.until(rhythm.at) if rhythm.quiet else None
    for parcel in again.values():
        if result.held_until and not any(one.is_urgent for one in parcel):
            result.held += parcel
        else:
            result.parcels.append(parcel)
    now, later = _parted(fresh)
    if result.held_until:
        result.held += later
    elif rhythm.last_at is not None and rhythm.at < rhythm.last_at + rhythm.pace:
        result.waiting, result.waiting_until = later, rhythm.last_at + rhythm.pace
    else:
        now += later
    if len(now) > rhythm.digest_after:
        result.parcels.append(now)
    else:
        result.parcels += [[one] for one in now]
    return result


def _parted(due: Sequence[Due]) -> tuple[list[Due], list[Due]]:
    urgent = [one for one in due if one.is_urgent]
    return urgent, [one for one in due if not one.is_urgent]

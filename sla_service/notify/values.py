"""What people are told, and to whom: the values of this room."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

LANGUAGES = ("pt", "en")
URGENT = "urgent"


class NoticeKind(StrEnum):
    """What happened."""

    WARNED = "warned"
    BREACHED = "breached"
    ESCALATED = "escalated"
    POISONED = "poisoned"
    """A ticket's promises can't be worked out; an operator must look."""
    TEST = "test"
    """Nothing happened: somebody tries whether a team is reached."""
    MENTIONED = "mentioned"
    """A colleague named them in a note; it is told to one person."""
    ACTION_DUE = "action_due"
    """Something is to be done for a ticket, now."""

    @property
    def event(self) -> str:
        """The event's name for webhooks."""
        return f"{'ticket' if self in _OF_TICKETS else 'sla'}.{self.value}"

    @property
    def is_promise(self) -> bool:
        """Whether it is about a promise of a ticket's."""
        return self in _OF_PROMISES


_OF_TICKETS = (NoticeKind.MENTIONED, NoticeKind.ACTION_DUE)
_OF_PROMISES = (NoticeKind.WARNED, NoticeKind.BREACHED, NoticeKind.ESCALATED)


EVENTS = tuple(kind.event for kind in NoticeKind)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that a team must be told.

    `key` names the effect, `ticket:metric:cycle:kind`: a team hears of it once. `at` is when it
    became true, which may be earlier than when it was found. `facts` is what the words need:
    `number`, `subject`, `metric`, `due_at`, `policy`, `tier`, `priority`, `language`, `link` (a
    path in the console), `reason`, `by`, `text`; each may be absent.
    """

    key: str
    kind: NoticeKind
    at: datetime
    team: str
    ticket_id: int
    facts: dict[str, Any]

    @property
    def is_urgent(self) -> bool:
        """Whether it waits neither for the morning nor for company."""
        return self.facts.get("priority") == URGENT or self.kind is NoticeKind.TEST


PERSONAL = "@"
"""What the name of a team of one begins with; no other team's name does."""


def team_of(agent_id: int) -> str:
    """The team that is one agent alone."""
    return f"{PERSONAL}{agent_id}"


@dataclass(frozen=True, slots=True)
class Told:
    """What was written for new notices, by id; what was told before is not among it."""

    notices: tuple[int, ...] = ()
    sends: tuple[int, ...] = ()
    deliveries: tuple[str, ...] = ()

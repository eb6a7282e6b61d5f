"""What is said over HTTP of the policies' versions, checks, dry runs and applications."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from sla_service.sla.instants import SECOND, moment
from sla_service.sla.moving import Move, Promised
from sla_service.sla.policy import Metric


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class VersionView(_View):
    """A stored version."""

    id: int
    comment: str
    created_by: str
    created_at: datetime
    activated_at: datetime | None
    is_active: bool


class StoredView(_View):
    """What a version says: the text as imported, and its meaning with holidays written out."""

    id: int
    source: str
    document: dict[str, Any]


class NumberView(_View):
    """The number of a version."""

    id: int


class ProblemView(_View):
    """One thing to look at in a text."""

    line: int
    where: str
    message: str
    is_warning: bool


class CheckView(_View):
    """Whether a text can be used, and what to look at."""

    is_usable: bool
    problems: list[ProblemView]


class PromisedView(_View):
    """What a clock promises; the target in seconds of business time."""

    target: float | None
    calendar: str | None
    due_at: datetime | None

    @classmethod
    def of(cls, promised: Promised) -> Self:
        """The view of a promise."""
        target, due_at = promised.target, promised.due_at
        return cls(
            target=None if target is None else target / SECOND,
            calendar=promised.calendar,
            due_at=None if due_at is None else moment(due_at),
        )


class ClockMoveView(_View):
    """A live clock before and after."""

    metric: Metric
    cycle: int
    before: PromisedView
    after: PromisedView


class MoveView(_View):
    """What would change for a ticket."""

    ticket_id: int
    number: int | None
    """By which people know it."""
    policy_before: str
    policy_after: str
    clocks: list[ClockMoveView]

    @classmethod
    def of(cls, ticket_id: int, number: int | None, move: Move) -> Self:
        """The view of a move."""
        clocks = [
            ClockMoveView(
                metric=one.metric,
                cycle=one.cycle,
                before=PromisedView.of(one.before),
                after=PromisedView.of(one.after),
            )
            for one in move.clocks
        ]
        return cls(
            ticket_id=ticket_id,
            number=number,
            policy_before=move.policy_before,
            policy_after=move.policy_after,
            clocks=clocks,
        )


class DryRunView(_View):
    """What a version would change for open tickets; the first moves in full."""

    open: int
    changed: int
    moves: list[MoveView]


class ApplicationView(_View):
    """The act of putting open tickets under a version, and how far it is."""

    id: int
    rulebook_id: int
    requested_by: str
    created_at: datetime
    total: int
    done: int
    changed: int
    finished_at: datetime | None
    error: str | None

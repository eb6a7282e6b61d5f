"""What the routes of this room take and show."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from sla_service.sla.instants import moment
from sla_service.sla.statement import seconds
from sla_service.tickets.notes import Written
from sla_service.tickets.reasons import Explained
from sla_service.tickets.tables import ActionItem, Priority, TicketStatus

_LARGEST_ID = 2**63 - 1
Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Tag = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=40)
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Shortcut = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[\w-]{1,40}$"),
]
AgentId = Annotated[int, Field(ge=1, le=_LARGEST_ID)]
OpenStatus = Literal[TicketStatus.OPEN, TicketStatus.PENDING, TicketStatus.ON_HOLD]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class TicketBody(_Body):
    """What is to be different about a ticket; absent parts stay."""

    subject: Subject | None = None
    priority: Priority | None = None
    tags: Annotated[list[Tag], Field(max_length=20)] | None = None


class StatusBody(_Body):
    """For whom it waits."""

    status: OpenStatus


class MergeBody(_Body):
    """The ticket of which it becomes a part."""

    into: Annotated[int, Field(ge=1, le=_LARGEST_ID)]


class RatingView(_View):
    """How the contact says it went."""

    score: int
    comment: str | None
    rated_at: datetime
    is_bot_only: bool


class TicketView(_View):
    """A ticket as it stands."""

    number: int
    conversation: int
    status: TicketStatus
    priority: Priority
    subject: str
    tags: list[str]
    opened_at: datetime
    resolved_at: datetime | None
    follows: int | None
    followed_by: list[int]
    merged_into: int | None
    merged: list[int]
    """Tickets that ended as parts of this one."""
    rating: RatingView | None

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row of `showing`."""
        parts = {name: getattr(row, name) for name in cls.model_fields if name in row._fields}
        parts["merged"], parts["followed_by"] = row.merged or [], row.followed_by or []
        rating = None if row.score is None else RatingView.model_validate(row)
        return cls(**parts, rating=rating)


class NoteBody(_Body):
    """A note, and the accounts of colleagues who are to be told of it."""

    text: Words
    mentions: Annotated[list[AgentId], Field(max_length=20)] = []


class NoteView(BaseModel):
    """A note as people read it."""

    id: int
    ticket: int
    """Where it was written: the ticket, or one that was merged into it."""
    agent: int | None
    author: str
    text: str
    mentions: list[int]
    created_at: datetime

    @classmethod
    def of(cls, written: Written) -> Self:
        """The view of a note."""
        note = written.note
        return cls(
            id=note.id,
            ticket=written.ticket,
            agent=note.agent_id,
            author=note.author_name,
            text=note.text,
            mentions=note.mentions,
            created_at=note.created_at,
        )


class NewActionItemBody(_Body):
    """Something to do; without an owner all agents are told when it is due."""

    text: Line
    owner: AgentId | None = None
    due_at: AwareDatetime | None = None


class ActionItemBody(_Body):
    """What is to be different; absent parts stay."""

    text: Line = ""
    owner: AgentId | None = None
    due_at: AwareDatetime | None = None
    is_done: bool = False

    def wanted(self) -> dict[str, Any]:
        """The parts that were given, by the room's names."""
        given = self.model_dump(exclude_unset=True)
        return {"owner_id" if name == "owner" else name: one for name, one in given.items()}


class ActionItemView(BaseModel):
    """Something to do, or done."""

    id: int
    text: str
    owner: int | None
    due_at: datetime | None
    done_at: datetime | None
    done_by: int | None
    created_by: int | None
    created_at: datetime

    @classmethod
    def of(cls, item: ActionItem) -> Self:
        """The view of an action item."""
        return cls(
            id=item.id,
            text=item.text,
            owner=item.owner_id,
            due_at=item.due_at,
            done_at=item.done_at,
            done_by=item.done_by,
            created_by=item.created_by,
            created_at=item.created_at,
        )


class OwnActionItemView(ActionItemView):
    """Something one has to do, and for which ticket."""

    ticket: int


class NewCannedReplyBody(_Body):
    """A ready answer; what may stand in braces is in `placeholders`."""

    shortcut: Shortcut
    title: Line
    text_pt: Words
    text_en: Words


class CannedReplyBody(_Body):
    """What is to be different; absent parts stay."""

    shortcut: Shortcut = ""
    title: Line = ""
    text_pt: Words = ""
    text_en: Words = ""


class CannedReplyView(_View):
    """A ready answer."""

    id: int
    shortcut: str
    title: str
    text_pt: str
    text_en: str
    created_by: int | None
    updated_at: datetime


class RenderedView(BaseModel):
    """A ready answer filled in; what is `missing` still stands in braces."""

    language: str
    text: str
    missing: list[str]


class MomentView(BaseModel):
    """Something that happened to a clock; `what` and `cause` are as in the event log."""

    at: datetime
    what: str
    cause: str
    target_s: float | None
    used_s: float | None
    wall_s: float | None


class ClocksView(BaseModel):
    """Why a ticket's clocks stand where they stand."""

    ticket: dict[str, Any]
    clocks: list[dict[str, Any]]
    """As the command line's `sla fold` prints them, each with its `moments`."""
    effects: list[dict[str, Any]]
    whose_time: list[dict[str, Any]]

    @classmethod
    def of(cls, explained: Explained) -> Self:
        """The view of an explanation."""
        said = explained.statement
        moments = {
            (one.metric.value, one.cycle): [_moment(moment_) for moment_ in one.moments]
            for one in explained.why.clocks
        }
        clocks = [
            {**one, "moments": moments[key]}
            for one in said["clocks"]
            if (key := (one["metric"], one["cycle"])) in moments
        ]
        spells = [
            {
                "whose": spell.whose.value,
                "business_s": seconds(spell.business),
                "wall_s": seconds(spell.wall),
            }
            for spell in explained.why.spells
        ]
        return cls(ticket=said["ticket"], clocks=clocks, effects=said["effects"], whose_time=spells)


def _moment(one: Any) -> MomentView:
    return MomentView(
        at=moment(one.at),
        what=one.what,
        cause=one.cause,
        target_s=None if one.target is None else seconds(one.target),
        used_s=None if one.used is None else seconds(one.used),
        wall_s=None if one.wall is None else seconds(one.wall),
    )

"""What the routes of this room take and show."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from sla_service.conversations.tables import Owner
from sla_service.conversations.wording import LANGUAGES, Wording
from sla_service.handoff import telling
from sla_service.handoff.holding import Held
from sla_service.handoff.routing import Rule
from sla_service.handoff.routing_rules import Tried
from sla_service.handoff.tables import Reason
from sla_service.handoff.waiting import Wait, WaitKind
from sla_service.tickets.tables import Priority

_LARGEST_SLOTS = 60


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HandoffDetails(_Body):
    """What the bot remembers and understood, for whoever takes over."""

    slots: dict[Annotated[str, Field(max_length=60)], Any] = {}
    intent: str | None = Field(None, max_length=80)
    confidence: float | None = Field(None, ge=0, le=1)
    failed_attempts: int | None = Field(None, ge=0)
    order: str | None = Field(None, max_length=80)
    """The number of the order that it is about."""

    @model_validator(mode="after")
    def _is_small(self) -> Self:
        if len(self.slots) > _LARGEST_SLOTS or len(str(self.slots)) > 100 * _LARGEST_SLOTS:
            raise ValueError("too many slots")
        return self


class HandoffRequest(_Body):
    """Why people are needed, and what they should know."""

    reason: Reason
    summary: str | None = Field(None, max_length=2000)
    priority: Priority | None = None
    details: HandoffDetails = HandoffDetails()


class WaitView(BaseModel):
    """What the contact may be told about the wait, with the words for it in each language."""

    kind: WaitKind
    minutes: int | None
    opens_at: datetime | None
    text: dict[str, str]

    @classmethod
    def of(cls, wait: Wait, wording: Wording, at: datetime) -> Self:
        """A wait in words."""
        text = {
            language: telling.about_wait(wording, wait, language, at=at) for language in LANGUAGES
        }
        return cls(kind=wait.kind, minutes=wait.minutes, opens_at=wait.opens_at, text=text)


class HandoffAnswer(BaseModel):
    """The ticket people will work on, who holds the conversation now, and for how long to wait."""

    ticket: int
    owner: Owner
    wait: WaitView


class TicketChange(_Body):
    """What a ticket is about; absent parts stay."""

    subject: str | None = Field(None, max_length=200)
    priority: Priority | None = None


class TicketAnswer(BaseModel):
    """The ticket's number."""

    ticket: int


class ProofAnswer(BaseModel):
    """Whether this try may be made, and how many are left in 24 hours."""

    allowed: bool
    left: int


class HolderView(BaseModel):
    """A person who holds a conversation."""

    id: int
    name: str


class HeldView(BaseModel):
    """Who holds a conversation now."""

    conversation: int
    ticket: int
    owner: Owner
    agent: HolderView | None
    owner_fence: int

    @classmethod
    def of(cls, held: Held) -> Self:
        """Who holds it, for those who ask."""
        agent = None
        if held.agent_id is not None:
            agent = HolderView(id=held.agent_id, name=held.agent_name or "")
        return cls(
            conversation=held.conversation_id,
            ticket=held.number,
            owner=held.owner,
            agent=agent,
            owner_fence=held.fence,
        )


class AssignmentBody(_Body):
    """Who is to have it. With the fence that one saw, nobody who came first is overruled unseen."""

    agent: int | Literal["me"]
    owner_fence: int | None = None


class BotBody(_Body):
    """What the bot is to do, as if the contact asked for it: “track order 48213”."""

    instruction: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
        | None
    ) = None


class HandoffDetailsView(BaseModel):
    """The latest handoff of a conversation to people, with what the bot had found out."""

    id: int
    at: datetime
    ticket: int
    reason: Reason
    summary: str | None
    details: dict[str, Any]


class RulesBody(_Body):
    """All rules, in the order in which they are tried."""

    rules: Annotated[list[Rule], Field(max_length=500)]


class DryRunBody(_Body):
    """Rules to try, those in force when there are none, on so many of the last handoffs."""

    rules: Annotated[list[Rule], Field(max_length=500)] | None = None
    handoffs: int = Field(100, ge=1, le=1000)


class TriedView(BaseModel):
    """A past handoff, and where it would have gone."""

    handoff: int
    conversation: int
    ticket: int
    at: datetime
    reason: Reason
    was: str | None
    """The rule that counted then."""
    would: Rule | None
    is_changed: bool

    @classmethod
    def of(cls, tried: Tried) -> Self:
        """A handoff that was tried."""
        return cls(
            handoff=tried.handoff,
            conversation=tried.conversation,
            ticket=tried.ticket,
            at=tried.at,
            reason=Reason(tried.reason),
            was=tried.was,
            would=tried.would,
            is_changed=tried.is_changed,
        )


class DryRunView(BaseModel):
    """What rules would have done."""

    handoffs: list[TriedView]
    changed: int
    by_rule: dict[str, int]
    """How many handoffs each rule would have caught; those that none would are under ""."""

"""What the routes of this room take and show."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from sla_service.agents.passwords import LONGEST
from sla_service.agents.roster import presence_of
from sla_service.agents.tables import Act, Agent, AgentSession, Presence
from sla_service.web.principals import Role, Scope

_PLAIN = r"^[^\x00-\x1f]*$"

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=_PLAIN),
]
Word = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, min_length=1, max_length=40, pattern=_PLAIN
    ),
]
Words = Annotated[list[Word], Field(max_length=30)]
Address = Annotated[str, StringConstraints(max_length=300)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Language = Literal["pt", "en"]
Person = Literal[Role.AGENT, Role.SUPERVISOR, Role.ADMIN]
Capacity = Annotated[int, Field(ge=0, le=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SignInBody(_Body):
    """Who somebody says they are."""

    email: Address
    password: Password


class AcceptanceBody(_Body):
    """The password that whoever was invited chose."""

    password: Password
    name: Name | None = None


class PasswordBody(_Body):
    """A password instead of another."""

    old: Password
    new: Password


class MeBody(_Body):
    """What people may change about themselves; absent parts stay."""

    name: Name = ""
    language: Language = "pt"
    presence: Literal[Presence.AVAILABLE, Presence.AWAY] = Presence.AVAILABLE


class NewAgentBody(_Body):
    """Somebody new."""

    email: Address
    name: Name
    role: Person = Role.AGENT
    language: Language = "pt"
    capacity: Capacity = 5
    languages: Words = []
    skills: Words = []
    team: Word | None = None


class AgentBody(_Body):
    """What is to be different about an account; absent parts stay."""

    name: Name = ""
    role: Person = Role.AGENT
    language: Language = "pt"
    capacity: Capacity = 5
    languages: Words = []
    skills: Words = []
    team: Word | None = None
    is_disabled: bool = False


class AgentView(BaseModel):
    """Somebody who answers."""

    id: int
    email: str
    name: str
    role: Role
    language: str
    presence: Presence
    """What is seen of them: offline when their console is closed."""
    capacity: int
    languages: list[str]
    skills: list[str]
    team: str | None
    has_password: bool
    created_at: datetime
    disabled_at: datetime | None
    last_seen_at: datetime | None

    @classmethod
    def of(cls, agent: Agent, at: datetime) -> Self:
        """Somebody as they are at an instant."""
        return cls(
            id=agent.id,
            email=agent.email,
            name=agent.name,
            role=agent.role,
            language=agent.language,
            presence=presence_of(agent.presence, agent.last_seen_at, at),
            capacity=agent.capacity,
            languages=agent.languages,
            skills=agent.skills,
            team=agent.team,
            has_password=agent.password_hash is not None,
            created_at=agent.created_at,
            disabled_at=agent.disabled_at,
            last_seen_at=agent.last_seen_at,
        )


class LinkView(BaseModel):
    """A one-time link; it is shown this once."""

    link: str
    expires_at: datetime


class InvitedView(BaseModel):
    """Somebody new, and the link with which they choose a password."""

    agent: AgentView
    invitation: LinkView


class SessionView(BaseModel):
    """A browser that one signed in with."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    user_agent: str
    is_current: bool

    @classmethod
    def of(cls, session: AgentSession, token_hash: str) -> Self:
        """A session as whoever has the token sees it."""
        return cls(
            id=session.id,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            user_agent=session.user_agent,
            is_current=session.token_hash == token_hash,
        )


class KeyBody(_Body):
    """A key for a program."""

    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    expires_at: AwareDatetime | None = None


class KeyView(_View):
    """A key, without its secret."""

    id: int
    name: str
    scopes: list[str]
    created_by: int | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewKeyView(BaseModel):
    """A new key; its text is shown this once."""

    key: KeyView
    text: str


class ActView(_View):
    """Something that somebody did."""

    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    act: str
    target_kind: str
    target_id: str | None
    details: dict[str, Any]


class AuditPage(BaseModel):
    """What was done, the latest first; `next` is the cursor of what came before."""

    items: list[ActView]
    next: int | None

    @classmethod
    def of(cls, acts: list[Act], limit: int) -> Self:
        """A page, with a cursor when it is full."""
        items = [ActView.model_validate(one) for one in acts]
        return cls(items=items, next=items[-1].id if len(items) == limit else None)

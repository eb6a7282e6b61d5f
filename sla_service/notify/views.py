"""What the routes of this room take and show."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sla_service.notify.endpoints import Endpoint
from sla_service.notify.notices import Shown
from sla_service.notify.outgoing import Entry
from sla_service.notify.teams import Team, Wish
from sla_service.notify.values import NoticeKind

_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"

Clock = Annotated[str, StringConstraints(pattern=_CLOCK)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class QuietHours(_Body):
    """Hours of the team's local day; they may pass midnight."""

    begins: Clock
    ends: Clock


class TeamBody(_Body):
    """What a team is to be; without `channels` it keeps those that it has."""

    channels: Annotated[list[Line], Field(max_length=20)] | None = None
    """Apprise URLs, or names of channels that the team has already."""
    language: Literal["pt", "en"] = "pt"
    time_zone: Annotated[str, StringConstraints(max_length=60)] = "America/Sao_Paulo"
    quiet: QuietHours | None = None
    digest_after: int = Field(3, ge=1, le=1000)

    def wish(self) -> Wish:
        """The same for the room."""
        hours = self.quiet
        quiet = (minutes(hours.begins), minutes(hours.ends)) if hours else None
        return Wish(self.channels, self.language, self.time_zone, quiet, self.digest_after)


class TeamView(BaseModel):
    """A team; its channels by name, without their secrets."""

    name: str
    channels: dict[str, str]
    language: str
    time_zone: str
    quiet: QuietHours | None
    digest_after: int
    created_at: datetime

    @classmethod
    def of(cls, team: Team) -> Self:
        """The team as people see it."""
        quiet = team.quiet and QuietHours(begins=clock(team.quiet[0]), ends=clock(team.quiet[1]))
        return cls(
            name=team.name,
            channels=dict(team.channels),
            language=team.language,
            time_zone=team.time_zone,
            quiet=quiet,
            digest_after=team.digest_after,
            created_at=team.created_at,
        )


class NoticeView(BaseModel):
    """Something a team was told."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    key: str
    team: str
    kind: NoticeKind
    at: datetime
    ticket_id: int
    facts: dict[str, Any]
    acknowledged_at: datetime | None
    acknowledged_by: str | None


class NoticePage(BaseModel):
    """Notices that wait for somebody, then the others; `next` is the next page's cursor."""

    notices: list[NoticeView]
    next: str | None

    @classmethod
    def of(cls, shown: list[Shown], limit: int) -> Self:
        """A page, with a cursor when it is full."""
        last = shown[-1] if len(shown) == limit else None
        word = last and f"{'done' if last.acknowledged_at else 'open'}-{last.id}"
        return cls(notices=[NoticeView.model_validate(one) for one in shown], next=word)


class EndpointBody(_Body):
    """A new endpoint; without `events` it hears of everything."""

    url: Line
    events: Annotated[list[Line], Field(max_length=50)] = []


class EndpointView(BaseModel):
    """An endpoint, without its secrets."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    url: str
    events: list[str]
    is_active: bool
    secrets: int
    disabled_at: datetime | None
    disabled_reason: str | None
    created_at: datetime


class NewEndpointView(BaseModel):
    """An endpoint and its secret, which is shown this once."""

    endpoint: EndpointView
    secret: str

    @classmethod
    def of(cls, endpoint: Endpoint, secret: str) -> Self:
        """The endpoint with what was made for it."""
        return cls(endpoint=EndpointView.model_validate(endpoint), secret=secret)


class SecretView(BaseModel):
    """A new secret, shown this once; the one before it signs as well until the next."""

    secret: str


class DeliveryView(BaseModel):
    """What became of a webhook."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    what: str
    key: str
    to: str
    state: str
    attempts: int
    due_at: datetime | None
    last_status: int | None
    last_error: str | None
    created_at: datetime
    done_at: datetime | None


class DeliveryPage(BaseModel):
    """Deliveries, the newest first; `next` is the next page's cursor."""

    deliveries: list[DeliveryView]
    next: str | None

    @classmethod
    def of(cls, entries: list[Entry], limit: int) -> Self:
        """A page, with a cursor when it is full."""
        views = [DeliveryView.model_validate(entry) for entry in entries]
        return cls(deliveries=views, next=views[-1].id if len(views) == limit else None)


def minutes(clock_time: str) -> int:
    """Minutes since midnight of a time like 22:30. Raises ValueError."""
    found = re.fullmatch(_CLOCK, clock_time)
    if found is None:
        raise ValueError(f"not a time of day: {clock_time}")
    hour, minute = clock_time.split(":")
    return int(hour) * 60 + int(minute)


def clock(since_midnight: int) -> str:
    """The time of day, like 22:30."""
    return f"{since_midnight // 60:02}:{since_midnight % 60:02}"

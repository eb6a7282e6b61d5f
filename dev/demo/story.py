"""What happened, read from `story.yml`: who wrote, what the bot and the people did, and when."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from simulator.busy_talks import Burst, Item

_FILE = Path(__file__).with_name("story.yml")
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_SHOPPERS = timedelta(seconds=25)
_PEOPLES = timedelta(seconds=70)


def _duration(value: object) -> object:
    """`90 s`, `4 min`, `2 h` or `1 d`."""
    found = re.fullmatch(r"(\d+) (s|min|h|d)", value) if isinstance(value, str) else None
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else value


Span = Annotated[timedelta, BeforeValidator(_duration)]
Who = Literal["bruno", "carla", "emma"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Handover(_Part):
    """Why the bot calls people, and what it tells them."""

    reason: str
    summary: str | None = None
    priority: str | None = None
    order: str | None = None
    failed_attempts: int | None = None


class BotLine(_Part):
    """What the bot answers; `{ticket}` and `{wait}` are known when it hands over."""

    say: str
    options: dict[str, str] = {}
    intent: str | None = None
    confidence: float = 0.93
    stage: Literal["asked", "answered", "lost"] = "answered"
    hand_over: Handover | None = None


class ToDo(_Part):
    """Something to do, due so long after today's start of the desk."""

    text: str
    owner: Who
    due_in: Span


class Template(_Part):
    """A template that is sent, with what it leaves open."""

    name: str
    language: str
    values: dict[str, str] = {}


class Step(_Part):
    """One thing that happened: the shopper's part with the bot's answer, or a person's act."""

    after: Span | None = None
    shopper: Burst | None = None
    bot: BotLine | None = None
    rates: int | None = None
    waits: bool = False

    by: Who | None = None
    takes: bool = False
    reply: str | None = None
    file: Item | None = None
    canned: str | None = None
    template: Template | None = None
    note: str | None = None
    mentions: list[Who] = []
    to_do: ToDo | None = None
    status: Literal["pending", "on_hold"] | None = None
    tags: list[str] | None = None
    priority: str | None = None
    gives_to: Who | None = None
    back_to_bot: bool = False
    merges: bool = False
    resolves: bool = False

    @property
    def pause(self) -> timedelta:
        """How long after the step before it happened."""
        return self.after or (_PEOPLES if self.by else _SHOPPERS)


class Talk(_Part):
    """A conversation that ended so long ago, or stands still since."""

    name: str
    number: str
    language: Literal["pt", "en"]
    ended: Span
    steps: list[Step] = Field(min_length=1)

    def begins(self) -> timedelta:
        """How long ago it began."""
        return self.ended + sum((step.pause for step in self.steps), timedelta())


class Canned(_Part):
    """A ready answer."""

    shortcut: str
    title: str
    text_pt: str
    text_en: str


class Story(_Part):
    """Everything a desk of the demo has on its first day."""

    canned: list[Canned]
    rules: list[dict[str, object]]
    talks: list[Talk]


def told() -> Story:
    """The story."""
    return Story.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))

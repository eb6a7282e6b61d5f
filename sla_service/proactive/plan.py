"""What the shop tells of its own accord, when and how: `data/notices/notices.yml`, checked."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from sla_service.notify.quiet import Quiet
from sla_service.proactive.kinds import NoticeKind
from sla_service.sla import durations

Language = Literal["pt", "en"]
FACTS = ("name", "order", "carrier", "tracking", "eta")
"""What a place of a template may be filled with; or a text of the shop's own after `=`."""
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LANGUAGES: tuple[Language, ...] = ("pt", "en")


class PlanUnreadable(Exception):
    """The file of the notices is not as it should be."""


def _duration(value: object) -> object:
    return durations.read(value) if isinstance(value, str) else value


def _minutes(value: object) -> int:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('a time of day stands in quotes, like "21:00"')
    return int(found[1]) * 60 + int(found[2])


def _is_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("a time zone is called like America/Sao_Paulo") from None
    return name


def _is_filling(value: str) -> str:
    if value not in FACTS and not value.startswith("="):
        raise ValueError(f"is none of {', '.join(FACTS)}; a text of your own begins with =")
    return value


Minutes = Annotated[int, BeforeValidator(_minutes)]
Filling = Annotated[str, AfterValidator(_is_filling)]
InBoth = Annotated[dict[Language, str], Field(min_length=2)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckoutDocument(_Part):
    """What a shopper agreed to when they bought."""

    version: Annotated[str, Field(min_length=1, max_length=40)]
    pt: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def text(self, language: str) -> str:
        """What stood there."""
        return self.en if language == "en" else self.pt


class QuietDocument(_Part):
    """Hours of the day in which nobody is told anything."""

    begins: Minutes = Field(alias="from")
    ends: Minutes = Field(alias="until")
    time_zone: Annotated[str, AfterValidator(_is_zone)]

    def hours(self) -> Quiet:
        """The same, as it is asked."""
        return Quiet(self.begins, self.ends, self.time_zone)


class TemplateDocument(_Part):
    """The approved template that tells it after the 24 hours."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,512}$")]
    languages: Annotated[dict[Language, str], Field(min_length=1)]
    values: dict[str, Filling] = Field(default_factory=dict)


class KindDocument(_Part):
    """One kind of notice."""

    active: bool = True
    after_days: Annotated[int, Field(ge=0, le=60)] = 0
    template: TemplateDocument | None = None


class Plan(_Part):
    """The whole file."""

    opt_in: Literal["asked", "checkout"] = "asked"
    checkout: CheckoutDocument | None = None
    quiet: QuietDocument | None = None
    calendar: str | None = None
    while_people_talk: bool = False
    too_late_after: Annotated[timedelta, BeforeValidator(_duration)] = timedelta(hours=24)
    nameless: InBoth
    kinds: dict[NoticeKind, KindDocument]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.opt_in == "checkout" and self.checkout is None:
            raise ValueError("opt_in: checkout needs `checkout`, the words they agreed to")
        late = [kind for kind, one in self.kinds.items() if one.after_days]
        if late and late != [NoticeKind.HOW_WAS_IT]:
            raise ValueError("after_days is for how_was_it alone")
        return self

    def of(self, kind: NoticeKind) -> KindDocument:
        """What is said of a kind; nothing: it is off."""
        return self.kinds.get(kind, _OFF)


_OFF = KindDocument(active=False)


def load(path: Path) -> Plan:
    """The plan of a file. Raises PlanUnreadable, which names each thing that is wrong."""
    try:
        whole: Mapping[str, Any] = yaml.load(
            path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
        )
        return Plan.model_validate(whole["notices"])
    except ValidationError as error:
        told = "; ".join(_told(one) for one in error.errors())
        raise PlanUnreadable(f"{path}: {told}") from error
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise PlanUnreadable(f"{path}: {error}") from error


def _told(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "notices"
    return f"{where}: {error['msg'].removeprefix('Value error, ')}"

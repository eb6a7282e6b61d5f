"""What the shoppers of a busy day say, read from `busy/pt.yml` and `busy/en.yml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from simulator.pictures import Subject

LANGUAGES = ("pt", "en")
_FOLDER = Path(__file__).parent / "busy"

Texts = Annotated[list[str], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Part):
    """Where somebody is."""

    latitude: float
    longitude: float
    name: str
    address: str


class Item(_Part):
    """One message: a text or a file."""

    text: str | None = None
    photo: Subject | None = None
    caption: str | None = None
    file: str | None = None
    voice: bool = False
    place: Place | None = None


def _items(value: object) -> object:
    """A text or a single file stands for a list of one."""
    listed = value if isinstance(value, list) else [value]
    return [{"text": one} if isinstance(one, str) else one for one in listed]


Burst = Annotated[list[Item], BeforeValidator(_items), Field(min_length=1)]


class Talk(_Part):
    """Why somebody writes, and what they say in turn unless they are asked something."""

    kind: str
    weight: float = Field(gt=0)
    steps: list[Burst] = Field(min_length=1)
    wants_person: bool = False
    mood: int = 0


class Replying(_Part):
    """What is said to a question that holds one of these words."""

    asked: Texts
    say: Texts
    photo: Subject | None = None


class Talks(_Part):
    """Everything that is said in one language."""

    answers: list[Replying]
    otherwise: Texts
    impatient: Texts
    thanks: Texts
    praise: Texts
    blame: Texts
    agreeing: Texts
    talks: list[Talk]


@cache
def talks() -> Mapping[str, Talks]:
    """All talks by language."""
    return {
        language: Talks.model_validate(yaml.safe_load((_FOLDER / f"{language}.yml").read_text()))
        for language in LANGUAGES
    }


def names_of_mix() -> frozenset[str]:
    """What a mix may weigh: languages, and kinds of talks."""
    kinds = {talk.kind for said in talks().values() for talk in said.talks}
    return frozenset(kinds | {*LANGUAGES})

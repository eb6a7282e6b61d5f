"""`{{contact.first_name}}` and the like in a ready answer: looked at, and filled in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

KNOWN = (
    "contact.first_name",
    "contact.name",
    "ticket.number",
    "ticket.subject",
    "agent.first_name",
    "agent.name",
    "order.number",
)
"""What may stand in a ready answer; `{{contact.name|…}}` says what to write where it is missing."""
_PLACE = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that can't stay in a text: an `unknown` name, or `broken` braces."""

    kind: str
    text: str
    near: str | None = None
    """The name that was probably meant."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its values; what is `missing` is still there in braces."""

    text: str
    missing: tuple[str, ...]


def faults(text: str) -> Iterator[Fault]:
    """Everything that is wrong with the braces of a text."""
    for name in names(text):
        if name not in KNOWN:
            near = get_close_matches(name.lower(), KNOWN, n=1, cutoff=0.6)
            yield Fault("unknown", name, near[0] if near else None)
    rest = _PLACE.sub("", text)
    for braces in ("{{", "}}"):
        if braces in rest:
            place = rest.index(braces)
            yield Fault("broken", rest[max(place - 10, 0) : place + 20])


def names(text: str) -> list[str]:
    """The names in a text, each once, in their order."""
    return list(dict.fromkeys(found[1] for found in _PLACE.finditer(text)))


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put values in; a name without one is written as its own text says, or stays."""
    missing: list[str] = []

    def value(found: re.Match[str]) -> str:
        name, instead = found[1], found[2]
        if values.get(name):
            return values[name]
        if instead is not None:
            return instead.strip()
        missing.append(name)
        return f"{{{{{name}}}}}"

    filled = _PLACE.sub(value, text)
    return Filled(filled, tuple(dict.fromkeys(missing)))

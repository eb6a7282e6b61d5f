"""What the desk asks, told from its words and buttons as a shopper would, in both languages."""

import re
from collections.abc import Sequence
from enum import StrEnum

from simulator.crowd import signs
from simulator.crowd.hearing import Choice, Said
from simulator.crowd.plain import plain
from simulator.crowd.signs import shows

_NOTICE = re.compile(r"\s*_.*_\s*$")
_TAIL = 220  # letters at the end in which something is asked without a question mark


class Ask(StrEnum):
    """A kind of question; `signs.yml` says how each is told."""

    ORDER = "order"
    WHICH_ORDER = "which_order"
    EMAIL = "email"
    ITEM = "item"
    QUANTITY = "quantity"
    REASON = "reason"
    KIND = "kind"
    SIZE = "size"
    MEASURE = "measure"
    GENDER = "gender"
    CHART_OR_HELP = "chart_or_help"
    PRODUCT = "product"
    COLOR = "color"
    ADDRESS = "address"
    POSTCODE = "postcode"
    STREET = "street"
    HOUSE = "house"
    CITY = "city"
    STATE = "state"
    PHOTO = "photo"
    CODE = "code"
    NAME = "name"
    LANGUAGE = "language"
    PERSON = "person"
    WHICH_MATTER = "which_matter"
    RATING = "rating"
    CONFIRM = "confirm"
    OTHER = "other"


def asked(said: Sequence[Said]) -> Ask | None:
    """What the latest messages ask in the end; None: nothing."""
    text = "\n".join(one.text for one in said)
    choices = choices_of(said)
    question = _question(text, has_choices=bool(choices))
    if question is None:
        return None
    kind = next((name for name, pattern in signs.asks() if pattern.search(question)), None)
    if kind is not None:
        return Ask(kind)
    if _is_yes_or_no(choices) or shows(question, "asks_leave"):
        return Ask.CONFIRM
    if len(choices) > 2:
        return Ask.WHICH_MATTER
    return Ask.OTHER if "?" in question or choices else None


def choices_of(said: Sequence[Said]) -> tuple[Choice, ...]:
    """What can be pressed now: the choices of the last message that has any."""
    return next((one.choices for one in reversed(said) if one.choices), ())


def with_choices(said: Sequence[Said]) -> Said | None:
    """The message whose choices count."""
    return next((one for one in reversed(said) if one.choices), None)


def agreeing(choices: Sequence[Choice]) -> Choice | None:
    """The choice that says yes."""
    return next((one for one in choices if shows(one.title, "agree")), None)


def refusing(choices: Sequence[Choice]) -> Choice | None:
    """The choice that says no."""
    return next((one for one in choices if shows(one.title, "refuse")), None)


def _is_yes_or_no(choices: Sequence[Choice]) -> bool:
    return len(choices) == 2 and refusing(choices) is not None


def _question(text: str, *, has_choices: bool) -> str | None:
    """The last question with what follows it; without any, what tells them to do something."""
    # What stands in small print below a message asks nothing.
    paragraphs = [one for one in re.split(r"\n+", text) if one.strip() and not _NOTICE.match(one)]
    asking = [one for one in paragraphs if "?" in re.sub(r"https?://\S+", "", one)]
    if asking:
        sentences = re.split(r"(?<=[.!?])\s+", asking[-1])
        last = max(nth for nth, one in enumerate(sentences) if "?" in one)
        first = last - 1 if last and "?" in sentences[last - 1] else last
        return plain(" ".join(sentences[first:]))
    if has_choices:
        return plain(paragraphs[-1]) if paragraphs else ""
    tail = plain("\n".join(paragraphs))[-_TAIL:]
    return tail if shows(tail, "tells_to") else None

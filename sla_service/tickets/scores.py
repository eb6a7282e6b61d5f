"""What a contact's words and buttons say about how it went: read and written without a database."""

import re
from dataclasses import dataclass

import orjson

SCORES = (5, 4, 3, 2, 1)
"""In the order in which they are offered."""
LOW = 2
"""Up to here something went wrong."""
_PAYLOAD = "/rate"
_TYPED = re.compile(
    r"(?:nota\s*)?([1-5])(?:\s*/\s*5|\s*estrelas?|\s*stars?)?\s*[.!]*", re.IGNORECASE
)
_STARS = re.compile(r"(?:⭐️?\s*){1,5}|(?:★\s*){1,5}")
# Whoever asks, names a number, or wants something begins a new matter; the rest is a comment.
_REQUEST = re.compile(
    r"\?|\d{4}|\b(?:quero|queria|preciso|precisava|cad[eê]|onde|falar com"
    r"|i want|i need|i'd like|where|talk to|speak to|speak with)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A score that was chosen for one resolution of a ticket."""

    ticket: int
    resolution: int
    score: int


def payload(ticket: int, resolution: int, score: int) -> str:
    """What comes back when a contact chooses this score for a ticket's number."""
    said = {"score": score, "ticket": ticket, "resolution": resolution}
    return _PAYLOAD + orjson.dumps(said).decode()


def is_rating(pressed: str | None) -> bool:
    """Whether a button that was pressed is one of the scores'."""
    return pressed is not None and pressed.startswith(_PAYLOAD + "{")


def read(pressed: str) -> Pressed | None:
    """What a score's button means; None when it means nothing."""
    try:
        said = orjson.loads(pressed.removeprefix(_PAYLOAD))
        found = Pressed(int(said["ticket"]), int(said["resolution"]), int(said["score"]))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
    return found if found.score in SCORES else None


def typed(text: str) -> int | None:
    """The score that somebody wrote instead of choosing it: `5`, `nota 4`, `3/5`, `★★★★`."""
    words = text.strip()
    found = _TYPED.fullmatch(words)
    if found is not None:
        return int(found[1])
    return words.count("⭐") + words.count("★") if _STARS.fullmatch(words) else None


def is_comment(text: str) -> bool:
    """Whether words that follow a score are about it, and not the beginning of something else."""
    return bool(text.strip()) and _REQUEST.search(text) is None

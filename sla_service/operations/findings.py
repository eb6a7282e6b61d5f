"""What a look at the desk finds: a sentence about it, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    FINE = "fine"
    WARNING = "warning"
    """It works, and somebody should know."""
    ERROR = "error"
    """Something does not work, or is not safe."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    about: str
    sentence: str
    remedy: str = ""


def fine(about: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(Level.FINE, about, sentence)


def warning(about: str, sentence: str, remedy: str) -> Finding:
    """It works, but."""
    return Finding(Level.WARNING, about, sentence, remedy)


def error(about: str, sentence: str, remedy: str) -> Finding:
    """It does not work, or is not safe."""
    return Finding(Level.ERROR, about, sentence, remedy)

"""Takes single values out of a request, or refuses them by name as Meta does."""

from collections.abc import Collection
from typing import Any

from simulator.refusals import GraphError
from simulator.world import Json


def string(value: Any, name: str, *, longest: int, shortest: int = 1) -> str:
    """Take a string within its limits; `shortest=0` lets it be empty."""
    if value is None or (shortest and value == ""):
        raise GraphError(131008, f"The parameter {name} is required.")
    if not isinstance(value, str):
        raise GraphError(100, f"Param {name} must be a string.")
    if len(value) > longest:
        raise GraphError(131009, f"Param {name} must be at most {longest} characters long.")
    if shortest and not value.strip():
        raise GraphError(131009, f"Param {name} must not be blank.")
    return value


def obj(value: Any, name: str) -> Json:
    """Take a JSON object."""
    if value is None:
        raise GraphError(131008, f"The parameter {name} is required.")
    if not isinstance(value, dict):
        raise GraphError(100, f"Param {name} must be a JSON object.")
    return value


def items(value: Any, name: str) -> list[Any]:
    """Take a JSON array."""
    if value is None:
        raise GraphError(131008, f"The parameter {name} is required.")
    if not isinstance(value, list):
        raise GraphError(100, f"Param {name} must be a JSON array.")
    return value


def number(value: Any, name: str, *, largest: float) -> float:
    """Take a number of at most this size, also written as a string."""
    try:
        taken = float(value)
    except (TypeError, ValueError):
        raise GraphError(131009, f"Param {name} must be a number.") from None
    if not -largest <= taken <= largest:
        raise GraphError(131009, f"Param {name} is out of range.")
    return taken


def choice(value: Any, name: str, choices: Collection[str]) -> str:
    """Take one of several words."""
    if not isinstance(value, str) or value not in choices:
        raise GraphError(100, f"Param {name} must be one of {{{', '.join(choices).upper()}}}.")
    return value


def is_link(value: Any) -> bool:
    """Tell whether a value can be fetched."""
    return isinstance(value, str) and value.startswith(("http://", "https://"))

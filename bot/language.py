"""Which language a turn is answered in, of all that is known about it."""

from __future__ import annotations

from dataclasses import dataclass

from rasa.shared.core.events import UserUttered

SLOT = "language"


@dataclass(frozen=True)
class TurnLanguage:
    """A language's code, and whether the shopper asked for it in this very turn."""

    name: str | None
    explicit: bool = False


def of_turn(message: UserUttered | None, remembered: str | None) -> TurnLanguage:
    """An explicit wish, else a decisive text, else what the desk knows, else what we remember.

    A detection only has a name when it is decisive, so wish and text are one case here.
    """
    detected = (message.parse_data or {}).get("language") if message else None
    if isinstance(detected, dict) and detected.get("name"):
        return TurnLanguage(detected["name"], bool(detected.get("explicit")))
    told = (message.metadata or {}).get("language") if message else None
    return TurnLanguage(told or remembered)

"""What a contact's number may be used for."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a contact's number may be used for."""

    SERVICE = "service"
    """To answer what they ask; the notice at the first contact says so."""
    PROACTIVE = "proactive"
    """News of their orders that they did not ask for."""
    RATING = "rating"
    """The question how it went."""
    MARKETING = "marketing"

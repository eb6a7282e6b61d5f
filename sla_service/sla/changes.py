"""A ticket that moves on: where it stood, and what is to be written."""

from dataclasses import dataclass, field
from typing import Any

from sla_service.sla.events import Event
from sla_service.sla.fold import Ticket


@dataclass(slots=True)
class Change:
    """One ticket's step, in one transaction; its row is locked."""

    ticket_id: int
    ticket: Ticket
    seq: int = 0
    """How many events it had before."""
    before: dict[str, Any] = field(default_factory=dict)
    """Its snapshot before; empty: it is new."""
    events: list[Event] = field(default_factory=list)

"""What can happen to a ticket, as far as its promises are concerned."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """Kinds of events, with what each carries in `payload`."""

    OPENED = "opened"
    """The ticket began. Everything of ATTRIBUTES, `priority`, `status`, `tier`, and the `rulebook`
    it falls under; all optional."""
    CONTACT_MESSAGE = "contact_message"
    AGENT_MESSAGE = "agent_message"
    """A person's public reply."""
    BOT_MESSAGE = "bot_message"
    NOTE = "note"
    """Internal: the contact doesn't see it."""
    STATUS = "status"
    """`status`: open, pending, on_hold or resolved."""
    PRIORITY = "priority"
    """`priority`: low, normal, high or urgent."""
    ATTRIBUTES = "attributes"
    """Any of `channel`, `segment`, `intent`, `language` (strings) and `tags` (a list)."""
    ASSIGNMENT = "assignment"
    """`tier`: who works on it now, a name in the escalation chain (bot, agent, senior…)."""
    ACKNOWLEDGEMENT = "acknowledgement"
    """Somebody took notice: the escalation under way stops until the next unanswered message."""
    RULEBOOK = "rulebook"
    """`rulebook`: from here on this version of policies and calendars counts."""
    MERGED_INTO = "merged_into"
    """The ticket ended as part of another."""
    MERGED_FROM = "merged_from"
    """Another ticket became part of this one. `first_contact_at`, `unanswered_at`: its anchors,
    in microseconds, or null."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `at` in microseconds since 1970 UTC, never earlier than the last."""

    at: int
    kind: EventKind
    payload: dict[str, Any] = field(default_factory=dict)

"""What processes tell each other in a few words, as events that an open page understands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sla_service.database.wake import Channel

Doing = Literal["viewing", "replying", "left"]
_MANY = 200  # more changed conversations than this, and a page had better look at everything


@dataclass(frozen=True, slots=True)
class News:
    """An event: for everybody, or for one agent alone."""

    event: str
    data: dict[str, Any] = field(default_factory=dict)
    agent_id: int | None = None

    def is_for(self, agent_id: int | None) -> bool:
        """Whether somebody is told."""
        return self.agent_id is None or self.agent_id == agent_id


EVERYTHING = News("everything")


@dataclass(slots=True)
class Heard:
    """What was told within a moment, each thing once."""

    everything: bool = False
    conversations: set[int] = field(default_factory=set)
    reads: set[tuple[int, int]] = field(default_factory=set)
    offers: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    looks: dict[tuple[int, int], str] = field(default_factory=dict)
    notices: set[int | None] = field(default_factory=set)
    """None: several."""

    def hear(self, channel: Channel, payload: str) -> None:
        """Take in a notification; one that can't be read may mean anything."""
        kind, *parts = payload.split(":")
        numbers = [int(part) for part in parts if _is_number(part)]
        match kind, numbers:
            case number, [] if channel is Channel.ALERTS:
                self.notices.add(int(number) if _is_number(number) else None)
            case number, [] if _is_number(number) and not parts:
                self.conversations.add(int(number))
            case "offer", [offer]:
                self.offers.add(offer)
            case "presence", [agent]:
                self.people.add(agent)
            case "read", [conversation, agent]:
                self.reads.add((conversation, agent))
            case "viewing", [conversation, agent] if len(parts) == 3:
                self.looks[conversation, agent] = parts[2]
            case _:
                self.everything = True

    @property
    def moves_counts(self) -> bool:
        """Whether views may have grown or shrunk."""
        return bool(self.everything or self.conversations or self.reads)

    def news(self, offers: Sequence[News] = ()) -> Sequence[News]:
        """The events; `offers` are those about the offers that were told of."""
        notices = sorted(self.notices, key=lambda one: one or 0)
        told = [
            *offers,
            *(News("notice", {"id": one}) for one in notices),
            *(News("presence", {"agent": one}) for one in sorted(self.people)),
            *(
                News("viewing", {"conversation": conversation, "agent": agent, "doing": doing})
                for (conversation, agent), doing in self.looks.items()
            ),
            *(News("conversation", {"id": one}, agent) for one, agent in sorted(self.reads)),
        ]
        if self.everything or len(self.conversations) > _MANY:
            return [EVERYTHING, *told]
        changed = [News("conversation", {"id": one}) for one in sorted(self.conversations)]
        return [*changed, *told]


def looking(conversation_id: int, agent_id: int, doing: Doing) -> str:
    """The notification that somebody looks at a conversation, answers it, or has left it."""
    return f"viewing:{conversation_id}:{agent_id}:{doing}"


def has_read(conversation_id: int, agent_id: int) -> str:
    """The notification that somebody has read a conversation."""
    return f"read:{conversation_id}:{agent_id}"


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 18

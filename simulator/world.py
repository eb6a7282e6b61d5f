"""What exists: shoppers, their chats, the webhooks we owe, and what the Graph API accepted."""

import base64
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from simulator.feed import Feed
from simulator.shoppers import Shopper, demo_cast, find

Json = dict[str, Any]

_LONGEST_CHAT = 2000
_LONGEST_RECORD = 50_000


@dataclass
class Message:
    """One bubble; `author` is "shopper" or "business", `content` the object named like the type."""

    id: str
    shopper: str
    author: str
    at: float
    type: str
    content: Any
    context: Json | None = None
    status: str = "sent"
    reactions: dict[str, str] = field(default_factory=dict)
    is_edited: bool = False
    is_deleted: bool = False
    # What the statuses of a business message repeat.
    callback_data: str | None = None
    to_phone: bool = True
    is_reported_read: bool = False


@dataclass
class Delivery:
    """A POST we owe the desk: updates that travel together, and the lanes they keep order in."""

    id: int
    updates: list[Json]
    lanes: list[str]
    created_at: float
    not_before: float
    messages: list[str] = field(default_factory=list)
    attempts: int = 0
    is_copy: bool = False


@dataclass
class World:
    """All state, in memory; `touch` says that it changed, `keep` that it must not be lost."""

    feed: Feed
    now: Callable[[], float]
    shoppers: dict[str, Shopper] = field(default_factory=dict)
    chats: dict[str, list[Message]] = field(default_factory=dict)
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    record: deque[Json] = field(default_factory=lambda: deque(maxlen=_LONGEST_RECORD))
    templates: list[Json] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    touch: Callable[[], None] = lambda: None
    keep: Callable[[], None] = lambda: None
    _index: dict[str, Message] = field(default_factory=dict)

    def begin(self) -> None:
        """Start over with the demo cast."""
        self.shoppers = {one.key: one for one in demo_cast()}
        self.chats = {key: [] for key in self.shoppers}
        self._index = {}
        self.deliveries.clear()
        self.record.clear()
        self.counters.clear()
        self.changed({"type": "reset"})

    def adopt(self, shopper: Shopper) -> None:
        self.shoppers[shopper.key] = shopper
        self.chats.setdefault(shopper.key, [])
        self.changed({"type": "shoppers"})

    def find(self, name: str) -> Shopper | None:
        return self.shoppers.get(name) or find(self.shoppers.values(), name)

    def message(self, wamid: str) -> Message | None:
        return self._index.get(wamid)

    def add(self, message: Message) -> None:
        chat = self.chats[message.shopper]
        chat.append(message)
        self._index[message.id] = message
        if len(chat) > _LONGEST_CHAT:
            for old in chat[: len(chat) - _LONGEST_CHAT]:
                self._index.pop(old.id, None)
            del chat[: len(chat) - _LONGEST_CHAT]
        self.show(message)

    def show(self, message: Message) -> None:
        """Let the pages draw a message that is new or has changed."""
        self.changed({"type": "message", "shopper": message.shopper, "message": message})

    def changed(self, event: Json) -> None:
        self.feed.publish(event)
        self.touch()

    def note(self, entry: Json) -> None:
        """Keep what the Graph API accepted, in order."""
        self.record.append({"seq": self.next("record"), "at": self.now(), **entry})
        self.touch()

    def next(self, counter: str) -> int:
        self.counters[counter] = self.counters.get(counter, 0) + 1
        return self.counters[counter]

    def messages(self) -> Iterator[Message]:
        for chat in self.chats.values():
            yield from chat


def new_wamid() -> str:
    """Invent a message id in Meta's style."""
    return "wamid." + base64.b64encode(b"\x1d\x07" + secrets.token_bytes(28)).decode()

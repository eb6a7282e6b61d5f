"""The live stream of a console, listened to without a browser."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.e2e.desk import until


@dataclass
class Ear:
    """What a live stream told, kept by a thread of its own."""

    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    mark: str = ""
    is_open: bool = False
    is_over: bool = False

    def has_heard_of(self, conversations: list[int]) -> bool:
        """Whether it was told that each of these had changed."""
        told = {data["id"] for event, data in list(self.told) if event == "conversation"}
        return told.issuperset(conversations)

    def has_seen(self, wanted: str, conversation: int | None = None) -> bool:
        """Whether it was told of something, at a conversation if that is said."""
        return any(
            event == wanted and conversation in {None, data.get("conversation")}
            for event, data in list(self.told)
        )

    def listen(self, page: httpx2.Client, mark: str) -> None:
        """Take in what is told until the stream ends."""
        event = ""
        try:
            with page.stream("GET", "/api/events", headers={"Last-Event-ID": mark}) as stream:
                self.is_open = stream.status_code == 200
                for line in stream.iter_lines():
                    name, _, value = line.partition(": ")
                    if name == "event":
                        event = value
                    elif name == "id":
                        self.mark = value
                    elif name == "data":
                        self.told.append((event, json.loads(value)))
        except httpx2.TransportError:
            pass
        finally:
            self.is_over = True


@contextmanager
def listening(page: httpx2.Client, mark: str = "") -> Iterator[Ear]:
    """Listen from `mark` on, until the client is closed or the process ends."""
    ear = Ear()
    thread = threading.Thread(target=ear.listen, args=(page, mark), daemon=True)
    thread.start()
    until(lambda: ear.is_open and ear.has_seen("counts"), "the stream to be open")
    yield ear

"""Who changed what at the demo shop, and what a key was answered before."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_MOST_KEYS = 20_000


@dataclass(frozen=True)
class Entry:
    """One change, or one that was refused; `who` is the desk or the shop's screen."""

    at: datetime
    who: str
    act: str
    order: str
    outcome: str
    details: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "who": self.who,
            "act": self.act,
            "order": self.order,
            "outcome": self.outcome,
            "details": dict(self.details),
        }


class Audit:
    """Every write, oldest first."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def note(
        self, at: datetime, who: str, act: str, order: str, outcome: str, **details: str
    ) -> None:
        """Write down one change."""
        self._entries.append(Entry(at, who, act, order, outcome, details))

    def entries(self, order: str | None = None) -> list[Entry]:
        """What was written, of one order or of all, newest first."""
        return [one for one in reversed(self._entries) if order in {None, one.order}]


@dataclass(frozen=True)
class Reply:
    """An answer as it was given, to be given again."""

    status: int
    body: bytes
    media_type: str


class Keys:
    """The answers given under each idempotency key, the oldest forgotten first."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, tuple[str, Reply]] = OrderedDict()

    def find(self, key: str, fingerprint: str) -> Reply | None:
        """What was answered under this key; raises LookupError when it was asked for another."""
        found = self._given.get(key)
        if found is None:
            return None
        if found[0] != fingerprint:
            raise LookupError(key)
        return found[1]

    def keep(self, key: str, fingerprint: str, reply: Reply) -> None:
        """Remember an answer."""
        self._given[key] = (fingerprint, reply)
        while len(self._given) > _MOST_KEYS:
            self._given.popitem(last=False)


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same wish; not the version: who comes back has seen a newer."""
    parts = (method.encode(), path.encode(), body)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()

"""What must be true when it is quiet again: the desk's tables beside what Meta's side saw."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import psycopg

from sla_service.conversations import callbacks
from sla_service.conversations.media_store import MediaStore
from tests.e2e.faults.crowd import PRESSES, Guest, Role
from tests.e2e.faults.stage import LEASE, SEND_TIMEOUT
from tests.e2e.wording import first_response, response

_ON_ITS_WAY = LEASE + SEND_TIMEOUT + 6.0  # a frozen worker sends what it had begun, and slowly
Record = Sequence[Mapping[str, Any]]


@dataclass
class Findings:
    """How much was looked at, and what was wrong; each with a sentence for whoever looks into it.

    `doubled_unheard` are answers said twice because Meta took the first, its answer got lost, and
    its status came later than a repeat can wait: nobody can know better.
    """

    counts: Counter[str] = field(default_factory=Counter)
    sentences: list[str] = field(default_factory=list)

    def wrong(self, kind: str, sentence: str, times: int = 1) -> None:
        """Something that must not be."""
        self.counts[kind] += times
        self.sentences.append(f"{kind}: {sentence}")

    def add(self, other: "Findings") -> None:
        """What was found elsewhere as well."""
        self.counts.update(other.counts)
        self.sentences += other.sentences


@dataclass(frozen=True)
class Books:
    """The tables as they are in the end, and what the Graph API accepted in this round."""

    server: psycopg.Connection[Any]
    record: Record
    guests: Sequence[Guest]
    store: MediaStore
    arrivals: Mapping[str, tuple[int, int]]
    """Where each message came first: the delivery, and the place in it."""

    @classmethod
    def opened(
        cls,
        server: psycopg.Connection[Any],
        record: Record,
        guests: Sequence[Guest],
        store: MediaStore,
    ) -> "Books":
        """With what each message's place was when it came."""
        came = server.execute(_ARRIVALS).fetchall()
        arrivals = {row.key.removeprefix("m:"): (row.delivery_id, row.place) for row in came}
        return cls(server, record, guests, store, arrivals)

    def check(self, found: Findings) -> None:
        """Compare everything."""
        self._stored(found)
        self._answered(found)
        self._said_by_people(found)
        self._sent(found)
        self._files(found)

    def _stored(self, found: Findings) -> None:
        """Every message once, with its words, in the order in which it reached the desk."""
        for guest in self.guests:
            kept = self._rows(_KEPT, key=guest.shopper.key)
            found.counts["messages"] += len(guest.sent)
            texts = {row.wamid: row.text for row in kept}
            for sent in guest.sent:
                if sent.wamid not in texts:
                    found.wrong("lost", f"{sent.wamid} of {guest.role} was not stored")
                elif sent.text is not None and texts[sent.wamid] != sent.text:
                    found.wrong("lost", f"{sent.wamid} was stored with other words")
            if len(kept) != len({sent.wamid for sent in guest.sent}):
                found.wrong("doubled", f"{guest.role}: {len(kept)} of {len(guest.sent)} stored")
            placed = [self.arrivals[row.wamid] for row in kept if row.wamid in self.arrivals]
            if placed != sorted(placed):
                found.wrong("out_of_order", f"{guest.role} {guest.shopper.key} was stored so")
            for row in kept:
                if row.is_waiting or row.is_open:
                    found.wrong("lost", f"message {row.id} of {guest.role} still waits")
                elif row.is_for_bot and not row.answers and not row.turn_error:
                    found.wrong("lost", f"message {row.id} of {guest.role} was never answered")

    def _answered(self, found: Findings) -> None:
        """Those who only talk to the bot heard its answers, each once, in order."""
        for guest in self.guests:
            if guest.role is not Role.TALKS:
                continue
            heard = _first_times(self._heard(guest))
            places = [self.arrivals.get(sent.wamid, (0, 0)) for sent in guest.sent]
            wanted = [PRESSES[n % len(PRESSES)][1] for n in range(len(guest.sent))]
            if places != sorted(places):  # Meta brought them so, and the answers follow that
                found.counts["brought_out_of_order"] += 1
                wanted = []
            for n, (names, one) in enumerate(zip(wanted, heard, strict=False)):
                make = first_response if n == 0 else response
                if not any(make(name, "pt").fullmatch(_text(one)) for name in names):
                    found.wrong("out_of_order", f"{guest.shopper.key} heard {_text(one)!r} as {n}")
                    break
            missing = len(guest.sent) - len(heard)
            if missing > 0:
                found.wrong("lost", f"{guest.shopper.key} misses {missing} answers", missing)
            elif missing < 0:
                found.wrong("doubled", f"{guest.shopper.key} heard {-missing} more", -missing)
            found.counts["answers"] += len(heard)

    def _said_by_people(self, found: Findings) -> None:
        """What agents said was read once; what they never knew of, at most once."""
        for guest in self.guests:
            texts = [_text(one) for one in _first_times(self._heard(guest))]
            counted = Counter(texts)
            for text in guest.replied:
                if counted[text] != 1:
                    kind = "doubled" if counted[text] else "lost"
                    found.wrong(kind, f"an agent's {text!r} was read {counted[text]} times")
            for text in guest.doubtful:
                if counted[text] > 1:
                    found.wrong("doubled", f"an agent's {text!r} was read twice")
            said = [text for text in texts if text in set(guest.replied)]
            if said != [text for text in guest.replied if text in counted]:
                found.wrong("out_of_order", f"agents' words to {guest.shopper.key}")
            found.counts["replies"] += len(guest.replied)

    def _sent(self, found: Findings) -> None:
        """Each message was accepted once, in order, under the owner it was composed for."""
        accepted: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for entry in self.record:
            accepted[_number(entry)].append(entry)
        begun = defaultdict(list)
        for row in self._rows("SELECT * FROM witness.sends ORDER BY at"):
            begun[row.message_id].append(row)
            if row.owed_fence != row.fence and row.message_id in accepted:
                found.wrong("sends_without_owner", f"message {row.message_id} began to be sent")
        for number, entries in accepted.items():
            self._accepted(found, number, entries, begun[number])
        for guest in self.guests:
            order = [_number(one) for one in _first_times(self._heard(guest))]
            if order != sorted(order):
                found.wrong("out_of_order", f"{guest.shopper.key} heard {order}")
        for row in self._rows(_STATES, keys=[guest.shopper.key for guest in self.guests]):
            if row.id not in accepted and row.state != "refused":
                found.wrong("lost", f"message {row.id} is {row.state} and never reached Meta")
            elif row.state in {"queued", "failed"}:
                found.wrong("lost", f"message {row.id} is {row.state} in the end: {row.failure}")

    def _accepted(
        self,
        found: Findings,
        number: int,
        entries: Sequence[Mapping[str, Any]],
        begun: Sequence[Any],
    ) -> None:
        if len(entries) > len(begun):
            found.wrong("sends_without_owner", f"message {number} was sent oftener than begun")
        for entry in entries:
            before = [one for one in begun if one.at.timestamp() <= entry["at"]]
            if not before or entry["at"] - before[-1].at.timestamp() > _ON_ITS_WAY:
                found.wrong("sends_without_owner", f"message {number} was sent late")
        for earlier, later in pairwise(entries):
            again = [one.at for one in begun if one.at.timestamp() <= later["at"]][-1]
            told_at = self._told_at(earlier["id"])
            if told_at is None or told_at > again:
                found.counts["doubled_unheard"] += 1
                continue
            found.wrong("doubled", f"message {number}, again at {again}, was told of at {told_at}")

    def _files(self, found: Findings) -> None:
        """Every file is here, whole."""
        keys = [guest.shopper.key for guest in self.guests]
        for row in self._rows(_FILES, keys=keys):
            found.counts["files"] += 1
            if row.sha256 is None or not self.store.has(row.sha256):
                found.wrong("lost", f"the file of {row.message_id} is {row.state}: {row.error}")
            elif hashlib.sha256(self.store.path(row.sha256).read_bytes()).hexdigest() != row.sha256:
                found.wrong("lost", f"the file of {row.message_id} is damaged")

    def _heard(self, guest: Guest) -> list[Mapping[str, Any]]:
        return [entry for entry in self.record if entry["shopper"] == guest.shopper.key]

    def _told_at(self, wamid: str) -> datetime | None:
        """When the first status of a message was stored."""
        told: datetime | None = self._rows(_FIRST_STATUS, like=f"s:{wamid}:%")[0].at
        return told

    def _rows(self, query: str, **values: Any) -> list[Any]:
        return self.server.execute(query, values).fetchall()  # type: ignore[arg-type]


def _first_times(heard: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What was accepted, without what was accepted again."""
    seen: dict[str, Mapping[str, Any]] = {}
    for one in heard:
        seen.setdefault(one["biz_opaque_callback_data"], one)
    return list(seen.values())


def _number(one: Mapping[str, Any]) -> int:
    return callbacks.message_id(one["biz_opaque_callback_data"]) or 0


def _text(one: Mapping[str, Any]) -> str:
    body = one["body"]
    content = body[body["type"]]
    told: str = content["body"]["text"] if body["type"] == "interactive" else content["body"]
    return told


_KEPT = """
SELECT m.id, m.wamid, m.text, m.is_waiting, m.turn_id IS NOT NULL AS is_for_bot,
       t.error AS turn_error, COALESCE(t.id IS NOT NULL AND t.closed_at IS NULL, false) AS is_open,
       (SELECT count(*) FROM messages a WHERE a.turn_id = t.id AND a.author <> 'contact') AS answers
FROM messages m
JOIN conversations c ON c.id = m.conversation_id
JOIN contacts p ON p.id = c.contact_id
LEFT JOIN turns t ON t.id = m.turn_id
WHERE p.bsuid = %(key)s AND m.author = 'contact' ORDER BY m.id
"""
_ARRIVALS = "SELECT key, delivery_id, place FROM whatsapp_updates WHERE kind = 'message'"
_STATES = """
SELECT m.id, m.state, m.failure
FROM messages m
JOIN conversations c ON c.id = m.conversation_id
JOIN contacts p ON p.id = c.contact_id
WHERE m.author <> 'contact' AND p.bsuid = ANY(%(keys)s)
"""
_FIRST_STATUS = """
SELECT min(d.received_at) AS at
FROM whatsapp_updates u JOIN whatsapp_deliveries d ON d.id = u.delivery_id
WHERE u.key LIKE %(like)s
"""
_FILES = """
SELECT f.message_id, f.sha256, f.state, f.error
FROM media_files f
JOIN messages m ON m.id = f.message_id
JOIN conversations c ON c.id = m.conversation_id
JOIN contacts p ON p.id = c.contact_id
WHERE p.bsuid = ANY(%(keys)s)
"""

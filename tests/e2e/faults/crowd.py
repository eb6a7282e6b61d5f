"""Shoppers who write to the bot and to people while all goes wrong, and agents who answer."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count, cycle
from typing import Any

import httpx2
import psycopg

from tests.e2e.faults.stage import Stage
from tests.e2e.shopper import Shopper

# Each has an answer of its own, which nothing but the bot and its actions has a part in; so that
# one that is missing, repeated or misplaced is seen.
PRESSES = (
    ("/thank", ("utter_thank",)),
    ("/greet", ("utter_greet_by_name", "utter_greet_again")),
    ("/goodbye", ("utter_goodbye",)),
    ("/deny", ("utter_nothing_else",)),
)
_PICTURE = "image/png"
_AGENTS_PAUSE = 0.4
_UNTIL_TAKEN = 90.0
_ACCEPTED, _REFUSED = range(200, 300), range(400, 500)


class Role(StrEnum):
    """What a shopper is here for."""

    TALKS = "talks"
    """To the bot, by buttons."""
    SEEKS = "seeks"
    """An order: the bot asks the order system, or calls people when it is down."""
    WAITS = "waits"
    """For people, with words and pictures; no bot hears them."""
    CONTESTED = "contested"
    """Talks to the bot, from which people take the conversation, and give it back."""


_CAST = {Role.TALKS: 10, Role.SEEKS: 4, Role.WAITS: 8, Role.CONTESTED: 4}


@dataclass
class Sent:
    """What a shopper wrote, in order: its id, and the text where it was one."""

    wamid: str
    text: str | None


@dataclass
class Guest:
    """A shopper of this round, and what they did."""

    shopper: Shopper
    role: Role
    sent: list[Sent] = field(default_factory=list)
    replied: list[str] = field(default_factory=list)
    """What agents were told had been accepted, in order."""
    doubtful: list[str] = field(default_factory=list)
    """What agents tried to say until time was up."""


class Crowd:
    """A round's shoppers: they write at random until told to stop."""

    def __init__(self, stage: Stage, dice: random.Random, numbers: Callable[[], str]) -> None:
        self._stage = stage
        self._dice = dice
        self._over = threading.Event()
        self.guests = [
            Guest(Shopper(stage.simulator, numbers(), "Ana Souza"), role)
            for role, size in _CAST.items()
            for _ in range(size)
        ]
        self._presses = {id(guest): cycle(PRESSES) for guest in self.guests}

    def write(self, per_second: float, seconds: float) -> int:
        """Write so often for so long; returns how many messages that was."""
        for guest in self.guests:
            if guest.role is Role.WAITS:
                self._send(guest, _text("quero falar com uma pessoa"), "quero falar com uma pessoa")
        began, written = time.monotonic(), 0
        while time.monotonic() - began < seconds:
            self._one(self._dice.choice(self.guests))
            written += 1
            ahead = written / per_second - (time.monotonic() - began)
            self._over.wait(max(ahead, 0))
        return sum(len(guest.sent) for guest in self.guests)

    def _one(self, guest: Guest) -> None:
        if guest.role in {Role.TALKS, Role.CONTESTED}:
            self._send(guest, _button(next(self._presses[id(guest)])[0]), None)
        elif guest.role is Role.SEEKS:
            number = self._dice.randrange(40_000, 60_000)
            self._send(guest, _button(f'/track_order{{"order_number": "{number}"}}'), None)
        elif self._dice.random() < 0.2:
            self._post(guest, media={"mime_type": _PICTURE}, text=None)
        else:
            text = f"mensagem {len(guest.sent)} de {guest.shopper.address}"
            self._send(guest, _text(text), text)

    def _send(self, guest: Guest, message: dict[str, Any], text: str | None) -> None:
        self._post(guest, message=message, text=text)

    def _post(self, guest: Guest, *, text: str | None, **what: Any) -> None:
        body = {"shopper": guest.shopper.address, "name": guest.shopper.name, **what}
        answer = self._stage.simulator.post("/control/inbound", json=body).raise_for_status()
        guest.sent.append(Sent(answer.json()["id"], text))


class Agents:
    """People at their consoles: they take conversations, answer, and give some of them back."""

    def __init__(self, stage: Stage, guests: list[Guest], dice: random.Random) -> None:
        self._stage = stage
        self._guests = [g for g in guests if g.role in {Role.WAITS, Role.CONTESTED}]
        self._dice = dice
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="agents", daemon=True)
        self._held: dict[str, int] = {}
        self._said = count()
        self.told: Counter[int] = Counter()
        """What the desk answered, by status; 0: nothing."""

    def __enter__(self) -> "Agents":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._over.wait(_AGENTS_PAUSE):
            guest = self._dice.choice(self._guests)
            conversation = self._conversation(guest)
            if conversation is None:
                continue
            if guest.role is Role.WAITS and self._owner(conversation) == "bot":
                continue  # the bot has yet to hand it over
            if self._call(f"{conversation}/assignment", {"agent": "me"}) in _ACCEPTED:
                self._reply(guest, conversation)
                if guest.role is Role.CONTESTED:
                    self._call(f"{conversation}/bot", {})

    def _reply(self, guest: Guest, conversation: int) -> None:
        """Say something once, however often it takes to be told that it was accepted or refused."""
        text = f"resposta {next(self._said)} a {guest.shopper.address}"
        until = time.monotonic() + _UNTIL_TAKEN
        tries = 0
        while time.monotonic() < until:
            status = self._call(f"{conversation}/messages", {"text": text}, key=text)
            if status in _ACCEPTED:
                guest.replied.append(text)
                return
            if status in _REFUSED and not tries:
                return
            if status in _REFUSED:
                break  # it may have been accepted before, and nobody heard of it
            tries += 1
            time.sleep(_AGENTS_PAUSE)
        guest.doubtful.append(text)

    def _call(self, path: str, body: dict[str, Any], key: str | None = None) -> int:
        headers = {"Idempotency-Key": key} if key else {}
        url = f"/api/conversations/{path}"
        try:
            answer = self._stage.console.post(url, json=body, headers=headers)
        except httpx2.HTTPError:
            self.told[0] += 1
            return 0
        self.told[answer.status_code] += 1
        return int(answer.status_code)

    def _conversation(self, guest: Guest) -> int | None:
        if guest.shopper.address not in self._held:
            found = self._ask(_CONVERSATION, guest.shopper.address)
            if found is None:
                return None
            self._held[guest.shopper.address] = found
        return self._held[guest.shopper.address]

    def _owner(self, conversation: int) -> Any:
        return self._ask("SELECT owner FROM conversations WHERE id = %s", conversation)

    def _ask(self, query: str, value: Any) -> Any:
        try:
            with psycopg.connect(self._stage.url, autocommit=True) as connection:
                row = connection.execute(query, [value]).fetchone()  # type: ignore[arg-type]
        except psycopg.OperationalError:
            return None
        return row[0] if row else None


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": text}}


def _button(payload: str) -> dict[str, Any]:
    reply = {"type": "button_reply", "button_reply": {"id": payload, "title": "…"}}
    return {"type": "interactive", "interactive": reply}


_CONVERSATION = """
SELECT c.id FROM conversations c JOIN contacts p ON p.id = c.contact_id WHERE p.wa_id = %s
"""

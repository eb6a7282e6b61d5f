"""One shopper's visit on a busy day: what they do next, from what the shop said last."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.busy_crowd import Person
from simulator.busy_talks import Item, Replying, Talk, Talks
from simulator.busy_words import filled, typed
from simulator.world import Json, Message

_ANSWERS_AT_MOST = 10
_PRESSES_AT_MOST = 3
_MENU = 3  # choices: more than a yes and a no
_READING = (1.5, 9.0)  # seconds from what the shop said to what is said to that
_PATIENCE = (40.0, 150.0)  # seconds without an answer
_SCORE = re.compile(r"[1-5] [–-]")
_SCORES = (5, 5, 5, 4, 4, 3, 2, 1)


@dataclass(frozen=True)
class Pressed:
    """A choice that was offered: the wire object, and the message it stands in."""

    type: str
    content: Json
    of: str


@dataclass(frozen=True)
class Act:
    """What somebody does at once: messages in their order; none: they only read."""

    items: tuple[Item | Pressed, ...] = ()


@dataclass
class Visit:
    """A talk under way; everything that is left to chance follows from `chance`."""

    person: Person
    talk: Talk
    said: Talks
    chance: random.Random
    wrote_at: float = 0.0
    step: int = 0
    answers: int = 0
    presses: int = 0
    is_over: bool = False
    was_impatient: bool = False
    has_rated: bool = False
    read: set[str] = field(default_factory=set)
    think: float = 0.0
    patience: float = 0.0

    def begin(self, now: float) -> Act:
        """What they begin with."""
        return self._on(now)

    def next(self, chat: Sequence[Message], now: float) -> Act | None:
        """What they do now; None: they wait."""
        news = self._news(chat)
        if not news:
            return None if self.is_over else self._unanswered(now)
        latest = news[-1]
        if now < max(latest.at, self.wrote_at) + self.think:
            return None
        self.read.update(message.id for message in news)
        self._think()
        offered = next((one for one in reversed(news) if _choices(one)), None)
        act = self._chosen(offered) if offered is not None else None
        is_menu = offered is not None and len(_choices(offered)) >= _MENU
        if act is None and not is_menu:
            act = self._said_to(latest)
        if act is None and not self.is_over:
            act = self._on(now) if self.step < len(self.talk.steps) else self._parting()
        if act is not None and act.items:
            self.wrote_at = now
        return act

    def _news(self, chat: Sequence[Message]) -> list[Message]:
        news: list[Message] = []
        for message in reversed(chat):
            if message.author == "shopper" or message.id in self.read:
                break
            news.append(message)
        return news[::-1]

    def _unanswered(self, now: float) -> Act | None:
        if now < self.wrote_at + self.patience:
            return None
        if self.step < len(self.talk.steps) and self.chance.random() < 0.5:
            return self._on(now)
        if self.was_impatient or self.chance.random() < 0.5:
            self.is_over = True  # they put the phone away
            return Act()
        self.was_impatient = True
        self.wrote_at = now
        return self._say(self.said.impatient)

    def _on(self, now: float) -> Act:
        """The next of what they came to say."""
        burst = self.talk.steps[self.step]
        self.step += 1
        self.wrote_at = now
        self._think()
        return Act(tuple(self._filled(item) for item in burst))

    def _think(self) -> None:
        self.think = self.chance.uniform(*_READING)
        self.patience = self.chance.uniform(*_PATIENCE)

    def _chosen(self, offered: Message) -> Act | None:
        choices = _choices(offered)
        scores = [one for one in choices if one[1].startswith("/rate") or _SCORE.match(one[0])]
        if len(scores) == 5:
            return self._rated(offered, scores)
        if self.is_over or self.presses >= _PRESSES_AT_MOST:
            return None
        if self.step < len(self.talk.steps) and self.chance.random() < 0.6:
            return None  # most write what they came for, whatever is offered
        self.presses += 1
        return Act((_pressed(offered, self._preferred(choices)),))

    def _rated(self, offered: Message, scores: list[tuple[str, str]]) -> Act | None:
        if self.has_rated or self.chance.random() < 0.2:
            return Act()
        self.has_rated = self.is_over = True
        score = min(max(self.chance.choice(_SCORES) + self.talk.mood, 1), 5)
        row = next(one for one in scores if one[0].startswith(str(score)))
        comment: tuple[Item, ...] = ()
        if self.chance.random() < 0.4:
            words = self.said.praise if score > 3 else self.said.blame
            comment = (self._text(self.chance.choice(words)),)
        return Act((_pressed(offered, row), *comment))

    def _preferred(self, choices: list[tuple[str, str]]) -> tuple[str, str]:
        wanted = [one for one in choices if _has(one[0], self.said.agreeing)]
        if self.talk.wants_person and wanted:
            return self.chance.choice(wanted)
        return self.chance.choice(choices)

    def _said_to(self, latest: Message) -> Act | None:
        """An answer to a question; None: it was none, or enough was answered."""
        text = _text_of(latest)
        if "?" not in text or self.answers >= _ANSWERS_AT_MOST or self.has_rated:
            return None
        question = text.lower()
        reply = next((one for one in self.said.answers if _has(question, one.asked)), None)
        if reply is None and self.step < len(self.talk.steps):
            return None
        self.answers += 1
        return self._replied(reply) if reply is not None else self._say(self.said.otherwise)

    def _replied(self, reply: Replying) -> Act:
        words = self._text(self.chance.choice(reply.say))
        return Act((Item(photo=reply.photo), words) if reply.photo else (words,))

    def _parting(self) -> Act:
        self.is_over = True
        return self._say(self.said.thanks) if self.chance.random() < 0.55 else Act()

    def _say(self, words: Sequence[str]) -> Act:
        return Act((self._text(self.chance.choice(list(words))),))

    def _text(self, words: str) -> Item:
        return self._filled(Item(text=words))

    def _filled(self, item: Item) -> Item:
        if item.text is None:
            return item
        person = self.person
        values = {"order": str(person.order), "email": person.email, "name": person.name}
        return item.model_copy(update={"text": typed(filled(item.text, values), self.chance)})


def _choices(message: Message) -> list[tuple[str, str]]:
    """Titles and ids of what can be chosen in a message."""
    content: Any = message.content if isinstance(message.content, dict) else {}
    if message.type == "template":
        buttons = content.get("buttons", [])
        return [(one["text"], one.get("payload", "")) for one in buttons if "url" not in one]
    action = content.get("action", {}) if message.type == "interactive" else {}
    if content.get("type") == "button":
        return [(one["reply"]["title"], one["reply"]["id"]) for one in action["buttons"]]
    if content.get("type") == "list":
        rows = [row for section in action["sections"] for row in section["rows"]]
        return [(row["title"], row["id"]) for row in rows]
    return []


def _pressed(offered: Message, choice: tuple[str, str]) -> Pressed:
    title, chosen = choice
    if offered.type == "template":
        return Pressed("button", {"payload": chosen or title, "text": title}, offered.id)
    kind = "button_reply" if offered.content["type"] == "button" else "list_reply"
    reply = {"type": kind, kind: {"id": chosen, "title": title}}
    return Pressed("interactive", reply, offered.id)


def _text_of(message: Message) -> str:
    content: Any = message.content if isinstance(message.content, dict) else {}
    body = content.get("body") or content.get("caption") or ""
    return str(body.get("text", "") if isinstance(body, dict) else body)


def _has(text: str, words: Sequence[str]) -> bool:
    return any(word in text.lower() for word in words)

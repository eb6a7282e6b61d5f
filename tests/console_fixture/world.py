"""The state of the made-up desk: who is there, what was said, what was promised."""

import random
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sla_service import clock
from tests.console_fixture.talk import BUSY, EN, FIRST_EN, FIRST_PT, LAST_EN, LAST_PT, PT, Topic

Json = dict[str, Any]
AGENTS: list[Json] = [
    {"id": 1, "name": "Bruno Tavares", "role": "agent", "presence": "available", "held": 4},
    {"id": 2, "name": "Carla Mendes", "role": "supervisor", "presence": "available", "held": 2},
    {"id": 3, "name": "Diego Rocha", "role": "agent", "presence": "away", "held": 0},
    {"id": 4, "name": "Emma Hughes", "role": "agent", "presence": "available", "held": 3},
    {"id": 5, "name": "Helena Sato", "role": "admin", "presence": "offline", "held": 0},
]
for _one in AGENTS:
    _one |= {
        "email": f"{_one['name'].split()[0].lower()}@loja.example",
        "capacity": 5,
        "languages": ["pt", "en"] if _one["id"] in {1, 2, 4} else ["pt"],
        "skills": ["trocas"] if _one["id"] == 1 else [],
        "team": None,
        "language": "pt",
        "disabled_at": None,
        "last_seen_at": None,
    }
_LEFT = (-19, -4, 1.4, 3.6, 7, 12, 26, 41, 75, 130, 190, 320)  # minutes that promises have left


def say(at: datetime) -> str:
    """An instant as the API says it."""
    return at.isoformat().replace("+00:00", "Z")


class World:
    """Conversations in both languages and in every state."""

    def __init__(self, size: int, me: int = 2, *, seed: int = 7) -> None:
        self._chance = random.Random(seed)
        self._ids = count(5000)
        self.begun = clock.now()
        self.me = next(one for one in AGENTS if one["id"] == me)
        self.conversations: dict[int, Json] = {}
        self.threads: dict[int, Json] = {}
        self.notes: dict[int, list[Json]] = {}
        self.items: dict[int, list[Json]] = {}
        for number in range(1, size + 1):
            self._add(number)

    def new_id(self) -> int:
        """An id that nothing has yet."""
        return next(self._ids)

    def counts(self) -> Json:
        """How many there are in each view."""
        whole = list(self.conversations.values())
        return {
            name: sum(self.belongs(one, name) for one in whole)
            for name in ("mine", "waiting", "open", "bot")
        } | {"unread": sum(one["unread"] > 0 for one in whole)}

    def belongs(self, one: Json, view: str) -> bool:
        """Whether a conversation is in a view."""
        resolved = one["ticket"]["status"] == "resolved"
        return {
            "mine": one["owner"] == "agent" and (one["agent"] or {}).get("id") == self.me["id"],
            "waiting": one["owner"] == "queue",
            "open": one["owner"] != "bot" and not resolved,
            "bot": one["owner"] == "bot" and not resolved,
            "resolved": resolved,
            "all": True,
        }[view]

    def listed(self, view: str, words: str) -> list[Json]:
        """A view, or what is found, as the list has it."""
        sought = words.lower()
        found = [
            one
            for one in self.conversations.values()
            if (self.belongs(one, view) and not sought)
            or (sought and sought in f"{one['contact']['name']} {one['contact']['phone']}".lower())
        ]
        if view in {"mine", "waiting", "open"} and not sought:
            return sorted(found, key=lambda one: (one["promise"] or {}).get("due_at") or "9")
        return sorted(found, key=lambda one: one["last_message_at"], reverse=True)

    def message(self, number: int, author: str, text: str, **more: Any) -> Json:
        """Something that is said in a conversation, now unless told otherwise."""
        one = self.conversations[number]
        said = {
            "id": self.new_id(), "author": author, "kind": "text", "text": text, "edited": None,
            "options": [], "media": None, "place": None, "reaction": None, "quoted": None,
            "agent": None, "key": None, "template": None,
            "state": None if author == "contact" else "read", "failure": None,
            "said_at": say(clock.now()), "revoked_at": None,
            "ticket": one["ticket"]["number"], "turn": None,
        } | more  # fmt: skip
        self.threads[number]["messages"].append(said)
        one["last_message"] = {
            "text": text, "author": author, "kind": said["kind"], "at": said["said_at"],
            "revoked": False,
        }  # fmt: skip
        one["last_message_at"] = said["said_at"]
        one["waiting"] = author == "contact" and one["owner"] != "bot"
        return said

    def stir(self) -> int:
        """Somebody writes; whose conversation it is."""
        number = self._chance.choice(list(self.conversations))
        one = self.conversations[number]
        self.message(number, "contact", self._chance.choice(BUSY[one["language"]]))
        one["unread"] += 1
        return number

    def _add(self, number: int) -> None:
        english = number % 4 == 3
        topics = EN if english else PT
        topic = topics[(number * 5 + number // 12) % len(topics)]
        owner, status = self._state(number)
        age = timedelta(minutes=3 + (number % 60) * 7)
        one = self._conversation(number, topic, english=english, owner=owner, status=status)
        self.conversations[number] = one
        self._talk(number, topic, self.begun - age)
        self._promise(one, number)

    def _state(self, number: int) -> tuple[str, str]:
        step = number % 10
        if step in {0, 8}:
            return "bot", "open"
        if step == 9 and number % 20 == 9:
            return "bot", "resolved"
        if step in {1, 4, 6}:
            return "queue", "open"
        return "agent", "pending" if step == 5 else "open"

    def _conversation(
        self, number: int, topic: Topic, *, english: bool, owner: str, status: str
    ) -> Json:
        firsts, lasts = (FIRST_EN, LAST_EN) if english else (FIRST_PT, LAST_PT)
        name = f"{firsts[number * 7 % len(firsts)]} {lasts[number * 11 % len(lasts)]}"
        phone = f"4477009{number:05}" if english else f"55119876{number:05}"
        agent = AGENTS[(1, 0, 3)[number % 3]] if owner == "agent" else None
        closes = self.begun + timedelta(hours=23.5 - (number % 24), minutes=number % 47)
        return {
            "id": number,
            "contact": {
                "name": name, "phone": phone, "username": None, "bsuid": f"BR.{number}",
                            },
            "language": "en" if english else "pt",
            "owner": owner, "owner_fence": 1,
            "agent": agent and {"id": agent["id"], "name": agent["name"]},
            "waiting": owner == "queue",
            "last_message_at": say(self.begun),
            "ticket": {
                "number": 1000 + number, "status": status, "subject": topic.subject,
                "priority": topic.priority if owner != "bot" else "normal",
                "reason": topic.reason if owner != "bot" else None,
            },
            "last_message": None,
            "promise": None,
            "unread": (0, 2, 0, 1, 3)[number % 5] if owner != "bot" else 0,
            "tags": list(topic.tags),
            "intent": topic.intent,
            "waiting_since": None,
            "offer": None,
            "window_closes_at": say(closes),
        }  # fmt: skip

    def _talk(self, number: int, topic: Topic, at: datetime) -> None:
        one = self.conversations[number]
        ticket = one["ticket"]["number"]
        self.threads[number] = {
            "messages": [], "handoffs": [], "before": None,
            "tickets": [{
                "number": ticket, "status": one["ticket"]["status"], "subject": topic.subject,
                "opened_at": say(at), "resolved_at": None, "follows": None,
            }],
        }  # fmt: skip
        self.notes[ticket] = []
        self.items[ticket] = self._tasks(number)
        isheld = one["owner"] != "bot"
        lines = topic.lines if isheld else topic.lines[:3]
        for place, line in enumerate(lines):
            moment = at - timedelta(minutes=(len(lines) - place) * 2.5)
            self._line(number, topic, line, moment)
        if one["waiting"]:
            one["waiting_since"] = one["last_message_at"]

    def _line(self, number: int, topic: Topic, line: str, at: datetime) -> None:
        one = self.conversations[number]
        who, text = line.split(":", 1)
        more: Json = {"said_at": say(at)}
        if who == "h":
            self._hand_over(number, topic, text, at)
        elif who == "n":
            note = {"id": self.new_id(), "text": text, "agent": 2, "author": "Carla Mendes"}
            self.notes[one["ticket"]["number"]].append(note | {"created_at": say(at)})
        elif who == "p":
            media = {"mime_type": "image/jpeg", "filename": text, "voice": False, "link": None}
            media |= {"state": "kept", "url": "/api/media/1", "shown": True, "size": 20_000}
            self.message(number, "contact", "", kind="image", media=media, **more)
        elif who == "a" and one["owner"] == "agent":
            self.message(number, "agent", text, agent=one["agent"], **more)
        elif who == "b":
            self.message(number, "bot", text, **more)
        elif who == "c":
            turn = {"id": self.new_id(), "intent": topic.intent, "confidence": 0.93}
            self.message(number, "contact", text, turn=turn, **more)

    def _hand_over(self, number: int, topic: Topic, text: str, at: datetime) -> None:
        one = self.conversations[number]
        handoff = {
            "id": self.new_id(), "at": say(at), "from_owner": "bot", "to_owner": "queue",
            "reason": topic.reason, "summary": text, "ticket": one["ticket"]["number"],
            "by": None, "to_agent": None,
            "details": {
                "slots": {"order_number": 48213} if topic.intent == "exchange_item" else {},
                "intents": [{"intent": topic.intent, "confidence": 0.93}],
                "failed_attempts": 2 if topic.reason == "failed_attempts" else 0,
            },
        }  # fmt: skip
        self.threads[number]["handoffs"].append(handoff)

    def _tasks(self, number: int) -> list[Json]:
        if number % 3:
            return []
        due = say(self.begun + timedelta(hours=2))
        texts = ("Confirmar o estoque do G em Cajamar", "Gerar a etiqueta de troca")
        return [
            {"id": self.new_id(), "text": text, "owner": 4, "due_at": due,
             "done_at": due if place else None}
            for place, text in enumerate(texts)
        ]  # fmt: skip

    def _promise(self, one: Json, number: int) -> None:
        if one["owner"] == "bot":
            return
        left = _LEFT[number % len(_LEFT)] + (number // len(_LEFT)) * 2
        due = self.begun + timedelta(minutes=left)
        paused = one["ticket"]["status"] == "pending"
        one["promise"] = {
            "metric": "first_response" if one["owner"] == "queue" else "next_response",
            "due_at": None if paused else say(due), "paused": paused,
            "state": "paused" if paused else "running",
            "breached_at": say(due) if left < 0 and not paused else None,
        }  # fmt: skip

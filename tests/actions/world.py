"""A desk and a shop that the actions reach over HTTP, and turns to give to an action."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.talk.act import Act
from actions.talk.desk import Desk
from actions.talk.outside import Outside
from actions.tracking.order_number import ActionAnswerQuestion
from actions.wording import dates
from order_system.phones import same_phone
from order_system.rest import Patience, RestOrderSystem
from tests.actions.counter import Counter
from tests.actions.shelf import Shelf, a_line, delivered

__all__ = ["world"]

ANA = {"name": "Ana Lima", "phone": "5511987650001"}
ANAS_EMAIL = "ana@example.com"
BRUNOS_EMAIL = "bruno.dias@example.com"
_TOKEN = "the-service-token"
WAIT = {"pt": "Uma pessoa vai responder por aqui.", "en": "A person will answer you here."}
CALLED = {"ticket": 1024, "owner": "queue", "wait": {"kind": "unknown", "text": WAIT}}
"""What the desk answers when people are called."""


def an_order(number: str, state: str, **changes: Any) -> dict[str, Any]:
    """An order of Ana's as the shop's API gives it; `eta` in days from today."""
    eta = changes.pop("eta", None)
    parcel = {
        "carrier": "Correios",
        "number": "AA123456785BR",
        "url": "https://rastreio.example/AA123456785BR",
        "last_event": "Objeto em trânsito.",
        "last_event_at": "2026-03-10T15:00:00Z",
        "eta": None if eta is None else str(dates.today() + timedelta(days=eta)),
        **changes.pop("parcel", {}),
    }
    return {
        "order_ref": f"ref-{number}",
        "display_number": f"#{number}",
        "placed_at": changes.pop("placed_at", "2026-03-01T12:00:00-03:00"),
        "state": state,
        "items": [{"ref": "i1", "name": "Tênis Aurora", "quantity": 1}],
        "shipments": [parcel] if changes.pop("is_shipped", True) else [],
        "contact": {"email": ANAS_EMAIL, "phone": "+55 11 98765-0001", "name": "Ana Lima"},
        "returnable_items": [],
        **changes,
    }


def came(number: str = "50001", days_ago: int = 3, **changes: Any) -> dict[str, Any]:
    """An order of Ana's that came so many days ago."""
    lines = changes.pop("items", [a_line()])
    return an_order(number, "delivered", parcel=delivered(days_ago), items=lines, **changes)


def brunos_order(number: str = "50002", state: str = "in_transit") -> dict[str, Any]:
    """An order that isn't Ana's."""
    contact = {"email": BRUNOS_EMAIL, "phone": "+55 21 99123-4567", "name": "Bruno Dias"}
    return an_order(number, state, contact=contact)


@dataclass
class World:
    """What the actions talk to; a test breaks it by setting what a service answers."""

    orders: list[dict[str, Any]] = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)
    counter: Counter = field(default_factory=Counter)
    tries: int = 5
    erasure: str = "accepted"
    desk_fails: Any = None  # a status or an exception
    shop_fails: Any = None
    desk_asked: int = 0
    desk_calls: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)  # answered
    shop_calls: list[str] = field(default_factory=list)
    articles: dict[str, dict[str, str]] = field(default_factory=dict)  # by a word of the question
    questions: list[dict[str, Any]] = field(default_factory=list)  # that the desk was asked
    files: list[tuple[str, bytes]] = field(default_factory=list)  # that the desk was brought

    def outside(self) -> Outside:
        """Clients of this world, for the event loop that is running."""
        return Outside(
            desk=Desk("http://desk.example", _TOKEN, httpx2.MockTransport(self._desk)),
            orders=RestOrderSystem(
                "http://shop.example/api",
                "a-token",
                httpx2.MockTransport(self._shop),
                patience=Patience(attempts=1),
                cache_seconds=0.0,
            ),
        )

    async def after(self, action: type[Act], **said: Any) -> "Outcome":
        """Run an action on one turn."""
        dispatcher = CollectingDispatcher()
        outside = self.outside()
        events = await action(outside).run(dispatcher, a_tracker(**said), {})
        await outside.desk.aclose()
        await outside.orders.aclose()
        return Outcome(dispatcher.messages, events)

    async def next(self, before: "Outcome", **said: Any) -> "Outcome":
        """Run an action on the turn that follows another one, with all that one remembered."""
        slots = {event["name"]: event["value"] for event in before.events if event.get("name")}
        slots["shown"] = slots.pop("order_number", None)
        action = said.pop("action", ActionAnswerQuestion)
        return await self.after(action, **{**slots, **said})

    def handoffs(self) -> list[dict[str, Any]]:
        """The bodies of the requests for a person, without what the bot found out."""
        return [
            {name: value for name, value in body.items() if name != "details"}
            for body in self._called()
        ]

    def findings(self) -> list[dict[str, Any]]:
        """What the bot found out, of each request for a person."""
        return [body["details"] for body in self._called()]

    def _called(self) -> list[dict[str, Any]]:
        return [body for _, path, _, body in self.desk_calls if path.endswith("/handoff")]

    def _desk(self, request: httpx2.Request) -> httpx2.Response:
        assert request.headers["Authorization"] == f"Bearer {_TOKEN}"
        self.desk_asked += 1
        _fail(self.desk_fails)
        if isinstance(self.desk_fails, int):
            return httpx2.Response(self.desk_fails)
        if request.url.path.endswith("/files"):
            self.files.append((request.url.params["filename"], request.content))
            return httpx2.Response(200, json={"file": f"file:{len(self.files)}"})
        body = json.loads(request.content)
        if request.url.path.endswith("/questions"):
            return httpx2.Response(200, json={"article": self._article(body)})
        key = request.headers["Idempotency-Key"]
        self.desk_calls.append((request.method, request.url.path, key, body))
        if request.url.path.endswith("/order-proofs"):
            is_allowed = self.tries > 0
            self.tries = max(self.tries - 1, 0)
            return httpx2.Response(200, json={"allowed": is_allowed, "left": self.tries})
        answers = {
            "data-copy": {"name": "seus-dados.txt", "text": "tudo"},
            "erasure-request": {"state": self.erasure},
            "consents": {"changed": len(body.get("purposes", ()))},
        }
        resource = request.url.path.rsplit("/", 1)[1]
        return httpx2.Response(200, json=answers.get(resource, CALLED))

    def _article(self, body: dict[str, Any]) -> dict[str, str] | None:
        self.questions.append(body)
        found = (one for word, one in self.articles.items() if word in body["text"].casefold())
        return next(found, None) if body["look"] else None

    def _shop(self, request: httpx2.Request) -> httpx2.Response:
        self.shop_calls.append(str(request.url))
        _fail(self.shop_fails)
        if isinstance(self.shop_fails, int):
            return httpx2.Response(self.shop_fails)
        told = self.counter.answer(request) or self.shelf.answer(request, self.orders)
        if told is not None:
            return told
        phone = request.url.params.get("phone")
        if phone:
            own = [o for o in self.orders if same_phone(o["contact"]["phone"], phone)]
            return httpx2.Response(200, json={"orders": own})
        wanted = "#" + request.url.path.rsplit("/", 1)[1]
        found = next((o for o in self.orders if o["display_number"] == wanted), None)
        return httpx2.Response(200, json=found) if found else httpx2.Response(404)


@dataclass(frozen=True)
class Outcome:
    """What an action said and what it wants remembered."""

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def said(self) -> list[str]:
        """The names of the responses, in order."""
        return [message["response"] for message in self.messages if message.get("response")]

    @property
    def failed(self) -> list[str]:
        """The codes with which the turn was declared failed."""
        return [m["custom"]["turn_failed"] for m in self.messages if m.get("custom")]

    def slot(self, name: str) -> Any:
        """The value a slot has after the action; fails when the action left it alone."""
        values = [event["value"] for event in self.events if event.get("name") == name]
        assert values, f"{name} was left alone"
        return values[-1]

    def everything(self) -> str:
        """All that a shopper could read, as one text."""
        return json.dumps(self.messages, ensure_ascii=False)


def a_tracker(
    text: str = "",
    *,
    intent: str = "",
    contact: dict[str, Any] | None = None,
    language: str | None = "pt",
    channel: str = "desk",
    media: list[dict[str, Any]] | None = None,
    urgent: bool = False,
    message_id: str = "wamid.1",
    order_number: str | None = None,
    email: str | None = None,
    shown: str | None = None,
    ranking: list[dict[str, Any]] | None = None,
    entities: list[dict[str, Any]] | None = None,
    also: dict[str, Any] | None = None,
    articles: dict[str, Any] | None = None,
    heard_before: str | None = None,
    **slots: Any,
) -> Tracker:
    """A conversation at the moment an action is run."""
    given = {"order_number": order_number, "email": email}
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": ranking or [],
        "entities": [{"entity": name, "value": value} for name, value in given.items() if value]
        + (entities or []),
        "also": also,
        "articles": articles,
        "message_id": message_id,
        "language": {"name": language, "confidence": 1.0, "explicit": False},
        "metadata": {"language": language, "contact": contact or ANA, "media": media or []},
        **({"urgent": True} if urgent else {}),
    }
    events = [{"event": "user", "input_channel": channel, "text": text, "message_id": message_id}]
    if heard_before is not None:
        events.insert(0, {**events[0], "text": "", "message_id": heard_before})
    # The entity in the message and the slot of the order last shown go by the same name.
    slots["order_number"] = shown
    return Tracker("42", slots, message, events, False, None, {}, None)


@pytest.fixture
def world() -> World:
    """A world with one order of Ana's and one of Bruno's."""
    return World(orders=[an_order("50001", "in_transit", eta=3), brunos_order()])


def _fail(how: Any) -> None:
    if isinstance(how, Exception):
        raise how

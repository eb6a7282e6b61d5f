"""Whole conversations in one process: real understanding, rules, actions and responses."""

import asyncio
import logging
import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import rasa
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor

from actions.talk.act import Act
from actions.talk.outside import Outside
from bot import asked, language
from bot.nlg import BilingualNLG
from bot.tracker_store import DeskTrackerStore
from tests.actions.world import World

__all__ = ["bot"]

configure_structlog(logging.ERROR)
ROOT = Path(__file__).parents[2]


class InProcessActions(EndpointConfig):
    """An action server without HTTP."""

    def __init__(self) -> None:
        super().__init__(url="inproc://")
        self._executor = ActionExecutor()

    def connect(self, outside: Outside) -> None:
        """Register every action of the package anew, with these services."""
        self._executor.register_package("actions")
        for action in Act.__subclasses__():
            self._executor.register_action(action(outside))

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = None,
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that Rasa asks for."""
        return await self._executor.run(kwargs["json"])


@dataclass(frozen=True)
class Reply:
    """One response as the shopper sees it."""

    response: str | None
    text: str
    buttons: list[dict[str, str]]
    custom: dict[str, Any]


@dataclass
class Shopper:
    """Somebody who writes to the bot; the desk's knowledge of the language goes along."""

    agent: Agent
    contact: dict[str, Any] | None
    language: str | None = None
    channel: str = "desk"
    conversation: str = field(default_factory=lambda: uuid.uuid4().hex)
    replies: list[Reply] = field(default_factory=list)
    question: str | None = None

    async def says(
        self,
        text: str,
        media: list[dict[str, Any]] | None = None,
        unsure_between: list[str] | None = None,
        question: str | None = None,
    ) -> list[Reply]:
        """Write, and read what comes back; the bot may be made unsure between these intents.

        A button that is pressed stood under a `question`.
        """
        metadata = {
            "question": question,
            "language": self.language,
            "contact": self.contact or {},
            "media": media or [],
        }
        await self.agent.handle_message(
            UserMessage(
                text,
                CollectingOutputChannel(),
                self.conversation,
                input_channel=self.channel,
                message_id=uuid.uuid4().hex,
                metadata=metadata if self.channel == "desk" else {},
                parse_data=_unsure(text, unsure_between) if unsure_between else None,
            )
        )
        tracker = await self.agent.tracker_store.get_or_create_tracker(self.conversation)
        self.language = language.of_turn(tracker.latest_message, self.language).name
        self.question = asked.question(tracker.current_slot_values())
        self.replies = []
        for event in reversed(tracker.events):
            if isinstance(event, UserUttered) and not event.metadata.get("second_request"):
                break
            if isinstance(event, BotUttered):
                self.replies.insert(0, _reply(event))
        return self.replies

    async def waits(self, hours: float) -> None:
        """Say nothing for so long."""
        tracker = await self.agent.tracker_store.get_or_create_tracker(self.conversation)
        for event in tracker.events:
            event.timestamp -= hours * 3600
        await self.agent.tracker_store.save(tracker)

    async def presses(self, title: str) -> list[Reply]:
        """Press the button of the last answer whose title holds these words."""
        buttons = [button for reply in self.replies for button in reply.buttons]
        payloads = [button["payload"] for button in buttons if title in button["title"]]
        assert payloads, f"no button {title!r} among {[b['title'] for b in buttons]}"
        return await self.says(payloads[0], question=self.question)


@dataclass
class Bot:
    """The trained bot, which forgets everybody between tests."""

    agent: Agent
    actions: InProcessActions

    def meet(self, world: World, **who: Any) -> Shopper:
        """A new shopper in `world`."""
        self.actions.connect(world.outside())
        return Shopper(self.agent, **who)


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    """The bot as it ships: the model that BOT_MODEL names, or one trained here."""
    model = os.environ.get("BOT_MODEL") or _train(tmp_path_factory.mktemp("model"))
    actions = InProcessActions()
    agent = asyncio.run(_load(model, actions))
    return Bot(agent, actions)


async def _load(model: str, actions: InProcessActions) -> Agent:
    agent = Agent.load(model, action_endpoint=actions)
    assert agent.processor
    agent.processor.nlg = BilingualNLG(EndpointConfig(default_language="pt"), agent.domain)
    agent.tracker_store = agent.processor.tracker_store = DeskTrackerStore(agent.domain)
    return agent


def _train(folder: Path) -> str:
    trained = rasa.train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=str(ROOT / "data"),
        output=str(folder),
    )
    assert trained.model
    return str(trained.model)


def _unsure(text: str, intents: list[str]) -> dict[str, Any]:
    """A message as it is parsed when its likeliest intents are too close to tell."""
    fallback = {"name": "nlu_fallback", "confidence": 0.6}
    ranking = [{"name": name, "confidence": 0.4 - at / 100} for at, name in enumerate(intents)]
    language_unknown = {"name": None, "confidence": 0.0, "explicit": False}
    return {
        "text": text,
        "intent": fallback,
        "intent_ranking": [fallback, *ranking],
        "entities": [],
        "language": language_unknown,
    }


def _reply(event: BotUttered) -> Reply:
    return Reply(
        response=event.metadata.get("utter_action"),
        text=event.text or "",
        buttons=event.data.get("buttons") or [],
        custom=event.data.get("custom") or {},
    )

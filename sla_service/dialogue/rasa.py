"""The bot's server as the desk uses it: a turn in, what the bot would say out."""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson

from sla_service.calls import NoAnswer, NotReached, Peer
from sla_service.dialogue.hearing import Heard
from sla_service.settings import BotSettings
from sla_service.tickets.lifecycle import Stage
from sla_service.whatsapp.values import Option, Reply

_RENEWED_EVERY = 50  # turns: a bot that was added is found by this, and one in fifty connects anew


@dataclass(frozen=True, slots=True)
class Listener:
    """Who speaks; the bot is told what it needs of that."""

    conversation_id: int
    language: str | None
    name: str | None
    phone: str | None
    contact_id: int = 0
    is_noticed: bool = True
    """Whether they were given the notice about their data."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The bot's turn: what it says, and what it made of what it heard."""

    replies: tuple[Reply, ...]
    language: str
    intent: str | None
    confidence: float | None
    stage: Stage


class BotFailed(Exception):
    """The bot could not take the turn; the text says why, without personal data."""


class BotClient:
    """One client for the bot's server."""

    def __init__(self, settings: BotSettings) -> None:
        token = settings.token.get_secret_value()
        self._bot = Peer(
            settings.url,
            {"Authorization": f"Bearer {token}"},
            settings.timeout,
            renewed_every=_RENEWED_EVERY,
        )
        self._free = asyncio.Semaphore(settings.at_once)

    async def close(self) -> None:
        """Give the connections back."""
        await self._bot.close()

    async def hear(self, who: Listener, heard: Heard) -> Answer:
        """Put a turn to the bot. The same key again runs nothing twice. Raises BotFailed."""
        body = {
            "conversation": str(who.conversation_id),
            "message_id": heard.key,
            "text": heard.text,
            "payload": heard.payload,
            "language": who.language,
            "contact": {"name": who.name, "phone": who.phone},
            "media": list(heard.media),
            "meanwhile": None if heard.meanwhile is None else list(heard.meanwhile),
            "about_order": heard.about_order,
            "number": heard.number,
        }
        try:
            async with self._free:
                told = await self._bot.post("/webhooks/desk/webhook", orjson.dumps(body))
        except (NotReached, NoAnswer) as error:
            raise BotFailed(str(error)) from error
        if told.status != 200:
            raise BotFailed(f"HTTP {told.status}")
        try:
            answer = _answer(orjson.loads(told.body))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise BotFailed("an answer that can't be read") from error
        if not answer.replies:
            raise BotFailed("nothing to say")  # a contact who asked is never left without a word
        return answer


def _answer(raw: dict[str, Any]) -> Answer:
    intent = raw.get("intent") or {}
    return Answer(
        replies=tuple(_reply(reply) for reply in raw["replies"]),
        language=raw["language"],
        intent=intent.get("name"),
        confidence=intent.get("confidence"),
        stage=Stage(raw["stage"]),
    )


def _reply(raw: dict[str, Any]) -> Reply:
    return Reply(
        text=raw.get("text") or "",
        options=tuple(
            Option(button["title"], button["payload"], button.get("description"))
            for button in raw.get("buttons") or ()
        ),
        image_url=raw.get("image"),
        document_url=_document(raw.get("attachment")),
    )


def _document(attachment: object) -> str | None:
    """A link, or the file that a response of Rasa's names: its schema wants a mapping there."""
    named = attachment.get("file") if isinstance(attachment, dict) else attachment
    return named if isinstance(named, str) else None

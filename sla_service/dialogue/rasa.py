"""The bot's server as the desk uses it: a turn in, what the bot would say out."""

from dataclasses import dataclass
from typing import Any

import httpx2
import orjson

from sla_service.dialogue.hearing import Heard
from sla_service.settings import BotSettings
from sla_service.whatsapp.values import Option, Reply


@dataclass(frozen=True, slots=True)
class Listener:
    """What the bot is told of who speaks."""

    conversation_id: int
    language: str | None
    name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The bot's turn: what it says, and what it made of what it heard."""

    replies: tuple[Reply, ...]
    language: str
    intent: str | None
    confidence: float | None


class BotFailed(Exception):
    """The bot could not take the turn; the text says why, without personal data."""


class BotClient:
    """One HTTP client for the bot; `transport` takes the network's place in tests."""

    def __init__(
        self, settings: BotSettings, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._http = httpx2.AsyncClient(
            base_url=settings.url,
            headers={
                "Authorization": f"Bearer {settings.token.get_secret_value()}",
                "Content-Type": "application/json",
            },
            timeout=httpx2.Timeout(settings.timeout.total_seconds(), connect=2),
            limits=httpx2.Limits(max_connections=64, max_keepalive_connections=64),
            transport=transport,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

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
        }
        try:
            response = await self._http.post("/webhooks/desk/webhook", content=orjson.dumps(body))
        except httpx2.HTTPError as error:
            raise BotFailed(type(error).__name__) from error
        if response.status_code != 200:
            raise BotFailed(f"HTTP {response.status_code}")
        try:
            answer = _answer(orjson.loads(response.content))
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
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
    )


def _reply(raw: dict[str, Any]) -> Reply:
    return Reply(
        text=raw.get("text") or "",
        options=tuple(
            Option(button["title"], button["payload"], button.get("description"))
            for button in raw.get("buttons") or ()
        ),
        image_url=raw.get("image"),
        document_url=raw.get("attachment") if isinstance(raw.get("attachment"), str) else None,
    )

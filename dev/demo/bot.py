"""A bot that says what the story wants, and calls people as the real one does: over HTTP."""

import httpx2

from dev.demo.story import BotLine, Handover
from sla_service.dialogue.hearing import Heard
from sla_service.dialogue.rasa import Answer, BotClient, Listener
from sla_service.settings import Settings
from sla_service.tickets.lifecycle import Stage
from sla_service.whatsapp.values import Option, Reply


class NothingToSay(Exception):
    """The story has no answer for what the bot hears."""


class ScriptedBot(BotClient):
    """Knows the next line for each contact."""

    def __init__(self, settings: Settings, desk: httpx2.AsyncClient) -> None:
        super().__init__(settings.bot)
        self._desk = desk
        self._token = settings.service_token.get_secret_value()
        self._lines: dict[str, tuple[str, BotLine]] = {}

    def prepare(self, name: str, language: str, line: BotLine) -> None:
        """Answer a contact of this name with a line the next time."""
        self._lines[name] = language, line

    async def hear(self, who: Listener, heard: Heard) -> Answer:
        """The line that was prepared. Raises NothingToSay."""
        if who.name not in self._lines:
            raise NothingToSay(who.name)
        language, line = self._lines.pop(who.name)
        text = line.say
        if line.hand_over is not None:
            told = await self._hand_over(who.conversation_id, heard.key, line, line.hand_over)
            text = text.format(ticket=told["ticket"], wait=told["wait"]["text"][language])
        options = tuple(Option(title, payload) for title, payload in line.options.items())
        return Answer(
            replies=(Reply(text, options),),
            language=language,
            intent=line.intent,
            confidence=line.confidence,
            stage=Stage(line.stage),
        )

    async def _hand_over(
        self, conversation: int, key: str, line: BotLine, why: Handover
    ) -> dict[str, dict[str, dict[str, str]]]:
        details = {
            "intent": line.intent,
            "confidence": line.confidence,
            "failed_attempts": why.failed_attempts,
            "order": why.order,
            "slots": {"order_number": why.order} if why.order else {},
        }
        answer = await self._desk.post(
            f"/api/conversations/{conversation}/handoff",
            headers={"Authorization": f"Bearer {self._token}", "Idempotency-Key": key},
            json={
                "reason": why.reason,
                "summary": why.summary,
                "priority": why.priority,
                "details": details,
            },
        )
        answer.raise_for_status()
        told: dict[str, dict[str, dict[str, str]]] = answer.json()
        return told

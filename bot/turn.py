"""The turn being handled: its message id, what the bot says, and what went wrong."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.trackers import DialogueStateTracker

from bot import asked, following, language
from bot.masking import without_emails

# What an answer tells about an entity.
_ENTITY_KEYS = ("entity", "value", "start", "end", "role", "group")


class TurnFailedError(Exception):
    """The turn can't be answered; nothing of it may be saved."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        """`code` is what the desk is told; `detail` names an action or a response."""
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class AlreadyAnsweredError(Exception):
    """This message id was handled before; its answer is kept in `answer`."""

    def __init__(self, answer: dict[str, Any]) -> None:
        """`answer` is what `Turn.answer` gave at the time."""
        super().__init__("already answered")
        self.answer = answer


@dataclass
class Turn:
    """One message of one conversation on its way through Rasa.

    `spoken` is the language of what was said, for a shopper of whom nothing was known; `meanwhile`
    is what people said, when they had the conversation before this turn; `about_order` the order
    that the shopper was told about; `number` tells whether a later turn has been heard.
    """

    message_id: str
    replies: Replies
    failure: TurnFailedError | None = None
    answered: dict[str, Any] | None = None
    spoken: str | None = None
    meanwhile: list[str] | None = None
    about_order: str | None = None
    number: int | None = None

    def fail(self, code: str, detail: str | None = None) -> TurnFailedError:
        """Note the first thing that went wrong, wherever Rasa may swallow it."""
        if self.failure is None:
            self.failure = TurnFailedError(code, detail)
        return self.failure

    def answer(self, tracker: DialogueStateTracker) -> dict[str, Any]:
        """What the desk is told about the turn, now and when it asks again."""
        message = following.first_request(tracker)
        slots = tracker.current_slot_values()
        remembered = slots.get(language.SLOT)
        wanted = language.of_turn(message, remembered)
        intent = (message.intent if message else None) or {}
        self.answered = {
            "message_id": self.message_id,
            "language": wanted.name or self.spoken,
            "language_explicit": wanted.explicit,
            "intent": {
                "name": intent.get("name"),
                # A street's name is no doubtful wish: what a flow asked for needs no intent.
                "confidence": None if following.is_answer(tracker) else intent.get("confidence"),
            },
            "entities": [_told(entity) for entity in (message.entities if message else None) or []],
            "stage": _stage(slots),
            "replies": _under(asked.question(slots), self.replies.said),
        }
        return self.answered


def _told(entity: dict[str, Any]) -> dict[str, Any]:
    """An entity as the desk is told it; it reads an e-mail address in the message itself."""
    told = {key: entity[key] for key in _ENTITY_KEYS if key in entity}
    return {**told, "value": without_emails(told["value"])} if told["entity"] == "email" else told


def _under(question: str | None, replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Replies whose buttons know which question they answer."""
    return [
        {**reply, "buttons": [asked.under(question, button) for button in reply["buttons"]]}
        if "buttons" in reply
        else reply
        for reply in replies
    ]


def _stage(slots: dict[str, Any]) -> str:
    """Where the bot's answer leaves the shopper: lost, asked something, or answered.

    `calling` is a question after which people come, whatever the answer, and also without one.
    """
    flow = slots.get("flow")
    if slots.get("pending") and isinstance(flow, dict) and flow.get("calls_people"):
        return "calling"
    if slots.get("failed_attempts"):
        return "lost"
    return "asked" if slots.get("pending") else "answered"


class Replies(OutputChannel):
    """Collects one reply per response: text, buttons and picture together, blank lines kept."""

    def __init__(self) -> None:
        """Start with nothing said."""
        self.said: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name, as in `InputChannel.name`."""
        return "desk"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep what is there to be said; an action's signal that it failed ends the turn."""
        custom = message.get("custom")
        if isinstance(custom, dict) and custom.get("turn_failed"):
            raise TurnFailedError(str(custom["turn_failed"]))
        buttons = message.get("buttons") or message.get("quick_replies")
        reply = {
            "text": message.get("text"),
            "buttons": buttons,
            "image": message.get("image"),
            "attachment": message.get("attachment"),
            "custom": custom,
        }
        kept = {key: value for key, value in reply.items() if value}
        if kept:
            self.said.append(kept)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keep a text that Rasa sends on its own account."""
        self.said.append({"text": text})


current: ContextVar[Turn | None] = ContextVar("turn", default=None)

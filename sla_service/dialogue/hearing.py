"""What the bot hears of the messages that wait: a burst as one turn, a pressed button alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla_service.whatsapp.values import MessageKind

BURST_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits to be heard."""

    id: int
    wamid: str
    kind: MessageKind
    text: str
    payload: str | None
    media: dict[str, Any] | None
    said_at: datetime
    transcript: dict[str, Any] | None = None
    """What was said in a recording, and whether whoever wrote it down was sure enough of it."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """A recording that nobody has written down."""

    message_id: int
    media_id: str
    mime: str | None


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn for the bot; `key` names it wherever it goes."""

    key: str
    message_ids: tuple[int, ...]
    text: str
    payload: str | None
    media: tuple[dict[str, Any], ...]
    meanwhile: tuple[str, ...] | None = None
    """What people said since the bot gave the conversation up; None: it has been the bot's."""
    about_order: str | None = None
    """The order that the contact was told about since the bot last heard them."""
    unheard: tuple[Unheard, ...] = ()
    """Recordings among the files, until they are written down."""
    number: int | None = None
    """Grows from turn to turn of a conversation: who brings an earlier one is late."""


def next_turn(waiting: Sequence[Waiting]) -> Heard | None:
    """The first turn among the messages that wait; None when none does.

    In the contact's order. Texts and files up to the next pressed button are one turn; a button
    is a turn of its own, since it answers one question.
    """
    ordered = sorted(waiting, key=lambda message: (message.said_at, message.id))
    if not ordered:
        return None
    first = ordered[0]
    if first.payload is not None:
        # A template's button bears its label or a payload of another's; then its words count.
        return _heard([first], payload=first.payload if first.payload[:1] == "/" else None)
    burst: list[Waiting] = []
    for message in ordered[:BURST_AT_MOST]:
        if message.payload is not None:
            break
        burst.append(message)
    return _heard(burst, payload=None)


def instructed(key: str, instruction: str) -> Heard:
    """The turn of a bot that an agent told to go on; it hears that as if the contact said it."""
    payload = instruction if instruction[:1] == "/" else None
    return Heard(key, (), instruction, payload, ())


def _heard(messages: Sequence[Waiting], *, payload: str | None) -> Heard:
    return Heard(
        key=messages[-1].wamid,
        message_ids=tuple(message.id for message in messages),
        text="\n".join(words for message in messages if (words := _words(message))),
        payload=payload,
        media=tuple(_media(message) for message in messages if message.kind in _FILES),
        unheard=tuple(
            Unheard(message.id, str(message.media["id"]), message.media.get("mime_type"))
            for message in messages
            if message.kind is MessageKind.AUDIO
            and message.transcript is None
            and message.media
            and message.media.get("id")
        ),
    )


def _words(message: Waiting) -> str:
    """What was written, or said and written down."""
    said = message.transcript or {}
    return message.text or (str(said["text"]) if said.get("is_heard") else "")


def _media(message: Waiting) -> dict[str, Any]:
    known = message.media or {}
    return {
        "kind": message.kind.value,
        "id": known.get("id"),
        "mime_type": known.get("mime_type"),
        "filename": known.get("filename"),
        "caption": message.text or None,
    }


_FILES = frozenset(MessageKind) - {
    MessageKind.TEXT,
    MessageKind.CHOICE,
    MessageKind.REACTION,
    MessageKind.REVOKE,
    MessageKind.SYSTEM,
}

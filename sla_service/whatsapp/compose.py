"""Replies as the fewest messages the channel allows, each within its limits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sla_service.whatsapp.values import ChannelFile, MessageKind, Option, Reply

TEXT_LIMIT = 4096
BUTTONS_BODY_LIMIT = 1024
CAPTION_LIMIT = 1024
BUTTONS_AT_MOST = 3
BUTTON_TITLE_LIMIT = 20
BUTTON_ID_LIMIT = 256
ROWS_AT_MOST = 10
ROW_TITLE_LIMIT = 24
ROW_ID_LIMIT = 200
ROW_DESCRIPTION_LIMIT = 72
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Composed:
    """One message: its Graph API body without recipient, and how the thread shows it."""

    body: dict[str, Any]
    kind: MessageKind
    text: str
    content: dict[str, Any]


class Unsendable(Exception):
    """A reply that no message of the channel can carry; the text says why."""


def compose(replies: Sequence[Reply], *, list_label: str) -> list[Composed]:
    """The messages that say all `replies`, in order. Raises Unsendable.

    Texts that follow each other become one message; choices join the text before them: up to
    three as buttons, more as a list, and so are those that need a description, which no button
    has room for. `list_label` is what opens a list (at most 20 characters).
    """
    composed: list[Composed] = []
    pending: list[str] = []
    for reply in replies:
        if reply.file or reply.image_url or reply.document_url:
            composed += _texts(pending)
            caption = reply.text if len(reply.text) <= CAPTION_LIMIT else ""
            sent = of_file(reply.file, reply.text) if reply.file else _linked(reply, caption)
            composed.append(sent)
            pending = [reply.text] if reply.text and not sent.text else []
        elif reply.text.strip():
            pending.append(reply.text.strip())
        if reply.options:
            composed += _choice(pending, reply.options, list_label)
            pending = []
    return composed + _texts(pending)


def of_file(file: ChannelFile, text: str) -> Composed:
    """The message of a file, with the text as its caption where the channel allows that."""
    part: dict[str, Any] = {"id": file.id}
    caption = text if file.kind is not MessageKind.AUDIO and len(text) <= CAPTION_LIMIT else ""
    if caption:
        part["caption"] = caption
    if file.kind is MessageKind.DOCUMENT:
        part["filename"] = file.filename
    known = {"id": file.id, "mime_type": file.mime_type, "filename": file.filename}
    body = {"type": file.kind.value, file.kind.value: part}
    return Composed(body, file.kind, caption, {"media": known})


def split_text(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` characters, cut between sentences, else words."""
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        window = rest[: limit + 1]
        ends = [match.start() for match in _SENTENCE_END.finditer(window) if match.start()]
        cut = ends[-1] if ends else window.rfind(" ")
        if cut <= 0:
            cut = limit
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


def _texts(pending: Sequence[str]) -> list[Composed]:
    """Texts in a row as one message, or as few as the limit allows."""
    return [_text(part) for part in split_text("\n\n".join(pending), TEXT_LIMIT)]


def _text(text: str) -> Composed:
    body = {"type": "text", "text": {"body": text, "preview_url": False}}
    return Composed(body, MessageKind.TEXT, text, {})


def _linked(reply: Reply, caption: str) -> Composed:
    kind = MessageKind.IMAGE if reply.image_url else MessageKind.DOCUMENT
    link = reply.image_url or reply.document_url
    part: dict[str, Any] = {"link": link}
    if caption:
        part["caption"] = caption
    if kind is MessageKind.DOCUMENT:
        part["filename"] = reply.filename or "documento.pdf"
    return Composed({"type": kind.value, kind.value: part}, kind, caption, {"link": link})


def _choice(pending: list[str], options: Sequence[Option], list_label: str) -> list[Composed]:
    _check(options)
    limit = BUTTONS_BODY_LIMIT if _are_buttons(options) else TEXT_LIMIT
    texts = split_text("\n\n".join(pending), limit)
    if not texts:
        raise Unsendable("choices without a question")
    before = [_text(part) for part in _rejoined(texts[:-1])]
    if _are_buttons(options):
        return [*before, _buttons(texts[-1], options)]
    chunks = [options[at : at + ROWS_AT_MOST] for at in range(0, len(options), ROWS_AT_MOST)]
    bodies = [texts[-1], *[f"{texts[-1]} ({n})" for n in range(2, len(chunks) + 1)]]
    lists = [_list(body, chunk, list_label) for body, chunk in zip(bodies, chunks, strict=True)]
    return [*before, *lists]


def _are_buttons(options: Sequence[Option]) -> bool:
    is_described = any(option.description for option in options)
    return len(options) <= BUTTONS_AT_MOST and not is_described


def _rejoined(parts: Sequence[str]) -> list[str]:
    """What comes before the choices may use the larger limit of a plain text again."""
    return split_text(" ".join(parts), TEXT_LIMIT)


def _check(options: Sequence[Option]) -> None:
    limit = BUTTON_ID_LIMIT if _are_buttons(options) else ROW_ID_LIMIT
    for option in options:
        if not option.title.strip():
            raise Unsendable("a choice without a title")
        if not option.payload or len(option.payload) > limit:
            raise Unsendable(f"the payload of a choice is empty or over {limit} characters")
    if len({option.payload for option in options}) < len(options):
        raise Unsendable("two choices with one payload")


def _buttons(text: str, options: Sequence[Option]) -> Composed:
    titles = _titles(options, BUTTON_TITLE_LIMIT)
    buttons = [
        {"type": "reply", "reply": {"id": option.payload, "title": title}}
        for option, title in zip(options, titles, strict=True)
    ]
    interactive = {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
    return _interactive(interactive, text, options, titles)


def _list(text: str, options: Sequence[Option], list_label: str) -> Composed:
    titles = _titles(options, ROW_TITLE_LIMIT)
    rows = []
    for option, title in zip(options, titles, strict=True):
        row = {"id": option.payload, "title": title}
        if option.description:
            row["description"] = _shortened(option.description, ROW_DESCRIPTION_LIMIT)
        rows.append(row)
    action = {
        "button": _shortened(list_label, BUTTON_TITLE_LIMIT),
        "sections": [{"rows": rows}],
    }
    interactive = {"type": "list", "body": {"text": text}, "action": action}
    return _interactive(interactive, text, options, titles)


def _interactive(
    interactive: dict[str, Any], text: str, options: Sequence[Option], titles: Sequence[str]
) -> Composed:
    shown = [
        {"title": title, "payload": option.payload}
        for option, title in zip(options, titles, strict=True)
    ]
    body = {"type": "interactive", "interactive": interactive}
    return Composed(body, MessageKind.TEXT, text, {"options": shown})


def _titles(options: Sequence[Option], limit: int) -> list[str]:
    """Titles within the limit, and different from each other, as the channel demands."""
    titles: list[str] = []
    for option in options:
        title = _shortened(option.title.strip(), limit)
        turn = 2
        while title in titles:
            mark = f" {turn}"
            title = _shortened(option.title.strip(), limit - len(mark)) + mark
            turn += 1
        titles.append(title)
    return titles


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"

"""A message of the desk as a shopper sees it: its words, what can be pressed, and its files."""

from dataclasses import dataclass
from typing import Any

from simulator.world import Json


@dataclass(frozen=True)
class Choice:
    """A button or a row of a list."""

    title: str
    id: str
    description: str = ""

    @property
    def words(self) -> str:
        """All that can be read on it."""
        return f"{self.title} {self.description}".strip()


@dataclass(frozen=True)
class Said:
    """One message of the desk."""

    id: str
    type: str
    text: str
    choices: tuple[Choice, ...] = ()
    is_list: bool = False
    has_picture: bool = False

    @property
    def has_paper(self) -> bool:
        """Whether a document came with it."""
        return self.type == "document"

    def press(self, choice: Choice) -> Json:
        """The wire object of choosing this."""
        if self.type == "template":
            return {
                "type": "button",
                "button": {"payload": choice.id or choice.title, "text": choice.title},
            }
        kind = "list_reply" if self.is_list else "button_reply"
        reply = {"id": choice.id, "title": choice.title}
        return {"type": "interactive", "interactive": {"type": kind, kind: reply}}


def said(message: Json) -> Said:
    """A bubble of the phone that the desk wrote."""
    content: Any = message["content"] if isinstance(message["content"], dict) else {}
    body = content.get("body") or content.get("caption") or ""
    text = body.get("text", "") if isinstance(body, dict) else body
    header = content.get("header") if isinstance(content.get("header"), dict) else {}
    return Said(
        id=message["id"],
        type=message["type"],
        text=str(text),
        choices=tuple(_choices(message["type"], content)),
        is_list=content.get("type") == "list",
        has_picture=message["type"] == "image" or header.get("type") == "image",
    )


def _choices(kind: str, content: Json) -> list[Choice]:
    if kind == "template":
        buttons = content.get("buttons", [])
        return [Choice(one["text"], one.get("payload", "")) for one in buttons if "url" not in one]
    action = content.get("action", {}) if kind == "interactive" else {}
    if content.get("type") == "button":
        return [Choice(one["reply"]["title"], one["reply"]["id"]) for one in action["buttons"]]
    if content.get("type") == "list":
        rows = [row for section in action["sections"] for row in section["rows"]]
        return [Choice(row["title"], row["id"], row.get("description") or "") for row in rows]
    return []

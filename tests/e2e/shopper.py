"""Somebody with a phone, who writes to the desk and reads what it answers."""

from dataclasses import dataclass, field
from typing import Any

import httpx2


@dataclass(frozen=True)
class Said:
    """A message that the Graph API accepted from the desk."""

    text: str
    options: tuple[str, ...]
    """What the buttons or list rows say."""
    whole: str
    """Everything in it, for what must not be in it anywhere."""


@dataclass
class Shopper:
    """A shopper at an address: a number, or what WhatsApp gives in its place."""

    simulator: httpx2.Client
    address: str
    name: str | None
    _key: str = field(default="", init=False)

    @property
    def key(self) -> str:
        """What the simulator, and the desk in the end, know the shopper by."""
        if not self._key:
            shoppers = self.simulator.get("/phone/api/state").json()["shoppers"]
            self._key = next(one["key"] for one in shoppers if one["address"] == self.address)
        return self._key

    def writes(self, text: str) -> None:
        """Write a message."""
        self.sends({"type": "text", "text": {"body": text}})

    def presses(self, payload: str, title: str = "…") -> None:
        """Press a button with this payload, whether or not it was offered."""
        reply = {"type": "button_reply", "button_reply": {"id": payload, "title": title}}
        self.sends({"type": "interactive", "interactive": reply})

    def sends(self, message: dict[str, Any]) -> None:
        """Send anything that WhatsApp has a type for."""
        self._inbound(message=message)

    def sends_file(self, mime_type: str, **details: str) -> None:
        """Send a file, with `filename` and `caption` where it has them."""
        self._inbound(media={"mime_type": mime_type, **details})

    def heard(self) -> list[Said]:
        """Everything that the desk has said to this shopper."""
        answer = self.simulator.get(
            "/control/record", params={"to": self.address, "kind": "message", "limit": 10_000}
        )
        return [_said(entry["body"]) for entry in answer.json()["record"]]

    def part_of(self, record: list[dict[str, Any]]) -> list[Said]:
        """What of a whole record was said to this shopper."""
        return [_said(entry["body"]) for entry in record if entry["shopper"] == self.key]

    def _inbound(self, **what: Any) -> None:
        body = {"shopper": self.address, "name": self.name, **what}
        answer = self.simulator.post("/control/inbound", json=body)
        self._key = answer.raise_for_status().json()["shopper"]


def _said(body: dict[str, Any]) -> Said:
    content = body[body["type"]]
    action = content.get("action", {})
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    titles = [button["reply"]["title"] for button in action.get("buttons", [])]
    titles += [row["title"] for row in rows]
    text = content["body"]["text"] if body["type"] == "interactive" else content.get("body", "")
    return Said(text, tuple(titles), str(content))

"""A desk that asks how it went without waiting, and what a phone answers with."""

import time
from typing import Any

from tests.sla_service.world import ANA, Desk


def chosen(payload: str, wamid: str, title: str = "5 – Ótimo") -> dict[str, Any]:
    """A row of a list that Ana chose."""
    return {
        "from": ANA["wa_id"],
        "from_user_id": ANA["user_id"],
        "id": wamid,
        "timestamp": str(int(time.time())),
        "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": payload, "title": title}},
    }


def pressed(payload: str, wamid: str, title: str = "5 – Ótimo") -> dict[str, Any]:
    """A template's button that Ana pressed."""
    return {
        "from": ANA["wa_id"],
        "from_user_id": ANA["user_id"],
        "id": wamid,
        "timestamp": str(int(time.time())),
        "type": "button",
        "button": {"payload": payload, "text": title},
    }


def offered(body: dict[str, Any]) -> list[str]:
    """The payloads of a list's rows, or of a template's buttons."""
    if body["type"] == "template":
        parts = body["template"]["components"]
        return [one["parameters"][0]["payload"] for one in parts]
    [section] = body["interactive"]["action"]["sections"]
    return [row["id"] for row in section["rows"]]


def said(body: dict[str, Any]) -> str:
    """The words of a message that was sent."""
    part = body["text"]["body"] if body["type"] == "text" else body["interactive"]["body"]["text"]
    return str(part)


async def left_at_that(desk: Desk) -> None:
    """The contact leaves it at the bot's answer, and the desk does what follows."""
    await desk.rows(
        "UPDATE tickets SET settles_at = now() - interval '1 second' "
        "WHERE settles_at IS NOT NULL RETURNING 1"
    )
    await desk.settle()

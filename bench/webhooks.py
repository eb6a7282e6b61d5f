"""What Meta posts at the webhook, as bodies: messages, reactions, and news of what was sent."""

import json
import time
from typing import Any

NUMBER = "700100200300"


def message(wa_id: str, wamid: str, text: str) -> bytes:
    """A text of a contact."""
    return _of_contact(wa_id, {"id": wamid, "type": "text", "text": {"body": text}})


def reaction(wa_id: str, wamid: str, target: str, emoji: str = "👍") -> bytes:
    """A contact's reaction to a message of the thread."""
    about = {"message_id": target, "emoji": emoji}
    return _of_contact(wa_id, {"id": wamid, "type": "reaction", "reaction": about})


def statuses(wa_id: str, wamid: str, *reached: str) -> bytes:
    """How far a message got that was sent to a contact: sent, delivered, read."""
    told = [
        {"id": wamid, "status": one, "timestamp": _now(), "recipient_id": wa_id} for one in reached
    ]
    return _body({"statuses": told})


def _of_contact(wa_id: str, said: dict[str, Any]) -> bytes:
    contact = {"profile": {"name": "Marina Duarte"}, "wa_id": wa_id}
    said = {"from": wa_id, "timestamp": _now(), **said}
    return _body({"contacts": [contact], "messages": [said]})


def _body(value: dict[str, Any]) -> bytes:
    metadata = {"display_phone_number": "551140028922", "phone_number_id": NUMBER}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": "900800700600", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _now() -> str:
    return str(int(time.time()))

"""A webhook's body as separate updates, every one of them, whatever it holds."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson


class UpdateKind(StrEnum):
    """Which reader an update goes to."""

    MESSAGE = "message"
    STATUS = "status"
    IDENTITY = "identity"
    TEMPLATE = "template"
    """A template's status, quality or category changed."""
    OTHER = "other"
    """Account and unknown fields: kept for whoever asks, handled by nobody yet."""


_OF_TEMPLATES = frozenset(
    {
        "message_template_status_update",
        "message_template_quality_update",
        "template_category_update",
    }
)
_SURELY_SHALLOW = 200  # braces and brackets: with fewer nothing can be nested too deeply


@dataclass(frozen=True, slots=True)
class Update:
    """One element of a delivery.

    `key` is unique per thing told (a redelivery has the same), `lane` keeps one contact's
    messages in order, `content` is the element with what surrounds it.
    """

    kind: UpdateKind
    key: str
    lane: str
    content: dict[str, Any]


class UnreadableBody(Exception):
    """The body isn't a JSON object of Meta's envelope."""


def split(body: bytes) -> list[Update]:
    """Every update of a delivery, in order; the same body always gives the same list.

    Raises UnreadableBody. Tolerant below the envelope: what has another shape than expected
    becomes an OTHER update, and nothing is dropped.
    """
    updates: list[Update] = []
    for entry in opened(body)["entry"]:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        if not isinstance(changes, list):
            updates.append(_other(entry))
            continue
        for change in changes:
            updates += _changed(change, entry)
    return updates


def opened(body: bytes) -> dict[str, Any]:
    """Meta's envelope, with its list of entries. Raises UnreadableBody."""
    envelope = _parsed(body)
    if body.count(b"[") + body.count(b"{") > _SURELY_SHALLOW:
        _refuse_depth(envelope)
    if b"\\u0000" in body:
        envelope = _without_nul(envelope)
    if not isinstance(envelope, dict) or not isinstance(envelope.get("entry"), list):
        raise UnreadableBody("no list of entries")
    return envelope


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _forgiven(body)


def _forgiven(body: bytes) -> Any:
    """Half an emoji (a lone surrogate) is no reason to park a delivery: it becomes a `?`."""
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False, allow_nan=False)
        return orjson.loads(text.encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(str(error)) from error


def _refuse_depth(envelope: Any) -> None:
    """What is nested so deeply that it could not be written again is nothing that Meta sends."""
    try:
        orjson.dumps(envelope)
    except orjson.JSONEncodeError as error:
        raise UnreadableBody("nested too deeply") from error


def _without_nul(value: Any) -> Any:
    """PostgreSQL keeps no NUL character in a text, and nobody means one."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return value


def _changed(change: Any, entry: dict[str, Any]) -> list[Update]:
    account = entry.get("id")
    value = change.get("value") if isinstance(change, dict) else None
    if isinstance(value, dict) and change.get("field") in _OF_TEMPLATES:
        return [_template(value, entry)]
    if not isinstance(value, dict) or change.get("field") not in ("messages", "user_id_update"):
        return [_other({"account": account, "change": change})]
    metadata = value.get("metadata")
    number = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    contacts = [c for c in _list(value.get("contacts")) if isinstance(c, dict)]
    updates = [_message(message, number, contacts) for message in _list(value.get("messages"))]
    updates += [_status(status, number) for status in _list(value.get("statuses"))]
    updates += [_identity(change, number) for change in _list(value.get("user_id_update"))]
    updates += [
        _other({"account": account, "number": number, "error": problem})
        for problem in _list(value.get("errors"))
    ]
    return updates or [_other({"account": account, "change": change})]


def _message(message: Any, number: Any, contacts: list[dict[str, Any]]) -> Update:
    key = message.get("id") if isinstance(message, dict) else None
    if not isinstance(key, str) or not key:
        return _other({"number": number, "message": message})
    wa_id, bsuid = message.get("from"), message.get("from_user_id")
    content = {
        "number": number,
        "contact": _owner(contacts, wa_id, bsuid),
        "message": message,
    }
    lane = f"{number}:{bsuid or wa_id}"
    return Update(UpdateKind.MESSAGE, _short("m:" + key), _short(lane), content)


def _owner(contacts: list[dict[str, Any]], wa_id: Any, bsuid: Any) -> dict[str, Any] | None:
    """The contact a message is from: by identity, never by place in the list."""
    for contact in contacts:
        if bsuid is not None and contact.get("user_id") == bsuid:
            return contact
        if wa_id is not None and contact.get("wa_id") == wa_id:
            return contact
    return None


def _status(status: Any, number: Any) -> Update:
    key = status.get("id") if isinstance(status, dict) else None
    if not isinstance(key, str) or not isinstance(status.get("status"), str):
        return _other({"number": number, "status": status})
    content = {"number": number, "status": status}
    name = _short(f"s:{key}:{status['status']}")
    return Update(UpdateKind.STATUS, name, "statuses", content)


def _identity(change: Any, number: Any) -> Update:
    if not isinstance(change, dict):
        return _other({"number": number, "identity": change})
    content = {"number": number, "identity": change}
    ids = change.get("user_id")
    previous = ids.get("previous") if isinstance(ids, dict) else None
    lane = _short(f"{number}:{previous or change.get('wa_id')}")
    return Update(UpdateKind.IDENTITY, "i:" + _digest(orjson.dumps(content)), lane, content)


def _template(value: dict[str, Any], entry: dict[str, Any]) -> Update:
    """News of a template; paused twice is told twice, at different times."""
    content = {"account": entry.get("id"), "time": entry.get("time"), "template": value}
    return Update(UpdateKind.TEMPLATE, "t:" + _digest(orjson.dumps(content)), "templates", content)


def _other(element: Any) -> Update:
    key = "o:" + _digest(orjson.dumps(element))
    return Update(UpdateKind.OTHER, key, "other", {"element": element})


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _short(key: str) -> str:
    """An index entry has a size limit; real keys are far from it."""
    return key if len(key) <= 300 else key[:200] + _digest(key.encode("utf-8", "replace"))


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

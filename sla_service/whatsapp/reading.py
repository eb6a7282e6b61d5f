"""One stored update as a neutral value: every message type of the Cloud API, and what isn't."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson

from sla_service.whatsapp.values import (
    DeliveryStatus,
    Identity,
    IdentityChange,
    InboundMessage,
    Media,
    MessageKind,
    StatusChange,
)

Content = dict[str, Any]


class UnreadableUpdate(Exception):
    """An update lacks what makes it one; the message says which part."""


def message(content: Content) -> InboundMessage:
    """The message in an update's content. Raises UnreadableUpdate."""
    raw = content["message"]
    kind = _KINDS.get(str(raw.get("type")), MessageKind.UNKNOWN)
    if kind is MessageKind.CHOICE and "list_reply" not in raw.get("interactive", {}):
        kind = _interactive_kind(raw)
    fields = _READERS[kind](raw)
    context = _dict(raw, "context")
    details = dict(fields.pop("details", {}))
    for name in ("errors", "referral"):
        if raw.get(name):
            details[name] = raw[name]
    for name in ("forwarded", "frequently_forwarded", "referred_product"):
        if context.get(name):
            details[name] = context[name]
    return InboundMessage(
        wamid=raw["id"],
        phone_number_id=_text(content.get("number")),
        sender=_sender(raw, content.get("contact") or {}),
        sent_at=_instant(raw.get("timestamp")),
        kind=kind,
        quoted=context.get("id"),
        group=raw.get("group_id"),
        details=details,
        **fields,
    )


def status(content: Content) -> StatusChange:
    """The status in an update's content. Raises UnreadableUpdate."""
    raw = content["status"]
    name = raw["status"]
    known = name in DeliveryStatus.__members__.values()
    return StatusChange(
        wamid=raw["id"],
        status=DeliveryStatus(name) if known else DeliveryStatus.UNKNOWN,
        at=_instant(raw.get("timestamp")),
        callback=raw.get("biz_opaque_callback_data"),
        errors=tuple(raw.get("errors") or ()),
        pricing=raw.get("pricing"),
    )


def identity_change(content: Content) -> IdentityChange | None:
    """The change of number or user id an update tells of; None when it tells of none.

    Reads both `user_id_update` elements and `system` messages.
    """
    if "identity" in content:
        raw = content["identity"]
        ids = _dict(raw, "user_id")
        return IdentityChange(
            old=Identity(wa_id=raw.get("wa_id"), bsuid=ids.get("previous")),
            new=Identity(wa_id=raw.get("wa_id"), bsuid=ids.get("current")),
        )
    raw = content["message"]
    system = _dict(raw, "system")
    new = Identity(wa_id=system.get("wa_id"), bsuid=system.get("user_id"))
    old = Identity(wa_id=raw.get("from"), bsuid=raw.get("from_user_id"))
    changed = system.get("type") in ("user_changed_number", "user_changed_user_id")
    return IdentityChange(old, new) if changed and (new.wa_id or new.bsuid) else None


def _sender(raw: Content, contact: Content) -> Identity:
    profile = _dict(contact, "profile")
    identity = Identity(
        wa_id=raw.get("from") or contact.get("wa_id"),
        bsuid=raw.get("from_user_id") or contact.get("user_id"),
        username=profile.get("username"),
        name=profile.get("name"),
    )
    if not (identity.wa_id or identity.bsuid):
        raise UnreadableUpdate("a message from nobody")
    return identity


def _interactive_kind(raw: Content) -> MessageKind:
    if raw.get("type") == "button":
        return MessageKind.CHOICE
    return {
        "button_reply": MessageKind.CHOICE,
        "list_reply": MessageKind.CHOICE,
        "nfm_reply": MessageKind.FORM,
    }.get(str(_dict(raw, "interactive").get("type")), MessageKind.UNKNOWN)


def _read_text(raw: Content) -> Content:
    return {"text": _text(_dict(raw, "text").get("body"))}


def _read_media(raw: Content) -> Content:
    part = _dict(raw, str(raw["type"]))
    if not part.get("id"):  # a media error: the kind without its file
        return {"text": _text(part.get("caption"))}
    return {
        "text": _text(part.get("caption")),
        "media": Media(
            id=str(part["id"]),
            mime_type=part.get("mime_type"),
            sha256=part.get("sha256"),
            filename=part.get("filename"),
            voice=part.get("voice") is True,
        ),
    }


def _read_choice(raw: Content) -> Content:
    if raw.get("type") == "button":
        button = _dict(raw, "button")
        return {"text": _text(button.get("text")), "payload": button.get("payload")}
    interactive = _dict(raw, "interactive")
    taken = _dict(interactive, str(interactive.get("type")))
    return {"text": _text(taken.get("title")), "payload": taken.get("id")}


def _read_form(raw: Content) -> Content:
    form = _dict(_dict(raw, "interactive"), "nfm_reply")
    try:
        answers = orjson.loads(_text(form.get("response_json")) or "{}")
    except orjson.JSONDecodeError:
        answers = {"unreadable": form.get("response_json")}
    return {
        "text": _text(form.get("body")),
        "details": {"form": form.get("name"), "answers": answers},
    }


def _read_about(raw: Content) -> Content:
    part = _dict(raw, str(raw["type"]))
    edited = _dict(_dict(part, "message"), "text").get("body")
    return {
        "text": _text(part.get("emoji") or edited),
        "target": part.get("message_id") or part.get("original_message_id"),
    }


def _read_system(raw: Content) -> Content:
    system = _dict(raw, "system")
    return {"text": "", "details": {"system": system.get("type")}}


def _read_whole(raw: Content) -> Content:
    part = raw.get(str(raw.get("type")))
    words = part.get("text") or part.get("name") if isinstance(part, dict) else None
    return {"text": _text(words), "details": {str(raw.get("type")): part}}


def _read_unknown(raw: Content) -> Content:
    return {"details": {"raw": raw}}


_KINDS: dict[str, MessageKind] = {
    **{
        kind.value: kind
        for kind in MessageKind
        if kind not in (MessageKind.CHOICE, MessageKind.FORM, MessageKind.UNKNOWN)
    },
    "button": MessageKind.CHOICE,
    "interactive": MessageKind.CHOICE,
}

_READERS: dict[MessageKind, Callable[[Content], Content]] = {
    MessageKind.TEXT: _read_text,
    MessageKind.IMAGE: _read_media,
    MessageKind.VIDEO: _read_media,
    MessageKind.AUDIO: _read_media,
    MessageKind.DOCUMENT: _read_media,
    MessageKind.STICKER: _read_media,
    MessageKind.LOCATION: _read_whole,
    MessageKind.CONTACTS: _read_whole,
    MessageKind.CHOICE: _read_choice,
    MessageKind.FORM: _read_form,
    MessageKind.REACTION: _read_about,
    MessageKind.ORDER: _read_whole,
    MessageKind.EDIT: _read_about,
    MessageKind.REVOKE: _read_about,
    MessageKind.SYSTEM: _read_system,
    MessageKind.UNSUPPORTED: _read_whole,
    MessageKind.UNKNOWN: _read_unknown,
}


def _dict(raw: Content, name: str) -> Content:
    part = raw.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _instant(value: Any) -> datetime:
    """Unix seconds, as a string or a number."""
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise UnreadableUpdate("no readable timestamp") from error

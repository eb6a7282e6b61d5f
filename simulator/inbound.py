"""What shoppers send, as the webhooks of Meta say it."""

from typing import Any

from simulator import envelope
from simulator.outside import Outside
from simulator.shoppers import Shopper, new_user_id
from simulator.world import Json, Message, new_wamid

# These are not messages a shopper wrote: they leave the 24-hour window alone.
_NO_WINDOW = {"system", "reaction", "edit", "revoke"}
_NO_BUBBLE = {"reaction", "edit", "revoke", "system"}


def say(
    outside: Outside,
    shopper: Shopper,
    kind: str,
    content: Any,
    *,
    reply_to: str | None = None,
    given: Json | None = None,
) -> str:
    """Send one message of a shopper to the desk and show it on the phone; returns its id.

    `given` are keys of the wire object that take the place of ours: id, timestamp, from,
    from_user_id, context, errors, referral and so on; None as a value leaves a key out.
    """
    entry = _entry(outside, shopper, kind, content, reply_to)
    entry.update(given or {})
    entry = {key: value for key, value in entry.items() if value is not None}
    wamid = str(entry.setdefault("id", new_wamid()))
    _show(outside, shopper, kind, content, entry)
    if kind not in _NO_WINDOW:
        shopper.last_wrote_at = outside.now()
    value = outside.value()
    if kind != "system":
        value["contacts"] = [outside.contact(shopper)]
    value["messages"] = [entry]
    outside.courier.owe(
        envelope.update(outside.settings.waba_id, "messages", value),
        lane=f"messages {shopper.key}",
        message=wamid,
    )
    outside.world.keep()
    return wamid


def change_number(outside: Outside, shopper: Shopper, wa_id: str) -> str:
    """Give a shopper another number: a system message, and a new BSUID announced beside it."""
    old_number, old_user_id = shopper.wa_id, shopper.user_id
    new_id = new_user_id(shopper.language)
    body = f"User {shopper.name} changed from {old_number or old_user_id} to {wa_id}"
    wamid = say(
        outside,
        shopper,
        "system",
        {"body": body, "wa_id": wa_id, "type": "user_changed_number"},
        given={"from_user_id": None},
    )
    shopper.wa_id, shopper.user_id = wa_id, new_id
    value = outside.value()
    value["contacts"] = [{"profile": {"name": shopper.name}, "wa_id": wa_id}]
    value["user_id_update"] = [
        {
            "wa_id": wa_id,
            "detail": f"User id for {shopper.name} has been updated.",
            "user_id": {"previous": old_user_id, "current": new_id},
            "timestamp": str(int(outside.now())),
        }
    ]
    outside.courier.owe(
        envelope.update(outside.settings.waba_id, "user_id_update", value),
        lane=f"messages {shopper.key}",
    )
    outside.world.changed({"type": "shoppers"})
    return wamid


def media_content(outside: Outside, media_id: str, *, caption: str | None) -> tuple[str, Json]:
    """Describe a file a shopper sends: message type and wire object."""
    medium = outside.shelf.get(media_id)
    if medium is None:
        raise LookupError(media_id)
    kind = medium.mime_type.split("/")[0]
    kind = kind if kind in {"image", "audio", "video"} else "document"
    content: Json = {
        "id": medium.id,
        "mime_type": medium.mime_type,
        "sha256": medium.sha256,
        "url": outside.shelf.url(medium),
    }
    if kind == "document":
        content["filename"] = medium.filename or "documento"
    if kind == "audio":
        content["voice"] = medium.filename is None
    elif caption:
        content["caption"] = caption
    return kind, content


def _entry(
    outside: Outside, shopper: Shopper, kind: str, content: Any, reply_to: str | None
) -> Json:
    entry: Json = {}
    if reply_to is not None:
        entry["context"] = _context(outside, shopper, reply_to)
    if shopper.wa_id is not None:
        entry["from"] = shopper.wa_id
    entry["from_user_id"] = shopper.user_id
    entry["id"] = new_wamid()
    entry["timestamp"] = str(int(outside.now()))
    entry["type"] = kind
    if content is not None:
        entry[kind] = content
    return entry


def _context(outside: Outside, shopper: Shopper, reply_to: str) -> Json:
    quoted = outside.world.message(reply_to)
    if quoted is not None and quoted.author == "shopper":
        author = shopper.wa_id
    else:
        author = outside.settings.display_phone_number
    return {"from": author, "id": reply_to} if author is not None else {"id": reply_to}


def _show(outside: Outside, shopper: Shopper, kind: str, content: Any, entry: Json) -> None:
    world = outside.world
    if kind not in _NO_BUBBLE:
        world.add(
            Message(
                id=entry["id"],
                shopper=shopper.key,
                author="shopper",
                at=outside.now(),
                type=kind,
                content=content,
                context=entry.get("context"),
            )
        )
        return
    reference = content if isinstance(content, dict) else {}
    target = world.message(
        str(reference.get("message_id") or reference.get("original_message_id") or "")
    )
    if target is None:
        return
    if kind == "reaction" and reference.get("emoji"):
        target.reactions["shopper"] = reference["emoji"]
    elif kind == "reaction":
        target.reactions.pop("shopper", None)
    elif kind == "revoke":
        target.is_deleted = True
    elif kind == "edit":
        fresh = reference.get("message", {})
        target.content = fresh.get(target.type, target.content)
        target.is_edited = True
    world.show(target)

"""What the Graph API takes as a message, without looking at anything but the message."""

from collections.abc import Callable
from typing import Any

from simulator.refusals import GraphError
from simulator.rules_interactive import check_interactive
from simulator.values import choice, is_link, items, number, obj, string
from simulator.world import Json

_CAPTIONED = {"image", "video", "document"}


def check(body: Any) -> str:
    """Refuse a body Meta would refuse; returns the message type."""
    if not isinstance(body, dict):
        raise GraphError(100, "The request body must be a JSON object.")
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required.")
    if not body.get("to") and not body.get("recipient"):
        raise GraphError(100, "The parameter to is required.")
    for name in ("to", "recipient"):
        if name in body and not isinstance(body[name], str):
            raise GraphError(100, f"Param {name} must be a string.")
    if body.get("recipient_type", "individual") != "individual":
        raise GraphError(100, "Param recipient_type must be one of {INDIVIDUAL}.")
    kind = choice(body.get("type", "text"), "type", _CHECKS)
    if kind not in body:
        raise GraphError(100, f"The parameter {kind} is required.")
    _check_context(body, kind)
    _check_callback_data(body)
    _CHECKS[kind](body[kind])
    return kind


def check_read_mark(body: Json) -> str:
    """Refuse a malformed read mark; returns the message id."""
    message_id = body.get("message_id")
    if not isinstance(message_id, str) or not message_id:
        raise GraphError(100, "The parameter message_id is required.")
    typing = body.get("typing_indicator")
    if typing is not None and typing != {"type": "text"}:
        raise GraphError(100, "Param typing_indicator['type'] must be one of {TEXT}.")
    return message_id


def _check_context(body: Json, kind: str) -> None:
    context = body.get("context")
    if context is None:
        return
    if kind == "reaction":
        raise GraphError(100, "Param context is not supported for reactions.")
    string(obj(context, "context").get("message_id"), "context['message_id']", longest=512)


def _check_callback_data(body: Json) -> None:
    data = body.get("biz_opaque_callback_data")
    if data is not None:
        string(data, "biz_opaque_callback_data", longest=512)


def _check_text(value: Any) -> None:
    text = obj(value, "text")
    string(text.get("body"), "text['body']", longest=4096)
    if not isinstance(text.get("preview_url", False), bool):
        raise GraphError(100, "Param text['preview_url'] must be a boolean.")


def _media_check(kind: str) -> Callable[[Any], None]:
    def check_media(value: Any) -> None:
        medium = obj(value, kind)
        if ("id" in medium) == ("link" in medium):
            raise GraphError(100, f"Exactly one of {kind}['id'] and {kind}['link'] is required.")
        if "id" in medium:
            string(medium["id"], f"{kind}['id']", longest=64)
        elif not is_link(medium["link"]):
            raise GraphError(131009, f"Param {kind}['link'] is not a valid URI.")
        if "caption" in medium:
            if kind not in _CAPTIONED:
                raise GraphError(100, f"Unexpected key 'caption' on param '{kind}'.")
            string(medium["caption"], f"{kind}['caption']", longest=1024, shortest=0)
        if "filename" in medium and kind != "document":
            raise GraphError(100, f"Unexpected key 'filename' on param '{kind}'.")

    return check_media


def _check_reaction(value: Any) -> None:
    reaction = obj(value, "reaction")
    string(reaction.get("message_id"), "reaction['message_id']", longest=512)
    emoji = string(reaction.get("emoji", ""), "reaction['emoji']", longest=16, shortest=0)
    if any(character.isascii() and character.isalnum() for character in emoji):
        raise GraphError(131009, "Param reaction['emoji'] must be a single emoji.")


def _check_location(value: Any) -> None:
    location = obj(value, "location")
    number(location.get("latitude"), "location['latitude']", largest=90)
    number(location.get("longitude"), "location['longitude']", largest=180)


def _check_contacts(value: Any) -> None:
    cards = items(value, "contacts")
    if not cards:
        raise GraphError(131008, "The parameter contacts is required.")
    for index, card in enumerate(cards):
        name = obj(obj(card, f"contacts[{index}]").get("name"), f"contacts[{index}]['name']")
        string(
            name.get("formatted_name"), f"contacts[{index}]['name']['formatted_name']", longest=1024
        )


def _check_template(value: Any) -> None:
    template = obj(value, "template")
    string(template.get("name"), "template['name']", longest=512)
    language = obj(template.get("language"), "template['language']")
    string(language.get("code"), "template['language']['code']", longest=16)
    for index, component in enumerate(items(template.get("components", []), "components")):
        obj(component, f"template['components'][{index}]")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "text": _check_text,
    **{kind: _media_check(kind) for kind in ("image", "video", "document", "audio", "sticker")},
    "interactive": check_interactive,
    "reaction": _check_reaction,
    "location": _check_location,
    "contacts": _check_contacts,
    "template": _check_template,
}

"""Messages of every type as Meta delivers them, with an invented shopper."""

import itertools
from typing import Any

_NUMBERS = itertools.count(100)
SENDER = {"from": "5511987650001", "from_user_id": "BR.8842017735519024"}
CONTACT = {
    "profile": {"name": "Marina Duarte"},
    "wa_id": "5511987650001",
    "user_id": "BR.8842017735519024",
}


def message(kind: str, number: int, **parts: Any) -> dict[str, Any]:
    """A message of a type, with the parts that make it one."""
    return {
        **SENDER,
        "id": f"wamid.{kind}.{number}",
        "timestamp": "1795435200",
        "type": kind,
        **parts,
    }


def media(**parts: Any) -> dict[str, Any]:
    """A file at Meta."""
    return {"id": "3300112233", "mime_type": "image/jpeg", "sha256": "q9mJ0c1Yq8Jm1W0b", **parts}


def interactive(**parts: Any) -> dict[str, Any]:
    """A message with which something offered was taken."""
    number = next(_NUMBERS)
    context = {"from": "551140028922", "id": "wamid.OUT10"}
    return message("interactive", number, context=context, interactive=parts)


EVERY_TYPE: list[dict[str, Any]] = [
    message("text", 1, text={"body": "Quero trocar o tênis 38 por 39"}),
    message("image", 2, image=media(caption="chegou rasgado")),
    message("video", 3, video=media(mime_type="video/mp4")),
    message("document", 4, document=media(filename="nota.pdf", mime_type="application/pdf")),
    message("audio", 5, audio=media(mime_type="audio/ogg; codecs=opus", voice=True)),
    message("sticker", 6, sticker=media(mime_type="image/webp", animated=False)),
    message("location", 7, location={"latitude": -23.5614, "longitude": -46.6559, "name": "Loja"}),
    message("contacts", 8, contacts=[{"origin": "contact_request", "phones": [{"phone": "+55"}]}]),
    message("button", 9, button={"payload": "RET:1043", "text": "Quero trocar"}),
    interactive(type="button_reply", button_reply={"id": "opt:track", "title": "Rastrear"}),
    interactive(type="list_reply", list_reply={"id": "ord:1043", "title": "Pedido 1043"}),
    interactive(
        type="nfm_reply",
        nfm_reply={"name": "flow", "body": "Sent", "response_json": '{"new_size":"39"}'},
    ),
    interactive(type="call_permission_reply", call_permission_reply={"response": "accept"}),
    message("reaction", 12, reaction={"message_id": "wamid.OUT10", "emoji": "👍"}),
    message("reaction", 13, reaction={"message_id": "wamid.OUT10"}),
    {
        "from": "5511987650001",
        "id": "wamid.system.14",
        "timestamp": "1795435600",
        "type": "system",
        "system": {"wa_id": "5511977770002", "type": "user_changed_number", "body": "changed"},
    },
    message(
        "order",
        15,
        order={
            "catalog_id": "1948",
            "text": "quero estes",
            "product_items": [{"product_retailer_id": "SKU-38", "item_price": 199.9}],
        },
    ),
    message("unsupported", 16, errors=[{"code": 131051}], unsupported={"type": "poll_creation"}),
    message("image", 17, errors=[{"code": 131052, "title": "Media download error"}]),
    message(
        "edit",
        18,
        edit={
            "original_message_id": "wamid.text.1",
            "message": {"type": "text", "text": {"body": "tênis 38, desculpe"}},
        },
    ),
    message("revoke", 19, revoke={"original_message_id": "wamid.text.1"}),
    message("text", 20, text={"body": "oi"}, referral={"source_type": "ad", "source_id": "1"}),
    message("hologram", 21, hologram={"depth": 3}),
    message("text", 22, text={"body": "em grupo"}, group_id="G1"),
]


def envelope(*changes: dict[str, Any]) -> dict[str, Any]:
    """A delivery with these changes, in an entry each."""
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "900800700600", "changes": [change]} for change in changes],
    }


def change(field: str = "messages", **value: Any) -> dict[str, Any]:
    """One change on our number."""
    metadata = {"display_phone_number": "551140028922", "phone_number_id": "700100200300"}
    return {
        "field": field,
        "value": {"messaging_product": "whatsapp", "metadata": metadata, **value},
    }


def status(wamid: str, name: str, **parts: Any) -> dict[str, Any]:
    """News of an outbound message."""
    return {"id": wamid, "status": name, "timestamp": "1795435260", **parts}

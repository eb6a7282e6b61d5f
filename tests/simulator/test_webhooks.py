"""What shoppers send reaches the desk as Meta would deliver it."""

import hashlib

import httpx2
import pytest

from tests.simulator.fake_desk import SEND, FakeDesk, Phone, message, text

IMAGE = {"id": "1", "mime_type": "image/jpeg", "sha256": "x=", "caption": "chegou rasgado"}


ENVELOPE = {
    "object": "whatsapp_business_account",
    "entry": [
        {
            "id": "900800700600",
            "changes": [
                {
                    "field": "messages",
                    "value": {
                        "messaging_product": "whatsapp",
                        "metadata": {
                            "display_phone_number": "551140028922",
                            "phone_number_id": "700100200300",
                        },
                        "contacts": [
                            {
                                "profile": {"name": "Marina Duarte"},
                                "wa_id": "5511987650001",
                                "user_id": "BR.8842017735519024",
                            }
                        ],
                        "messages": [
                            {
                                "from": "5511987650001",
                                "from_user_id": "BR.8842017735519024",
                                "id": "wamid.T1",
                                "timestamp": "1795435200",
                                "type": "text",
                                "text": {"body": "Oi! Cadê meu pedido?"},
                            }
                        ],
                    },
                }
            ],
        }
    ],
}


async def test_a_text_has_exactly_the_envelope_of_meta(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    written = {
        "shopper": "5511987650001",
        "message": {
            "id": "wamid.T1",
            "timestamp": "1795435200",
            "type": "text",
            "text": {"body": "Oi! Cadê meu pedido?"},
        },
    }
    await control.post("/control/inbound", json=written)
    await desk.until(lambda: len(desk.posts) == 1)
    assert desk.payloads[0] == ENVELOPE


async def test_every_post_is_signed_over_its_bytes(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    await control.post("/control/inbound", json={"shopper": "447700900123", "text": "Hi 👟"})
    await desk.until(lambda: len(desk.posts) == 1)
    assert desk.is_signed(desk.posts[0])
    assert desk.posts[0].headers["content-type"] == "application/json"


async def test_the_signature_is_the_one_meta_would_make(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    body = (
        '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":'
        '{"messaging_product":"whatsapp","messages":[{"type":"text","text":'
        '{"body":"Olá, cadê meu pedido? 👟"}}]},"field":"messages"}]}]}'
    )
    answer = await control.post("/control/raw", json={"text": body})
    assert answer.json() == {"status": 200, "body": ""}
    assert desk.posts[0].headers["x-hub-signature-256"] == (
        "sha256=c1922858def80e674bb196635cd97ff3f2c69278ebc9605500cd9336b18a155f"
    )


@pytest.mark.parametrize("is_escaped", [True, False])
async def test_text_is_escaped_or_not_and_signed_either_way(
    control: httpx2.AsyncClient, desk: FakeDesk, is_escaped: bool
) -> None:
    await control.post("/control/faults", json={"webhooks": {"escape_unicode": is_escaped}})
    await control.post("/control/inbound", json={"shopper": "5521991230003", "text": "Olá 👟"})
    await desk.until(lambda: len(desk.posts) == 1)
    assert desk.posts[0].content.isascii() is is_escaped
    assert desk.is_signed(desk.posts[0])
    assert desk.messages[0]["text"]["body"] == "Olá 👟"


TYPES: list[tuple[str, object]] = [
    ("image", IMAGE),
    ("video", {"id": "2", "mime_type": "video/mp4"}),
    ("document", {"id": "3", "mime_type": "application/pdf", "filename": "nota.pdf"}),
    ("audio", {"id": "4", "mime_type": "audio/ogg; codecs=opus", "voice": True}),
    ("sticker", {"id": "5", "mime_type": "image/webp", "animated": False}),
    ("location", {"latitude": -23.5614, "longitude": -46.6559}),
    ("contacts", [{"name": {"formatted_name": "Bruno"}}]),
    ("button", {"payload": "RET:1043", "text": "Quero trocar"}),
    ("interactive", {"type": "button_reply", "button_reply": {"id": "a", "title": "A"}}),
    ("interactive", {"type": "list_reply", "list_reply": {"id": "a", "title": "A"}}),
    ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}),
    ("order", {"catalog_id": "1948", "product_items": []}),
    ("reaction", {"message_id": "wamid.X", "emoji": "👍"}),
    ("reaction", {"message_id": "wamid.X"}),
    ("edit", {"original_message_id": "wamid.X", "message": {"type": "text"}}),
    ("revoke", {"original_message_id": "wamid.X"}),
    ("unsupported", {"type": "poll_creation"}),
    ("something_new", {"any": "thing"}),
]


async def test_every_type_of_message_can_be_sent(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    for kind, content in TYPES:
        written = {"shopper": "5511987650001", "message": {"type": kind, kind: content}}
        await control.post("/control/inbound", json=written)
    await desk.until(lambda: len(desk.messages) == len(TYPES))
    assert [(one["type"], one[one["type"]]) for one in desk.messages] == TYPES


async def test_a_message_can_carry_errors_and_no_object_and_no_identity(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    error = {"code": 131052, "title": "Media download error"}
    bare = {"type": "image", "errors": [error], "from": None, "from_user_id": None}
    await control.post("/control/inbound", json={"shopper": "5511987650001", "message": bare})
    await desk.until(lambda: len(desk.messages) == 1)
    assert desk.messages[0].keys() == {"id", "timestamp", "type", "errors"}


async def test_a_shopper_without_a_number_is_known_by_bsuid_and_username(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    await control.post("/control/inbound", json={"shopper": "priya.n", "text": "hello"})
    await desk.until(lambda: len(desk.messages) == 1)
    assert "from" not in desk.messages[0]
    assert desk.messages[0]["from_user_id"] == "GB.7712003344556677"
    assert desk.values[0]["contacts"] == [
        {
            "profile": {"name": "Priya Nair", "username": "priya.n"},
            "user_id": "GB.7712003344556677",
        }
    ]


async def test_a_pressed_button_quotes_the_message_it_was_on(
    graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    sent = (await graph.post(SEND, json=text())).json()["messages"][0]["id"]
    reply = {"type": "button_reply", "button_reply": {"id": "/affirm", "title": "Sim"}}
    await ana.send("interactive", reply, reply_to=sent)
    await desk.until(lambda: len(desk.messages) == 2)
    assert desk.messages[1]["context"] == {"from": "551140028922", "id": sent}


async def test_a_changed_number_is_a_system_message_without_contacts_and_a_new_bsuid(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    await control.post("/control/shoppers/5511987650001/number", json={"wa_id": "5511977770002"})
    await desk.until(lambda: len(desk.values) == 2)
    system, identity = desk.values
    assert "contacts" not in system
    assert system["messages"][0]["from"] == "5511987650001"
    assert system["messages"][0]["system"]["wa_id"] == "5511977770002"
    update = identity["user_id_update"][0]
    assert update["user_id"]["previous"] == "BR.8842017735519024"
    assert update["wa_id"] == "5511977770002"
    await control.post("/control/inbound", json={"shopper": "5511977770002", "text": "sou eu"})
    await desk.until(lambda: len(desk.messages) == 2)
    assert desk.messages[1]["from_user_id"] == update["user_id"]["current"]


async def test_a_photo_from_the_phone_can_be_fetched_by_the_desk(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    await control.post(
        f"/phone/api/chats/{await ana.key()}/media",
        files={"file": ("foto.jpg", b"\xff\xd8\xffdata", "image/jpeg")},
        data={"caption": "chegou rasgado"},
    )
    await desk.until(lambda: len(desk.messages) == 2)
    image = desk.messages[1]["image"]
    assert image["caption"] == "chegou rasgado"
    known = (await graph.get("/" + image["id"])).json()
    assert known["sha256"] == hashlib.sha256(b"\xff\xd8\xffdata").hexdigest()
    assert (await graph.get(known["url"])).content == b"\xff\xd8\xffdata"


async def test_a_recording_is_a_voice_note_in_ogg(
    control: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    await control.post(f"/phone/api/chats/{await ana.key()}/voice-sample")
    await desk.until(lambda: len(desk.messages) == 2)
    assert desk.messages[1]["audio"]["mime_type"] == "audio/ogg; codecs=opus"
    assert desk.messages[1]["audio"]["voice"] is True


@pytest.mark.parametrize("signature", ["wrong", "missing"])
async def test_a_webhook_can_be_sent_with_a_bad_signature(
    control: httpx2.AsyncClient, desk: FakeDesk, signature: str
) -> None:
    await control.post("/control/raw", json={"payload": {"a": 1}, "signature": signature})
    assert not desk.is_signed(desk.posts[0])


async def test_a_reaction_shows_on_the_message_and_goes_again(
    graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    sent = (await graph.post(SEND, json=text())).json()["messages"][0]["id"]
    await ana.send("reaction", {"message_id": sent, "emoji": "👍"})
    first = (await ana.messages())[0]["id"]
    await graph.post(SEND, json=message("reaction", {"message_id": first, "emoji": "✅"}))
    mine, theirs = await ana.messages()
    assert (mine["reactions"], theirs["reactions"]) == ({"business": "✅"}, {"shopper": "👍"})
    await ana.send("reaction", {"message_id": sent})
    assert (await ana.messages())[1]["reactions"] == {}

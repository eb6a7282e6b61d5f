"""What the bot has no use for is covered before it hears it; what it needs is left."""

import logging
import uuid

import pytest

from bot.components.spelling import normalised
from bot.masking import COVER, covered, without_emails
from bot.tracker_store import DeskTrackerStore
from tests.bot.server import ActionServer, Ask, Desk

CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"meu cartão é {CARD}", "meu cartão é •••• •••• •••• ••••"),
        ("4111111111111111", "••••••••••••••••"),
        ("cartão:5555555555554444!", "cartão:••••••••••••••••!"),
        ("4111-1111-1111-1112", "••••-••••-••••-••••"),
        ("4111  1111  1111  1111", "••••  ••••  ••••  ••••"),
        ("amex 3782 822463 10005", "amex •••• •••••• •••••"),
        (f"pedido 48213 {CARD}", "pedido 48213 •••• •••• •••• ••••"),
        ("cvv 123", "cvv •••"),
        ("código de segurança: 1234", "código de segurança: ••••"),
        ("security code is 987", "security code is •••"),
        ("meu cpf é 529.982.247-25", "meu cpf é •••.•••.•••-••"),
        ("52998224725", "•••••••••••"),
        ("cpf 11122233344", "cpf •••••••••••"),
        ("nif 123456789", "nif •••••••••"),
        ("my ssn is 123-45-6789", "my ssn is •••-••-••••"),
        ("+55 11 98765-0001", "+•• •• •••••-••••"),
        ("(11) 98765-0001", "(••) •••••-••••"),
        ("11987650001", "•••••••••••"),
        ("me liga no telefone 3456-7890", "me liga no telefone ••••-••••"),
        ("call me at 212-555-1234", "call me at •••-•••-••••"),
        ("my phone is 07700 900123", "my phone is ••••• ••••••"),
        ("minha senha é abacate", "minha senha é •••••••"),
        ("senha: x9!k", "senha: ••••"),
        ("password is hunter2", "password is •••••••"),
        ("pediram o código que veio no sms 482913", "pediram o código que veio no sms ••••••"),
        ("the verification code is 123456", "the verification code is ••••••"),
        ("code from whatsapp: 8841", "code from whatsapp: ••••"),
        ("482913 é o seu código", "•••••• é o seu código"),
    ],
)
def test_it_is_covered(text: str, shown: str) -> None:
    assert covered(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "pedido 48213",
        "código do pedido 48213",
        "o código de verificação do pedido 48213 não chegou",
        "my code 48213",
        "#48.213",
        "pedido 123456789",
        "cep 01310-100",
        "01310100",
        "zip 90210-1234",
        "SW1A 1AA",
        "AA123456789BR",
        "1Z999AA10123456784",
        "rastreio 123456789012",
        "12/11/2026",
        "R$ 1.299,90",
        "é ana.lima@example.com",
        "38 40 42 44",
        "minha senha é inválida",
        "my password is wrong",
        "esqueci minha senha do site",
        "4111 1111 1111",
        "4111111111111112",
    ],
)
def test_it_is_left(text: str) -> None:
    assert covered(text) == text


def test_a_covered_number_reads_like_the_number_it_covers() -> None:
    assert normalised(COVER * 11) == normalised("52998224725") == "num11"
    assert normalised("•••.•••.•••-••") == normalised("529.982.247-25")
    assert normalised("••••") == normalised("1111") == "num4"


def test_an_email_keeps_its_first_letter_and_its_house() -> None:
    assert without_emails("é Ana.Lima@example.com, tá?") == "é A•••@example.com, tá?"


async def test_a_card_never_reaches_the_tracker_the_actions_or_the_log(
    ask: Ask, desk: Desk, action_server: ActionServer, caplog: pytest.LogCaptureFixture
) -> None:
    async def _nothing(_: object) -> dict[str, object]:
        return {"events": [], "responses": []}

    action_server.actions["action_track_order"] = _nothing
    caplog.set_level(logging.DEBUG)
    conversation = uuid.uuid4().hex
    text = f"cadê meu pedido 48213? paguei com {CARD}"
    media = [{"kind": "image", "caption": CARD}]
    body = (await ask(text, conversation=conversation, media=media)).json()
    assert [each["value"] for each in body["entities"]] == ["48213"]
    kept = await desk.agent.tracker_store.retrieve(conversation)
    assert kept
    everything = f"{kept.current_state()} {action_server.trackers} {caplog.text} {body}"
    assert "cadê meu pedido 48213? paguei com •••• •••• •••• ••••" in everything
    assert "1111" not in everything


async def test_an_email_is_used_in_its_turn_and_then_covered(
    ask: Ask, desk: Desk, action_server: ActionServer
) -> None:
    async def _nothing(_: object) -> dict[str, object]:
        return {"events": [], "responses": []}

    action_server.actions["action_track_order"] = _nothing
    conversation = uuid.uuid4().hex
    text = "where is my order 48213? i'm ana.lima@example.com"
    body = (await ask(text, conversation=conversation)).json()
    heard = action_server.trackers[0]["latest_message"]["entities"]
    assert "ana.lima@example.com" in [each["value"] for each in heard]
    store = desk.agent.tracker_store
    assert isinstance(store, DeskTrackerStore)
    kept = await store.retrieve(conversation)
    assert kept
    for told in (body, kept.current_state(), kept.as_dialogue().as_dict()):
        assert "ana.lima" not in str(told)
    assert "a•••@example.com" in str(kept.current_state())

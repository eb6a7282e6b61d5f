"""Templates leave places open, and are sent with each of them filled."""

from typing import Any

import pytest

from sla_service.whatsapp import templates
from sla_service.whatsapp.templates import Unfillable

POSITIONAL: dict[str, Any] = {
    "name": "retomar_atendimento",
    "language": "pt_BR",
    "status": "APPROVED",
    "category": "UTILITY",
    "components": [
        {
            "type": "BODY",
            "text": "Olá, {{1}}! É sobre o pedido {{2}}, certo?",
            "example": {"body_text": [["Ana", "48213"]]},
        },
        {"type": "FOOTER", "text": "Passo Firme"},
    ],
}
NAMED: dict[str, Any] = {
    "name": "pedido_enviado",
    "language": "en",
    "status": "APPROVED",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": [
        {"type": "HEADER", "format": "TEXT", "text": "Order {{order}}"},
        {"type": "BODY", "text": "Hi {{name}}! It is on its way, {{name}}."},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "URL", "text": "Track", "url": "https://rastreio.example/{{1}}"},
                {"type": "QUICK_REPLY", "text": "Talk to us"},
            ],
        },
    ],
}


def read(raw: dict[str, Any]) -> templates.Template:
    template = templates.read(raw)
    assert template is not None
    return template


def test_what_a_template_leaves_open_is_told_with_an_example() -> None:
    template = read(POSITIONAL)
    assert [(hole.key, hole.part, hole.example) for hole in template.holes] == [
        ("1", "body", "Ana"),
        ("2", "body", "48213"),
    ]
    keys = [hole.key for hole in read(NAMED).holes]
    assert keys == ["header.order", "name", "button.0"]


def test_places_by_number_are_filled_in_order() -> None:
    composed = templates.fill(read(POSITIONAL), {"2": "48213", "1": "Ana"})
    assert composed.text == "Olá, Ana! É sobre o pedido 48213, certo?\n\nPasso Firme"
    (body,) = composed.body["template"]["components"]
    assert [one["text"] for one in body["parameters"]] == ["Ana", "48213"]
    assert "parameter_name" not in body["parameters"][0]


def test_places_by_name_and_addresses_are_filled() -> None:
    values = {"header.order": "48213", "name": "Ana", "button.0": "BR123"}
    composed = templates.fill(read(NAMED), values)
    header, body, button = composed.body["template"]["components"]
    assert header["parameters"] == [{"type": "text", "parameter_name": "order", "text": "48213"}]
    assert body["parameters"] == [{"type": "text", "parameter_name": "name", "text": "Ana"}]
    assert (button["sub_type"], button["index"], button["parameters"][0]["text"]) == (
        "url",
        "0",
        "BR123",
    )
    assert composed.text == "Order 48213\n\nHi Ana! It is on its way, Ana."
    assert [one["title"] for one in composed.content["options"]] == ["Track", "Talk to us"]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"1": "Ana"},
        {"1": "Ana", "2": " "},
        {"1": "Ana", "2": "48213", "3": "x"},
        {"1": "Ana\nSouza", "2": "48213"},
        {"1": "Ana\tSouza", "2": "48213"},
        {"1": "Ana     Souza", "2": "48213"},
        {"1": "A" * 1025, "2": "48213"},
    ],
)
def test_a_template_that_is_not_filled_as_the_channel_wants_is_not_sent(
    values: dict[str, str],
) -> None:
    with pytest.raises(Unfillable):
        templates.fill(read(POSITIONAL), values)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "PAUSED"},
        {"status": "PENDING"},
        {"components": []},
        {"components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "oi"}]},
        {
            "components": [
                {"type": "BODY", "text": "oi"},
                {"type": "BUTTONS", "buttons": [{"type": "OTP", "text": "x"}]},
            ]
        },
    ],
)
def test_what_can_not_be_filled_with_texts_alone_is_not_offered(change: dict[str, Any]) -> None:
    assert templates.read({**POSITIONAL, **change}) is None

"""A size, a colour, a date or a code has one value however it is written."""

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.values import ValueExtractor


def found(text: str, already: list[dict[str, Any]] | None = None) -> dict[str, list[str]]:
    message = Message({"text": text, "entities": already or []})
    ValueExtractor().process([message])
    values: dict[str, list[str]] = {}
    for entity in message.get("entities"):
        values.setdefault(entity["entity"], []).append(entity["value"])
    return values


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("tem no 39?", "39"),
        ("tem esse tênis no 39?", "39"),
        ("tem o vestido M?", "M"),
        ("visto 40, qual pego?", "40"),
        ("veste GG", "GG"),
        ("uso tamanho gg", "GG"),
        ("tamanho 9,5", "9.5"),
        ("do you have it in a 9.5", "9.5"),
        ("size xl please", "XL"),
        ("i wear a medium or L", "L"),
        ("calço 37", "37"),
    ],
)
def test_sizes(text: str, size: str) -> None:
    assert found(text)["size"] == [size]


@pytest.mark.parametrize(
    "text",
    [
        "tenho 40 anos",
        "pedido 48213",
        "comprei no dia 12",
        "i'm so sad",
        "chegou 2 pacotes",
        "uso ha 2 anos",
        "it's late",
        "chega em 40 dias?",
        "parcela em 36x?",
    ],
)
def test_what_is_no_size(text: str) -> None:
    assert "size" not in found(text)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("a blusa Azul-Marinho", "color", "navy"),
        ("quero azul marinho", "color", "navy"),
        ("em PRETA", "color", "black"),
        ("in grey", "color", "gray"),
        ("meu tênis", "product", "sneakers"),
        ("the trainers", "product", "sneakers"),
        ("código aa 123456789 br", "tracking_code", "AA123456789BR"),
        ("CEP 01310100", "postal_code", "01310-100"),
        ("é 01310-100", "postal_code", "01310-100"),
        ("código postal 1000-001", "postal_code", "1000-001"),
        ("comprei dia 5", "date", "---05"),
        ("12/03", "date", "--03-12"),
        ("em 12/03/2026", "date", "2026-03-12"),
        ("5 de março", "date", "--03-05"),
        ("march 5th", "date", "--03-05"),
        ("on the 3rd", "date", "---03"),
    ],
)
def test_other_values(text: str, kind: str, value: str) -> None:
    assert found(text)[kind] == [value]


def test_what_another_extractor_found_stays_its_own() -> None:
    already = [{"entity": "order_number", "start": 7, "end": 12, "value": "48213"}]
    assert found("pedido 48213", already) == {"order_number": ["48213"]}


def test_a_span_is_the_text_it_was_read_from() -> None:
    text = "É o tênis Pretô, ção 39?"
    message = Message({"text": text})
    ValueExtractor().process([message])
    spans = [text[each["start"] : each["end"]] for each in message.get("entities")]
    assert "tênis" in spans


@pytest.mark.parametrize("text", ["tem no " * 2000, "1/" * 5000, "a" * 10_000, "dia 1 " * 2000])
def test_a_wall_of_text_does_no_harm(text: str) -> None:
    found(text)

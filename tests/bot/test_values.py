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
        ("i wear a large", "L"),
        ("calço 37", "37"),
        ("tam. 40", "40"),
        ("tam 42 por favor", "42"),
        ("calço 37/38", "37/38"),
        ("calço 36 e meio", "36.5"),
        ("size 9 and a half", "9.5"),
        ("é tamanho único?", "one size"),
        ("is it one size?", "one size"),
        ("tamanho médio", "M"),
        ("i'm usually a medium", "M"),
        ("uk 8", "8"),
        ("tem camiseta gg?", "GG"),
        ("a calça 42", "42"),
        ("tem vestido azul m?", "M"),
        ("camisa 3XL", "3XL"),
        ("pedi um 38 e veio outro", "38"),
        ("trocar o 41 pelo azul", "41"),
        ("comprei xg e ficou bom", "XG"),
        ("quero a g", "G"),
        ("they are a 7.5", "7.5"),
        ("entre 38 e a outra", "38"),
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
        "a calça p trabalhar",
        "comprei a blusa s ontem",
        "tenho 3 camisetas",
        "the medium sized box",
        "tabela de tamanhos do jeans",
        "mandei pelos correios",
        "open between 9 and 6?",
        "got a 5 star review",
        "pedi 40 minutos atrás",
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
        ("ZIP 90210", "postal_code", "90210"),
        ("90210-1234", "postal_code", "90210-1234"),
        ("i'm at sw1a 1aa", "postal_code", "SW1A 1AA"),
        ("SW1A1AA", "postal_code", "SW1A 1AA"),
        ("moro em 1000-001 Lisboa", "postal_code", "1000-001"),
        ("01.310-100", "postal_code", "01310-100"),
        ("cep é 01310 100", "postal_code", "01310-100"),
        ("AA 123 456 789 BR", "tracking_code", "AA123456789BR"),
        ("RE123456785PT", "tracking_code", "RE123456785PT"),
        ("1Z999AA10123456784", "tracking_code", "1Z999AA10123456784"),
        ("código de rastreio 123456789012", "tracking_code", "123456789012"),
        ("tracking number is 9400110200881234567890", "tracking_code", "9400110200881234567890"),
        ("em 12-11-2026", "date", "2026-11-12"),
        ("2026-11-12", "date", "2026-11-12"),
        ("12.11.26", "date", "2026-11-12"),
        ("on 11/25", "date", "--11-25"),
        ("march 5th, 2026", "date", "2026-03-05"),
        ("1º de abril", "date", "--04-01"),
        ("comprei ontem", "date", "-P1D"),
        ("anteontem", "date", "-P2D"),
        ("chega amanhã?", "date", "P1D"),
        ("depois de amanhã", "date", "P2D"),
        ("the day after tomorrow", "date", "P2D"),
        ("comprei há 3 dias", "date", "-P3D"),
        ("faz duas semanas", "date", "-P2W"),
        ("two weeks ago", "date", "-P2W"),
        ("daqui a 5 dias", "date", "P5D"),
        ("semana que vem", "date", "P1W"),
        ("last week", "date", "-P1W"),
        ("vocês abrem sábado?", "date", "-W-6"),
        ("até sexta", "date", "-W-5"),
        ("na segunda-feira", "date", "-W-1"),
        ("next friday", "date", "-W-5/P1W"),
        ("sexta que vem", "date", "-W-5/P1W"),
        ("sexta passada", "date", "-W-5/-P1W"),
        ("last monday", "date", "-W-1/-P1W"),
        ("a sapatilha", "product", "flats"),
        ("verde-oliva", "color", "olive"),
    ],
)
def test_other_values(text: str, kind: str, value: str) -> None:
    assert found(text)[kind] == [value]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("quero a segunda via", "date"),
        ("a quarta opção", "date"),
        ("32/11", "date"),
        ("31/13/2026", "date"),
        ("uso há 2 anos", "date"),
        ("telefone 3456-7890", "postal_code"),
        ("paguei 12345678 no boleto", "tracking_code"),
    ],
)
def test_what_is_no_value(text: str, kind: str) -> None:
    assert kind not in found(text)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("meu cep é 01310100", {"postal_code": ["01310-100"]}),
        ("zip code 90210", {"postal_code": ["90210"]}),
        ("pedido 90210", {"order_number": ["90210"]}),
    ],
)
def test_the_words_around_it_tell_a_postcode_from_an_order(
    text: str, entity: dict[str, list[str]]
) -> None:
    digits = text.rsplit(maxsplit=1)[-1]
    start = text.index(digits)
    guess = {"entity": "order_number", "start": start, "end": len(text), "value": digits}
    assert found(text, [guess]) == entity


def test_what_another_extractor_found_stays_its_own() -> None:
    already = [{"entity": "order_number", "start": 7, "end": 12, "value": "48213"}]
    assert found("pedido 48213", already) == {"order_number": ["48213"]}


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("order_number", "#48.213", "48213"),
        ("order_number", "48213", "48213"),
        ("email", "Ana.Lima@Example.COM", "ana.lima@example.com"),
    ],
)
def test_what_another_extractor_found_gets_one_spelling(kind: str, said: str, value: str) -> None:
    already = [{"entity": kind, "start": 2, "end": 2 + len(said), "value": said}]
    assert found(f"é {said}", already) == {kind: [value]}


@pytest.mark.parametrize("text", ["meu cartão final 4821", "my card ending in 4821"])
def test_the_end_of_a_card_is_no_order(text: str) -> None:
    at = len(text) - 4
    guess = {"entity": "order_number", "start": at, "end": len(text), "value": "4821"}
    assert found(text, [guess]) == {}


def test_a_verb_is_no_skirt() -> None:
    assert found("cancela antes que saia") == {}


def test_a_span_is_the_text_it_was_read_from() -> None:
    text = "É o tênis Pretô, ção 39?"
    message = Message({"text": text})
    ValueExtractor().process([message])
    spans = [text[each["start"] : each["end"]] for each in message.get("entities")]
    assert "tênis" in spans


@pytest.mark.parametrize("text", ["tem no " * 2000, "1/" * 5000, "a" * 10_000, "dia 1 " * 2000])
def test_a_wall_of_text_does_no_harm(text: str) -> None:
    found(text)

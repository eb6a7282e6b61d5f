"""Two requests in one message are told apart; a story in two sentences stays one."""

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.requests import PARTS, Part, RequestSplitter, sentences


def split(
    text: str, *intents: str, whole: str = "nlu_fallback", sure: float = 0.9, **more: Any
) -> Message:
    """The message after the splitter, its sentences understood as `intents`."""
    parts = [
        Part(start, end, intent, sure)
        for (start, end), intent in zip(sentences(text), intents, strict=True)
    ]
    ranking = [{"name": name, "confidence": 0.5} for name in [whole, *intents]]
    message = Message(
        {"text": text, "intent": ranking[0], "intent_ranking": ranking, PARTS: parts, **more}
    )
    config = RequestSplitter.get_default_config()
    return RequestSplitter(config).process([message])[0]


def outcome(message: Message) -> tuple[str, str | None]:
    other = message.get("also")
    return message.get("intent")["name"], other["intent"]["name"] if other else None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cadê meu pedido? e vocês abrem sábado?", ["cadê meu pedido", "e vocês abrem sábado"]),
        ("oi!! tudo bem 😊\ncadê meu pedido", ["oi", "tudo bem 😊", "cadê meu pedido"]),
        ("a tabela e também o horário", ["a tabela", "e também o horário"]),
        ("it's late; refund me", ["it's late", "refund me"]),
        ("um… dois", ["um", "dois"]),
        ("cadê meu pedido e qual o horário?", ["cadê meu pedido", "e qual o horário"]),
        (
            "cadê meu pedido, que horas abrem e qual o cupom?",
            ["cadê meu pedido", "que horas abrem", "e qual o cupom"],
        ),
        ("se não servir, quando volta?", []),
        (
            "quero saber do pedido, trocar meu endereço e que horas vocês abrem?",
            ["quero saber do pedido", "trocar meu endereço", "e que horas vocês abrem"],
        ),
        ("where is it and do you ship abroad", ["where is it", "and do you ship abroad"]),
    ],
)
def test_sentences_end_where_people_end_them(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


@pytest.mark.parametrize(
    "text",
    [
        "cadê meu pedido?",
        "pedido 48.213",
        "custa R$ 10.50 né",
        "me escreve em ana.lima@example.com",
        "??? !!!",
        "a. b. c. d. e.",
        "cadê meu pedido? " * 100,
        "",
    ],
)
def test_there_is_but_one_sentence(text: str) -> None:
    assert sentences(text) == []


def test_two_requests_are_answered_in_their_order() -> None:
    message = split(
        "cadê o 48213? vocês abrem sábado?", "track_order", "store_hours", whole="store_hours"
    )
    assert outcome(message) == ("track_order", "store_hours")
    assert message.get("intent_ranking")[0]["name"] == "track_order"
    assert message.get("also")["text"] == "vocês abrem sábado"
    assert "also" in message.as_dict(only_output_properties=True)
    assert PARTS not in message.as_dict(only_output_properties=True)


def test_a_third_request_follows_the_second() -> None:
    message = split(
        "cadê o 48213? vocês abrem sábado? tem cupom?",
        *("track_order", "store_hours", "promo_code"),
        whole="store_hours",
    )
    assert outcome(message) == ("track_order", "store_hours")
    third = message.get("also")["also"]
    assert (third["text"], third["intent"]["name"]) == ("tem cupom", "promo_code")
    assert "also" not in third


def test_of_three_requests_the_whole_may_read_like_another_side_of_one() -> None:
    ranking = ("order_status", "promo_code", "track_order", "store_hours")
    message = Message(
        {
            "text": "a. b. c",
            "intent": {"name": ranking[0]},
            "intent_ranking": [{"name": name, "confidence": 0.2} for name in ranking],
            PARTS: [
                Part(0, 1, "track_order", 0.9),
                Part(3, 4, "store_hours", 0.9),
                Part(6, 7, "promo_code", 0.9),
            ],
        }
    )
    RequestSplitter(RequestSplitter.get_default_config()).process([message])
    assert outcome(message) == ("track_order", "store_hours")
    assert message.get("also")["also"]["intent"]["name"] == "promo_code"


def test_the_second_request_has_its_own_entities() -> None:
    text = "cadê o 48213? vocês abrem sábado?"
    entities = [
        {"entity": "order_number", "start": 7, "end": 12, "value": "48213"},
        {"entity": "date", "start": 26, "end": 32, "value": "-W-6"},
    ]
    other = split(text, "track_order", "store_hours", entities=entities).get("also")
    (day,) = other["entities"]
    assert other["text"][day["start"] : day["end"]] == "sábado"


@pytest.mark.parametrize("whole", ["greet", "thank", "nlu_fallback"])
def test_a_greeting_and_a_request_is_a_request(whole: str) -> None:
    message = split("oi, bom dia! cadê meu pedido?", "greet", "track_order", whole=whole)
    assert outcome(message) == ("track_order", None)


@pytest.mark.parametrize(
    ("intents", "whole"),
    [
        (("track_order", "order_status"), "order_status"),
        (("delivery_late", "refund_status"), "refund_status"),
        (("track_order", "inform_order_number"), "track_order"),
        (("track_order", "talk_to_human"), "talk_to_human"),
        (("complaint", "return_item"), "complaint"),
        (("affirm", "track_order"), "affirm"),
        (("greet", "greet"), "greet"),
    ],
)
def test_one_matter_stays_as_it_was_understood(intents: tuple[str, str], whole: str) -> None:
    message = split("uma coisa. outra coisa", *intents, whole=whole)
    assert outcome(message) == (whole, None)


def test_an_unsure_sentence_is_no_request() -> None:
    message = split("uma. outra", "track_order", "store_hours", whole="track_order", sure=0.5)
    assert outcome(message) == ("track_order", None)


def test_the_whole_must_read_like_both() -> None:
    ranking = [{"name": name, "confidence": 0.2} for name in ("track_order", "rate", "invoice")]
    message = split("uma. outra", "track_order", "store_hours", whole="track_order")
    assert outcome(message) == ("track_order", "store_hours")
    message = Message({"text": "uma. outra", "intent": ranking[0], "intent_ranking": ranking})
    message.set(PARTS, [Part(0, 3, "track_order", 0.9), Part(5, 10, "store_hours", 0.9)])
    RequestSplitter(RequestSplitter.get_default_config()).process([message])
    assert outcome(message) == ("track_order", None)


def test_what_is_urgent_goes_to_a_person_undivided() -> None:
    message = split("uma. outra", "track_order", "store_hours", whole="talk_to_human", urgent=True)
    assert outcome(message) == ("talk_to_human", None)

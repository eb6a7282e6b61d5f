"""Urgent means urgent: misspelt, shouted, in either language; and "not urgent" doesn't."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.tokenizer import NormalizingTokenizer
from bot.components.urgency import UrgencyDetector, is_one_slip_away


def heard(text: str, **config: object) -> Message:
    message = Message({"text": text, "intent": {"name": "track_order", "confidence": 0.8}})
    NormalizingTokenizer(NormalizingTokenizer.get_default_config()).process([message])
    detector = UrgencyDetector({**UrgencyDetector.get_default_config(), **config})
    return detector.process([message])[0]


@pytest.mark.parametrize(
    "text",
    [
        "urgente",
        "URGENTE!!!",
        "é urgente, cadê meu pedido 48213?",
        "urgentee",
        "urgnte",
        "urgenet",
        "urjente",
        "ürgente",
        "tenho urgencia",
        "preciso com urgência",
        "não, é urgente",
        "não chegou e é urgente",
        "ainda não chegou é urgente",
        "it's urgent",
        "this is really urgent!",
        "I need it urgently",
        "not here yet. urgent!",
        "ur\u200bgente",
        "não é urgente... mentira, é URGENTE sim",
    ],
)
def test_an_urgent_message_goes_to_a_person(text: str) -> None:
    message = heard(text)
    assert message.get("urgent") is True
    assert message.get("intent") == {"name": "talk_to_human", "confidence": 1.0}
    assert message.as_dict(only_output_properties=True)["urgent"] is True


@pytest.mark.parametrize(
    "text",
    [
        "não é urgente",
        "nao e tão urgente assim",
        "n é urgente",
        "sem urgência",
        "não tem urgência nenhuma",
        "nada urgente",
        "it's not urgent",
        "isn't urgent",
        "isnt urgent",
        "no urgency at all",
        "not that urgent",
        "it is not really urgent, thanks",
        "quero falar com um agente",
        "sou gente boa",
        "where is my order",
        "/talk_to_human",
    ],
)
def test_a_message_without_urgency_stays_what_it_is(text: str) -> None:
    message = heard(text)
    assert message.get("urgent") is None
    assert message.get("intent")["name"] == "track_order"


def test_words_and_intent_are_configurable() -> None:
    message = heard("é pra ontem", keywords={"pt": ["ontem"]}, intent="hurry")
    assert message.get("intent")["name"] == "hurry"
    assert heard("urgente", keywords={"pt": ["ontem"]}).get("urgent") is None


@pytest.mark.parametrize(
    ("typed", "is_slip"),
    [
        ("urgent", True),
        ("urgente", True),
        ("uregnte", True),
        ("uurgente", True),
        ("urgentes", True),
        ("agente", False),
        ("urgt", False),
        ("urgiente!", False),
    ],
)
def test_one_slip_is_forgiven(typed: str, is_slip: bool) -> None:
    assert is_one_slip_away(typed, "urgente") is is_slip

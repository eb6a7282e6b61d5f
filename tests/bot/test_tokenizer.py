"""Spelling varies, meaning doesn't; and where a word stands is never touched."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.spelling import normalised
from bot.components.tokenizer import NormalizingTokenizer


def tokens_of(text: str) -> list[tuple[str, str]]:
    message = Message({"text": text})
    NormalizingTokenizer(NormalizingTokenizer.get_default_config()).process([message])
    for token in message.get("text_tokens"):
        assert text[token.start : token.end] == token.text
    return [(token.text, token.lemma) for token in message.get("text_tokens")]


def lemmas_of(text: str) -> list[str]:
    return [lemma for _, lemma in tokens_of(text)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Não", "nao"),
        ("NAUM", "nao"),
        ("nãããooo", "nao"),
        ("n", "nao"),
        ("simmm", "sim"),
        ("oiii", "oi"),
        ("oii", "oi"),
        ("vc", "voce"),
        ("cadê", "cade"),
        ("kd", "cade"),
        ("pfv", "por favor"),
        ("Obrigadaaa", "obrigado"),
        ("pls", "please"),
        ("heyyyy", "hey"),
        ("thx", "thanks"),
        ("dont", "don't"),
        ("free", "free"),
        ("coffee", "coffee"),
    ],
)
def test_a_word_has_one_form_however_it_is_typed(typed: str, meant: str) -> None:
    assert normalised(typed) == meant


@pytest.mark.parametrize(
    "laugh", ["kkk", "kkkkkkk", "rsrs", "rsrsrs", "haha", "HAHAHA", "hehe", "huehue", "lol", "😂🤣"]
)
def test_laughs_are_one_word(laugh: str) -> None:
    assert lemmas_of(laugh) == ["risada"]


@pytest.mark.parametrize("word", ["rosa", "haver", "aha", "ruas", "ok", "hora", "uau", "shoes"])
def test_a_word_that_looks_a_little_like_a_laugh_is_none(word: str) -> None:
    assert lemmas_of(word) != ["risada"]


@pytest.mark.parametrize(
    ("emoji", "word"),
    [
        ("👍", "ok"),
        ("👍🏽", "ok"),
        ("👎", "nao"),
        ("🙏🙏", "obrigado"),
        ("😡", "raiva"),
        ("❤️", "amei"),
        ("👋", "oi"),
        ("👨‍👩‍👧", "emoji"),
        ("🦄", "emoji"),
    ],
)
def test_emoji_are_words(emoji: str, word: str) -> None:
    assert lemmas_of(emoji) == [word]


def test_an_emoji_next_to_a_word_is_a_word_of_its_own() -> None:
    assert tokens_of("valeu🙏 chegou") == [
        ("valeu", "valeu"),
        ("🙏", "obrigado"),
        ("chegou", "chegou"),
    ]


def test_numbers_are_known_by_their_length_and_one_digit_by_itself() -> None:
    assert lemmas_of("pedido 48213") == ["pedido", "num5"]
    assert lemmas_of("2") == ["2"]
    assert lemmas_of("tamanho 38") == ["tamanho", "num2"]


def test_invisible_characters_stay_in_the_text_and_out_of_the_lemma() -> None:
    assert tokens_of("pe\u200bdido\ufeff \u00004821\u00ad3") == [
        ("pe\u200bdido\ufeff", "pedido"),
        ("\u00004821\u00ad3", "num5"),
    ]
    assert lemmas_of("na\u0303o") == ["nao"]


def test_punctuation_counts_only_when_there_is_nothing_else() -> None:
    assert lemmas_of("cadê meu pedido???") == ["cade", "meu", "pedido"]
    assert lemmas_of("???") == ["?"]
    assert len(lemmas_of("...")) == 1


def test_what_belongs_together_stays_together() -> None:
    words = [word for word, _ in tokens_of("copo d'água, ana@loja.com.br custa R$ 10.000,00")]
    assert words == ["copo", "d'água", "ana@loja.com.br", "custa", "R", "10.000,00"]


@pytest.mark.parametrize("text", [" ", "\u200b", "\u0000", "\n\n"])
def test_a_text_without_words_does_no_harm(text: str) -> None:
    tokens_of(text)

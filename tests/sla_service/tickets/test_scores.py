"""What a contact's words and buttons say about how it went."""

import pytest

from sla_service.tickets import scores
from sla_service.tickets.scores import Pressed


@pytest.mark.parametrize("score", scores.SCORES)
def test_a_score_comes_back_as_it_was_offered(score: int) -> None:
    pressed = scores.payload(1001, 2, score)
    assert scores.is_rating(pressed)
    assert scores.read(pressed) == Pressed(ticket=1001, resolution=2, score=score)


@pytest.mark.parametrize(
    "pressed",
    [
        "/rate{",
        '/rate{"score":4}',
        '/rate{"score":6,"ticket":1,"resolution":1}',
        '/rate{"score":"x","ticket":1,"resolution":1}',
        '/rate{"score":null,"ticket":1,"resolution":1}',
        "/rate[]",
    ],
)
def test_a_button_that_means_nothing_is_no_score(pressed: str) -> None:
    assert scores.read(pressed) is None


@pytest.mark.parametrize("pressed", [None, "", "/talk_to_human", "/rates", "rate{}"])
def test_other_buttons_are_the_bots(pressed: str | None) -> None:
    assert not scores.is_rating(pressed)


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("5", 5),
        (" 4 ", 4),
        ("nota 3", 3),
        ("Nota 1!", 1),
        ("2/5", 2),
        ("5 estrelas", 5),
        ("1 star", 1),
        ("⭐⭐⭐⭐", 4),
        ("⭐️⭐️", 2),
        ("★ ★ ★", 3),
        ("0", None),
        ("6", None),
        ("55", None),
        ("5 pares", None),
        ("quero 2", None),
        ("", None),
    ],
)
def test_a_score_may_be_written(said: str, score: int | None) -> None:
    assert scores.typed(said) == score


@pytest.mark.parametrize(
    ("said", "is_comment"),
    [
        ("o atendente foi ótimo", True),
        ("demorou demais, mas resolveu", True),
        ("Very kind, thank you", True),
        ("e o meu pedido?", False),
        ("pedido 48213", False),
        ("Quero trocar um tênis", False),
        ("cade meu dinheiro", False),
        ("I need an invoice", False),
        ("falar com uma pessoa", False),
        ("   ", False),
    ],
)
def test_whoever_asks_for_something_makes_no_comment(said: str, is_comment: bool) -> None:
    assert scores.is_comment(said) is is_comment

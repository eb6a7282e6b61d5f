"""Which option a message picks."""

import pytest

from actions.wording.choices import LAST, number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        (" 2 ", 2),
        ("3.", 3),
        ("opção 3", 3),
        ("número 1", 1),
        ("a segunda", 2),
        ("2ª", 2),
        ("o terceiro por favor", 3),
        ("the second one", 2),
        ("one", 1),
        ("uma", 1),
        ("1st", 1),
        ("a última", LAST),
        ("the last one", LAST),
        ("12", 12),
        ("vou devolver só uma delas", 1),
        ("as duas que comprei ontem não serviram em mim", 2),
        ("quero um atendente não, só quero saber do reembolso", None),
        ("menu", None),
        ("quais são as opções?", None),
        ("", None),
    ],
)
def test_a_number_is_read_from_digits_and_words(text: str, number: int | None) -> None:
    assert number_in(text) == number

"""Profiles as people write them, and the first name to greet them by."""

import pytest

from actions.wording.names import first_name


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ("Marina Duarte", "Marina"),
        ("<img src=x onerror=alert(1)>", None),
        ("marina duarte", "Marina"),
        ("JOÃO PEDRO", "João"),
        ("Seu Antônio Prado", "Seu Antônio"),
        ("dona lúcia", "Dona Lúcia"),
        ("Dra. Paula Reis", "Dra. Paula"),
        ("Ana.", "Ana"),
        ("Priya N.", "Priya"),
        ("D'Angelo Souza", "D'Angelo"),
        ("ana-maria", "Ana-Maria"),
        ("McKenzie Lee", "McKenzie"),
        ("🌸 Bia 🌸", "Bia"),
        ("Bia🌸", "Bia"),
        ("~carla~", "Carla"),
        ("Zoë", "Zoë"),
        ("李 雷", None),
        ("+55 11 98765-0001", None),
        ("🌸✨", None),
        ("M", None),
        ("M. Silva", None),
        ("Loja da Ana", None),
        ("Família Souza", None),
        ("user12345", None),
        ("ana2024", None),
        ("Deus é fiel", None),
        ("Abcdefghijklmnopqrstuvwxyz", None),
        ("Seu", None),
        ("", None),
        ("   ", None),
        (None, None),
    ],
)
def test_a_first_name_is_found_or_left_out(profile: str | None, name: str | None) -> None:
    assert first_name(profile) == name

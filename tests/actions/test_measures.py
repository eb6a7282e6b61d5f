"""Measures and sizes worn elsewhere, as people write them."""

from decimal import Decimal

import pytest

from actions.wording import measures
from order_system.catalogue_decoding import decode_charts
from order_system.sizes import SizeChart


def _a_chart(*names: str) -> SizeChart:
    row = {"size": "38", "systems": {}, "measures": {n: {"low": "1", "high": "2"} for n in names}}
    chart = {
        "ref": "a-chart",
        "title": {"pt": "Tabela"},
        "categories": ["some"],
        "gender": "women",
        "rows": [row],
        "how_to_measure": {"pt": "Meça."},
    }
    return decode_charts({"charts": [chart]})[0]


SHOES, CLOTHES, BELTS = _a_chart("foot"), _a_chart("chest", "waist", "hip"), _a_chart("waist")


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("24,5 cm", "24.5"),
        ("24.5", "24.5"),
        ("meu pé tem 25", "25"),
        ("my foot is 10.5 in long", "26.7"),
        ("10 inches", "25.4"),
    ],
)
def test_a_foot_is_measured(text: str, cm: str) -> None:
    assert measures.read(text, SHOES, "pt").cm == {"foot": Decimal(cm)}


@pytest.mark.parametrize(
    ("text", "language", "worn", "system"),
    [
        ("uso 38", "pt", "38", "br"),
        ("calço 37 na Nike", "pt", "37", "br"),
        ("I wear UK 8 in Nike", "en", "8", "uk"),
        ("US 8.5", "en", "8.5", "us"),
        ("8 americano", "pt", "8", "us"),
        ("EU 39", "en", "39", "eu"),
        ("39", "en", "39", "eu"),
    ],
)
def test_a_shoe_worn_elsewhere(text: str, language: str, worn: str, system: str) -> None:
    told = measures.read(text, SHOES, language)
    assert (told.worn, told.system, dict(told.cm)) == (worn, system, {})


@pytest.mark.parametrize("text", ["tenho 1,70 e 65 kg", "8", "100", "não sei", ""])
def test_what_says_nothing_of_a_foot_is_no_measure(text: str) -> None:
    assert not measures.read(text, SHOES, "pt")


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("busto 92 cintura 74 quadril 99", {"chest": "92", "waist": "74", "hip": "99"}),
        ("92 de busto e 74 de cintura", {"chest": "92", "waist": "74"}),
        ("92 74 99", {"chest": "92", "waist": "74", "hip": "99"}),
        ("chest 36 inches", {"chest": "91.4"}),
    ],
)
def test_a_body_is_measured(text: str, cm: dict[str, str]) -> None:
    told = measures.read(text, CLOTHES, "pt")
    assert told.cm == {name: Decimal(value) for name, value in cm.items()}


@pytest.mark.parametrize(
    ("text", "worn", "system"),
    [
        ("uso M", "M", None),
        ("visto 42", "42", "br"),
        ("I'm a UK 12", "12", "uk"),
        ("gg", "GG", None),
    ],
)
def test_clothes_worn_elsewhere(text: str, worn: str, system: str | None) -> None:
    told = measures.read(text, CLOTHES, "pt")
    assert (told.worn, told.system) == (worn, system)


def test_a_belt_wants_but_one_number() -> None:
    assert measures.read("95", BELTS, "pt").cm == {"waist": Decimal(95)}

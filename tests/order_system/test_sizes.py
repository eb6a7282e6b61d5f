"""A size out of another country's number, or out of a tape."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_system.sizes import SizeChart, SizeRow, Span, as_text, recommend
from order_system.vocabulary import Fit


def _span(low: str, high: str) -> Span:
    return Span(Decimal(low), Decimal(high))


SHOES = SizeChart(
    ref="shoes",
    title={"pt": "Calçados", "en": "Shoes"},
    categories=("shoes",),
    gender="women",
    rows=(
        SizeRow("37", {"br": "37", "us": "8.5", "eu": "39"}, {"foot": _span("24.2", "24.8")}),
        SizeRow("38", {"br": "38", "us": "9", "eu": "40"}, {"foot": _span("25.0", "25.4")}),
    ),
    how_to_measure={"pt": "Meça o pé.", "en": "Measure your foot."},
)
CLOTHES = SizeChart(
    ref="clothes",
    title={"pt": "Roupas", "en": "Clothes"},
    categories=("tops",),
    gender="women",
    rows=(
        SizeRow(
            "P", {"us": "S", "br": "36/38"}, {"chest": _span("82", "88"), "hip": _span("90", "96")}
        ),
        SizeRow(
            "M", {"us": "M", "br": "40/42"}, {"chest": _span("89", "95"), "hip": _span("97", "103")}
        ),
        SizeRow(
            "G",
            {"us": "L", "br": "44/46"},
            {"chest": _span("96", "103"), "hip": _span("104", "111")},
        ),
    ),
    how_to_measure={},
)


@pytest.mark.parametrize(
    ("chart", "size", "system", "ours"),
    [
        (SHOES, "38", None, ["38"]),
        (SHOES, "8,5", "us", ["37"]),
        (SHOES, "39", "eu", ["37"]),
        (SHOES, "38", "uk", []),
        (SHOES, "50", None, []),
        (CLOTHES, "l", "us", ["G"]),
        (CLOTHES, "42", "br", ["M"]),
        (CLOTHES, "g", None, ["G"]),
    ],
)
def test_a_size_is_found_by_any_country_s_number(
    chart: SizeChart, size: str, system: str | None, ours: list[str]
) -> None:
    assert [row.size for row in chart.rows_of(size, system)] == ours


@pytest.mark.parametrize(
    ("size", "ours"),
    [("8.75", ["37", "38"]), ("8,75", ["37", "38"]), ("8.5", []), ("4", []), ("M", [])],
)
def test_a_number_between_two_sizes_is_found_between_them(size: str, ours: list[str]) -> None:
    assert [row.size for row in SHOES.rows_around(size, "us")] == ours


@pytest.mark.parametrize(
    ("foot", "size", "fit", "other"),
    [
        ("24.5", "37", Fit.EXACT, None),
        ("24.9", "38", Fit.BETWEEN, "37"),
        ("20", "37", Fit.SMALLER_THAN_ALL, None),
        ("30", "38", Fit.LARGER_THAN_ALL, None),
    ],
)
def test_a_foot_finds_its_size(foot: str, size: str, fit: Fit, other: str | None) -> None:
    found = recommend(SHOES, {"foot": Decimal(foot)})
    assert found is not None
    assert found.row is not None
    assert (found.row.size, found.fit) == (size, fit)
    assert (found.other.size if found.other else None) == other


def test_the_largest_measure_decides_and_is_named() -> None:
    found = recommend(CLOTHES, {"chest": Decimal(90), "hip": Decimal(105)})
    assert found is not None
    assert found.row is not None
    assert (found.row.size, found.measured) == ("G", "hip")


def test_a_measure_the_chart_does_not_have_says_nothing() -> None:
    assert recommend(CLOTHES, {"foot": Decimal(25)}) is None


def test_the_chart_can_be_read_as_text_in_both_languages() -> None:
    assert as_text(SHOES, "pt").splitlines() == [
        "Calçados",
        "37: pé 24,2-24,8 cm, EUA 8,5, EU 39",
        "38: pé 25,0-25,4 cm, EUA 9, EU 40",
        "Meça o pé.",
    ]
    assert as_text(SHOES, "en").splitlines()[1] == "37: foot 24.2-24.8 cm, US 8.5, EU 39"


@given(st.decimals(min_value=1, max_value=200, places=1))
def test_whoever_measures_more_gets_no_smaller_size(chest: Decimal) -> None:
    smaller = recommend(CLOTHES, {"chest": chest})
    larger = recommend(CLOTHES, {"chest": chest + 1})
    assert smaller is not None
    assert larger is not None
    assert smaller.row is not None
    assert larger.row is not None
    assert CLOTHES.rows.index(larger.row) >= CLOTHES.rows.index(smaller.row)

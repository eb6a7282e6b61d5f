"""What the demo shop's articles say is what the demo shop does."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sla_service.knowledge import documents
from sla_service.knowledge.documents import Article
from tests.sla_service.knowledge.conftest import ARTICLES

_RULES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[3] / "simulator" / "shop" / "policies.yml").read_text("utf-8")
)
_RETURNS = _RULES["returns"]
_BRL, _USD = _RULES["delivery"]


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, str], str]:
    """All that each article says, by language and id."""
    return {(one.language, one.key): _all_of(one) for one in documents.read(ARTICLES)}


def _all_of(article: Article) -> str:
    return f"{article.answer}\n{article.body}"


def _reais(amount: str, language: str) -> str:
    return f"R$ {amount.replace('.', ',')}" if language == "pt" else f"R$ {amount}"


def _dollars(amount: str, language: str) -> str:
    return f"US$ {amount.replace('.', ',')}" if language == "pt" else f"${amount}"


@pytest.mark.parametrize("language", ["pt", "en"])
def test_delivery_costs_what_the_shop_charges(
    told: dict[tuple[str, str], str], language: str
) -> None:
    for key in ("delivery-cost", "international"):
        said = told[language, key]
        for rule, written in ((_BRL, _reais), (_USD, _dollars)):
            assert written(rule["fee"]["amount"], language) in said
            assert written(rule["free_from"]["amount"], language) in said
    free = next(one for one in _RULES["promos"] if one["code"] == "FRETEGRATIS")
    assert _reais(free["minimum"]["amount"], language) in told[language, "delivery-cost"]


@pytest.mark.parametrize(
    ("language", "key", "words"),
    [
        ("pt", "returns", f"até {_RETURNS['regret']['BR']['days']} dias"),
        ("en", "returns", f"{_RETURNS['regret']['BR']['days']} days of delivery in Brazil"),
        ("en", "returns", f"{_RETURNS['regret']['GB']['days']} in the UK"),
        ("pt", "returns", f"{_RETURNS['windows']['change_of_mind']['days']} dias"),
        ("en", "returns", f"{_RETURNS['windows']['change_of_mind']['days']} days"),
        ("pt", "returns", f"até {_RETURNS['post_within_days']} dias"),
        ("en", "returns", f"within {_RETURNS['post_within_days']} days"),
        ("pt", "exchanges", f"{_RETURNS['windows']['exchange']['days']} dias"),
        ("en", "exchanges", f"{_RETURNS['windows']['exchange']['days']} days"),
        ("pt", "exchanges", f"vestidos de festa, {_RETURNS['exemptions'][1]['days']['exchange']}"),
        ("pt", "warranty", f"{_RETURNS['windows']['defect']['days']} dias"),
        ("en", "warranty", f"{_RETURNS['windows']['defect']['days']} days"),
        ("pt", "pix", f"{_RULES['payment']['pix_minutes']} minutos"),
        ("en", "pix", f"{_RULES['payment']['pix_minutes']} minutes"),
        ("pt", "boleto", f"vence em {_RULES['payment']['boleto_days']} dias"),
        ("en", "boleto", f"due in {_RULES['payment']['boleto_days']} days"),
        ("pt", "refund-times", f"Pix em {_RULES['refund_days']['pix']}"),
        ("pt", "refund-times", f"boleto em até {_RULES['refund_days']['boleto']}"),
        ("pt", "refund-times", f"cartão em até {_RULES['refund_days']['card']}"),
        ("en", "refund-times", f"card up to {_RULES['refund_days']['card']}"),
    ],
)
def test_days_are_those_of_the_shop(
    told: dict[tuple[str, str], str], language: str, key: str, words: str
) -> None:
    assert words in told[language, key]


@pytest.mark.parametrize("language", ["pt", "en"])
def test_pick_up_is_where_the_shop_does_it(told: dict[tuple[str, str], str], language: str) -> None:
    places = [one for one in _RULES["stores"] if "address" in one]
    for place in places:
        assert place["address"]["district"] in told[language, "store-pickup"]
    with_pick_up = [one for one in places if "order pick-up" in str(one["services"])]
    assert [one["ref"] for one in with_pick_up] == ["pinheiros"]


def test_every_answer_fits_a_message_with_its_link(told: dict[tuple[str, str], str]) -> None:
    assert len(told) >= 50
    for one in documents.read(ARTICLES):
        assert len(one.answer) <= 400, f"{one.language}/{one.key}"

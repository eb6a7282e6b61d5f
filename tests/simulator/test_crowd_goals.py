"""Lines of a goals file become shoppers with an order that fits, the same at every run."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from simulator.crowd.__main__ import OUR_GOALS
from simulator.crowd.filling import filled, numbered
from simulator.crowd.fitting import SITUATIONS, plan
from simulator.crowd.goals import GOALS, BadGoals, Wish, read
from simulator.crowd.plain import plain

ROOT = Path(__file__).parents[2]


def _examples() -> Iterator[str]:
    for path in sorted((ROOT / "data").rglob("nlu*.yml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            yield from entry.get("examples", "").splitlines()


def _folded(text: str) -> str:
    """Letters and digits alone, without marks of values."""
    bare = re.sub(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})", r"\1", text)
    return re.sub(r"[^a-z0-9]+", " ", plain(bare.replace("{order}", "48213"))).strip()


def a_wish(goal: str = "track_order", **changes: object) -> Wish:
    line: dict[str, object] = {"lang": "pt", "goal": goal, "opening": "cadê?"}
    return Wish.model_validate(line | changes)


def test_our_own_crowd_has_every_goal_in_both_languages() -> None:
    wishes = read(OUR_GOALS)
    assert len(wishes) >= 220
    kinds = {(one.goal, one.lang) for one in wishes}
    assert kinds == {(goal, language) for goal in GOALS for language in ("pt", "en")}
    assert len({one.opening for one in wishes}) == len(wishes)
    assert 0.5 < sum(one.lang == "pt" for one in wishes) / len(wishes) < 0.7


def test_nothing_that_the_crowd_begins_with_is_taught_to_the_bot() -> None:
    taught = {_folded(example) for example in _examples()}
    assert len(taught) > 5000
    same = [one.opening for one in read(OUR_GOALS) if _folded(one.opening) in taught]
    assert same == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 2"),
        ('{"lang": "pt", "goal": "world_peace", "opening": "oi"}', "goal"),
        ('{"lang": "fr", "goal": "hours", "opening": "salut"}', "lang"),
        ('{"lang": "pt", "goal": "hours", "opening": ""}', "opening"),
        ('["hours"]', "line 2"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, line: str, problem: str) -> None:
    file = tmp_path / "goals.jsonl"
    file.write_text(json.dumps({"lang": "pt", "goal": "hours", "opening": "oi"}) + "\n" + line)
    with pytest.raises(BadGoals, match=problem):
        read(file)


def test_lines_may_leave_out_and_add_what_they_like(tmp_path: Path) -> None:
    file = tmp_path / "goals.jsonl"
    follow_ups = {"ask_size": 38, "ask_email": None, "digress": "", "ask_colour": ["preto", "azul"]}
    line = {"lang": "pt-BR", "goal": "stock", "opening": "tem?", "mood": "cross"}
    file.write_text(json.dumps(line | {"follow_ups": follow_ups}) + "\n\n")
    (wish,) = read(file)
    assert wish.lang == "pt"
    assert wish.follow_ups == {"ask_size": "38", "ask_colour": "preto"}


def test_a_shopper_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    wishes = [a_wish("exchange_size", opening=f"quero trocar {nth}") for nth in range(40)]
    ones = [plan(wish, nth, seed=7) for nth, wish in enumerate(wishes)]
    assert ones == [plan(wish, nth, seed=7) for nth, wish in enumerate(wishes)]
    assert ones != [plan(wish, nth, seed=8) for nth, wish in enumerate(wishes)]


def test_nobody_shares_a_number() -> None:
    crowds = [
        plan(a_wish(lang=language), nth, 1, series).number
        for language in ("pt", "en")
        for series in range(5)
        for nth in range(400)
    ]
    assert len(set(crowds)) == len(crowds)


@pytest.mark.parametrize(("goal", "situations"), SITUATIONS.items())
def test_the_order_stands_as_the_goal_needs_it(goal: str, situations: tuple[str, ...]) -> None:
    order = plan(a_wish(goal), 3, 1).order()
    assert order is not None
    assert order["situation"] in situations


def test_whoever_only_asks_has_bought_nothing() -> None:
    assert plan(a_wish("hours"), 1, 1).order() is None


@pytest.mark.parametrize(
    ("opening", "size", "bought", "wanted"),
    [
        ("comprei 37 e quero o 38", None, "37", "38"),
        ("trocar pelo 39", None, "38", "39"),
        ("o 37 ficou apertado", "38", "37", "38"),
        ("ficou pequeno", "40", "39", "40"),
        ("the M is too big", "S", "M", "P"),
        ("my tee is too small", "l", "M", "G"),
    ],
)
def test_what_was_bought_is_another_size_than_the_one_wanted(
    opening: str, size: str | None, bought: str, wanted: str
) -> None:
    follow_ups = {"ask_size": size} if size else {}
    found = plan(a_wish("exchange_size", opening=opening, follow_ups=follow_ups), 1, 1).goods
    assert (found.size, found.wanted) == (bought, wanted)


def test_a_product_that_is_named_is_the_one_that_was_bought() -> None:
    found = plan(a_wish("stock", opening="tem a bota Itatiaia marrom no 41?"), 1, 1).goods
    assert (found.product.sku, found.color, found.wanted) == ("BT-TRILHA", "marrom", "41")


def test_gaps_and_other_peoples_numbers_become_the_shoppers_own() -> None:
    values = {"order": "48213", "email": "ana@example.com", "size": "38"}
    assert filled("é o {order}", values) == "é o 48213"
    assert filled("it's <order_number>, {{email}}", values) == "it's 48213, ana@example.com"
    assert filled("pedido nº 1234 ou 55102", values) == "pedido nº 48213 ou 48213"
    assert filled("bia@loja.com.br", values) == "ana@example.com"
    assert filled("cep 01304-001, custou 129,90 em 12/11/2026", values) == (
        "cep 01304-001, custou 129,90 em 12/11/2026"
    )
    assert filled("{mood} {size}", values) == "{mood} 38"
    assert numbered("é o 9182", "48213") == "é o 48213"

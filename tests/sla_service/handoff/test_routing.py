"""Rules of routing: which of them fits a handoff."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from sla_service.handoff import routing
from sla_service.handoff.routing import Facts, Rule

FACTS = Facts(
    reason="wish",
    text="Quero a devolução do vestido\nfica pequeno",
    intent="return_item",
    language="pt",
    priority="high",
    tags=("vip",),
    contact=("5511987650001", "BR.1", "ana.souza"),
    is_open=False,
)


def _rule(name: str = "regra", *, is_active: bool = True, **when: Any) -> Rule:
    return Rule.model_validate(
        {"name": name, "when": when, "then": {"skill": "trocas"}, "is_active": is_active}
    )


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"keywords": "devolucao"},
        {"keywords": ["troca", "VESTIDO fica"]},
        {"reason": ["wish", "media"]},
        {"intent": "return_item"},
        {"language": "pt"},
        {"priority": ["urgent", "high"]},
        {"tag": "vip"},
        {"contact": "+55 (11) 98765-0001"},
        {"contact": "@Ana.Souza"},
        {"contact": "br.1"},
        {"channel": "whatsapp"},
        {"business_hours": "closed"},
        {"intent": "return_item", "language": "pt", "business_hours": "closed"},
    ],
)
def test_a_rule_fits_when_each_part_of_it_holds(when: dict[str, Any]) -> None:
    assert routing.first([_rule(**when)], FACTS) is not None


@pytest.mark.parametrize(
    "when",
    [
        {"keywords": "devolu"},
        {"reason": "fraud"},
        {"intent": "track_order"},
        {"language": "en"},
        {"priority": "low"},
        {"tag": "atacado"},
        {"contact": "5511987650002"},
        {"channel": "email"},
        {"business_hours": "open"},
        {"intent": "return_item", "language": "en"},
    ],
)
def test_one_part_that_does_not_hold_is_enough(when: dict[str, Any]) -> None:
    assert routing.first([_rule(**when)], FACTS) is None


def test_the_first_rule_that_fits_counts_and_those_out_of_use_do_not() -> None:
    rules = [
        _rule("outra língua", language="en"),
        _rule("fora de uso", is_active=False),
        _rule("esta"),
        _rule("tarde demais"),
    ]
    found = routing.first(rules, FACTS)
    assert found is not None
    assert found.name == "esta"


def test_facts_are_the_same_after_they_were_kept() -> None:
    assert Facts.of_json(FACTS.as_json()) == FACTS
    unknown = replace(FACTS, intent=None, language=None)
    assert Facts.of_json(unknown.as_json()) == unknown


@pytest.mark.parametrize(
    "rule",
    [
        {"name": "x"},
        {"name": "", "then": {}},
        {"name": "x", "then": {"colour": "red"}},
        {"name": "x", "when": {"moon": "full"}, "then": {}},
        {"name": "x", "when": {"business_hours": "sometimes"}, "then": {}},
        {"name": "x", "when": {"language": "de"}, "then": {}},
        {"name": "x", "then": {"queue": "everywhere"}},
    ],
)
def test_a_rule_with_a_fault_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate(rule)

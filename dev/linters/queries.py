"""Reads Prometheus' rules and Grafana's dashboards: each query with a parser of PromQL."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import yaml

_RULE = frozenset({"alert", "expr", "for", "keep_firing_for", "labels", "annotations"})
_RECORDED = frozenset({"record", "expr", "labels"})
_GRID = 24
_VARIABLE = re.compile(r"\$(__\w+|\w+)")


def main(paths: list[Path]) -> int:
    """Read each file; tells what is wrong."""
    problems = []
    for path in paths:
        look = _dashboard if path.suffix == ".json" else _rules
        problems += [f"{path}: {problem}" for problem in look(path)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def _rules(path: Path) -> Iterator[str]:
    document = yaml.safe_load(path.read_text())
    if set(document) != {"groups"}:
        yield "a file of rules has `groups` alone"
        return
    names = [rule.get("alert") for group in document["groups"] for rule in group["rules"]]
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        yield f"twice: {', '.join(sorted(twice))}"
    for group in document["groups"]:
        if not set(group) <= {"name", "interval", "limit", "rules", "labels"}:
            yield f"an unknown key in {group.get('name')}"
        for rule in group["rules"]:
            yield from _rule(rule)


def _rule(rule: dict[str, Any]) -> Iterator[str]:
    name = rule.get("alert") or rule.get("record") or "?"
    if not set(rule) <= (_RULE if "alert" in rule else _RECORDED):
        yield f"{name}: an unknown key"
    for key in ("for", "keep_firing_for"):
        if key in rule:
            promql_parser.parse_duration(rule[key])
    if "alert" in rule and not {"summary", "description"} <= set(rule.get("annotations", {})):
        yield f"{name}: says neither what it is nor what to do"
    yield from _query(name, rule["expr"])


def _dashboard(path: Path) -> Iterator[str]:
    document = json.loads(path.read_text())
    for key in ("uid", "title", "schemaVersion", "panels", "templating", "time"):
        if key not in document:
            yield f"{key} is missing"
    ids = [panel["id"] for panel in document["panels"]]
    if len(set(ids)) < len(ids):
        yield "two panels have one id"
    for panel in document["panels"]:
        place = panel["gridPos"]
        if place["x"] + place["w"] > _GRID:
            yield f"{panel['title']}: wider than the page"
        for target in panel.get("targets", ()):
            query = _VARIABLE.sub("5m", target["expr"])
            yield from _query(panel["title"], query)


def _query(name: str, query: str) -> Iterator[str]:
    try:
        promql_parser.parse(query)
    except ValueError as error:
        yield f"{name}: {error}"


if __name__ == "__main__":
    sys.exit(main([Path(one) for one in sys.argv[1:]]))

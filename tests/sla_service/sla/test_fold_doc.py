"""The examples of `docs/sla.md` are what the desk does."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sla_service.sla import documents, event_log, reasons, rendering, statement
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.policy import Metric

_DOC = Path(__file__).parents[3] / "docs" / "sla.md"
_TEXT = _DOC.read_text(encoding="utf-8")
_COLUMNS = ("due_at", "breached_at", "stopped_at")


@dataclass(frozen=True, slots=True)
class Example:
    """A heading with a policy, a log, and what they say comes of it."""

    name: str
    policy: str
    log: str
    clocks: list[dict[str, str]]
    effects: list[dict[str, str]]
    printed: list[str] = field(default_factory=list)

    def folded(self, until: int | None = None) -> tuple[Ticket, list[Event], int]:
        rulebook = documents.rulebook(documents.parse(self.policy), 1)
        events = event_log.parse(self.log.splitlines())
        now = events[-1].at if until is None else until
        ticket = Ticket.fresh(rulebook, {1: rulebook}.__getitem__)
        for event in events:
            ticket.apply(event)
        ticket.advance(now)
        return ticket, events, now

    def stated(self) -> dict[str, Any]:
        ticket, _, now = self.folded()
        return statement.of(ticket, now)


def _examples() -> Iterator[Example]:
    for found in re.split(r"^### ", _TEXT, flags=re.MULTILINE)[1:]:
        section = re.split(r"^## ", found, flags=re.MULTILINE)[0]
        tables = [*_tables(section)]
        yield Example(
            section.splitlines()[0],
            policy=_blocks(section, "yaml")[0],
            log=_blocks(section, "jsonl")[0],
            clocks=next(table for table in tables if "metric" in table[0]),
            effects=next((table for table in tables if "effect" in table[0]), []),
            printed=_blocks(section, "json"),
        )


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def _tables(text: str) -> Iterator[list[dict[str, str]]]:
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        head, _, *rows = (
            [cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()
        )
        yield [dict(zip(head, row, strict=True)) for row in rows]


EXAMPLES = [*_examples()]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_the_clocks_of_an_example_are_as_told(example: Example) -> None:
    order = [*Metric]
    stated = [
        {
            "metric": one["metric"],
            "cycle": str(one["cycle"]),
            "state": one["state"],
            **{name: one[name] or "" for name in _COLUMNS},
            "consumed_s": str(one["consumed_s"]),
        }
        for one in example.stated()["clocks"]
        if one["target_s"] is not None
    ]
    assert sorted(stated, key=lambda one: order.index(one["metric"])) == example.clocks


@pytest.mark.parametrize(
    "example", [one for one in EXAMPLES if one.effects], ids=lambda one: one.name
)
def test_the_effects_of_an_example_are_as_told(example: Example) -> None:
    stated = [
        {
            "effect": one["metric"],
            "cycle": str(one["cycle"]),
            **{name: one[name] or "" for name in ("kind", "at", "tier", "next_tier")},
        }
        for one in example.stated()["effects"]
    ]
    assert stated == example.effects


def test_a_clock_is_printed_as_shown() -> None:
    (shown,) = EXAMPLES[0].printed
    assert json.loads(shown) in EXAMPLES[0].stated()["clocks"]


def test_the_explanation_is_as_shown() -> None:
    ticket, events, now = EXAMPLES[0].folded(event_log.read_instant("2026-03-09T12:00:00-03:00"))
    (shown,) = _blocks(_TEXT, "text")
    why = reasons.why(ticket, events, now)
    assert rendering.as_text(why, "en", "America/Sao_Paulo") == shown


def test_every_kind_of_event_is_documented() -> None:
    kinds = next(table for table in _tables(_TEXT) if "kind" in table[0] and "besides" in table[0])
    assert [one["kind"].strip("`") for one in kinds] == [*EventKind]

"""The page says everything in both languages."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from pkgutil import resolve_name

import pytest
import yaml

from sla_service.console.assets import FOLDER, LANGUAGES, Assets
from sla_service.handoff.holding import DESK as DESK_ITSELF
from sla_service.sla.events import EventKind
from sla_service.tickets import placeholders
from sla_service.web.principals import TERMINAL, Role

ROOT = Path(__file__).parents[3]
DESK = ROOT / "sla_service"

_PLACEHOLDER = re.compile(r"\{\w+\}")
_ACT = re.compile(
    "(?:account|agent|canned_reply|contact|delivery|key|notice|offer|order_event|question|routing|rulebook"
    r"|session|team|ticket|webhook)\.[a-z_]+"
)
_WORDLESS = {"order.state.unknown"}  # the shop's own word is shown
_SMALL_TALK = {
    "greet", "thank", "goodbye", "affirm", "deny", "menu_choice", "change_language",
    "inform_order_number", "inform_email",
}  # fmt: skip
_ASKED = {
    ".js": re.compile(r"""\bt\("([a-z]+\.[\w.]+)\""""),
    ".html": re.compile(r"\{\{([a-z]+\.[\w.]+)\}\}"),
}


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets.read()


def test_both_languages_say_the_same_things(assets: Assets) -> None:
    portuguese, english = (assets.words[tag] for tag in LANGUAGES)
    assert list(portuguese) == list(english)
    for key, words in portuguese.items():
        assert words.strip(), key
        assert set(_PLACEHOLDER.findall(words)) == set(_PLACEHOLDER.findall(english[key])), key


def test_every_word_that_the_page_asks_for_exists(assets: Assets) -> None:
    asked = {
        key
        for path in FOLDER.rglob("*")
        if path.suffix in {".js", ".html"} and path.parent.name != "vendor"
        for key in _ASKED[path.suffix].findall(path.read_text())
    }
    assert len(asked) > 200
    assert asked <= set(assets.words["en"])


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("owner", "sla_service.conversations.tables:Owner"),
        ("author", "sla_service.conversations.tables:Author"),
        ("state", "sla_service.conversations.tables:SendState"),
        ("kind", "sla_service.whatsapp.values:MessageKind"),
        ("reason", "sla_service.handoff.tables:Reason"),
        ("ticket.status", "sla_service.tickets.tables:TicketStatus"),
        ("cause.status", "sla_service.tickets.tables:TicketStatus"),
        ("priority", "sla_service.tickets.tables:Priority"),
        ("failure", "sla_service.whatsapp.failures:FailureClass"),
        ("metric", "sla_service.sla.policy:Metric"),
        ("clock.state", "sla_service.sla.clocks:ClockState"),
        ("notice.kind", "sla_service.notify.values:NoticeKind"),
        ("delivery", "sla_service.notify.tables:DeliveryState"),
        ("breach", "sla_service.reports.breaches:Reason"),
        ("part", "sla_service.reports.handling_times:Part"),
        ("purpose", "sla_service.conversations.purposes:Purpose"),
        ("presence", "sla_service.agents.tables:Presence"),
        ("order.state", "order_system.model:OrderState"),
        ("orderNotice.kind", "sla_service.proactive.kinds:NoticeKind"),
        ("orderNotice.state", "sla_service.proactive.tables:NoticeState"),
        ("orderNotice.why", "sla_service.proactive.tables:WhyNot"),
    ],
)
def test_every_value_that_the_desk_may_show_has_a_word(
    assets: Assets, prefix: str, values: str
) -> None:
    for member in resolve_name(values):
        assert f"{prefix}.{member.value}" in assets.words["en"].keys() | _WORDLESS, member


def test_every_role_that_people_have_has_a_word(assets: Assets) -> None:
    people = [role for role in Role if role is not Role.SERVICE]
    assert _lacking(assets, "role", people) == []


def test_every_intent_and_slot_that_a_handoff_shows_has_a_word(assets: Assets) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    intents = [next(iter(one)) if isinstance(one, dict) else one for one in domain["intents"]]
    assert len(intents) > 20
    assert _lacking(assets, "intent", intents) == []
    card = (FOLDER / "thread" / "handoff.js").read_text()
    hidden = re.findall(r'"(\w+)"', card.partition("SLOTS_HIDDEN = new Set([")[2].partition("]")[0])
    assert len(hidden) > 3
    assert _lacking(assets, "slot", domain["slots"].keys() - {*hidden}) == []


def test_a_rule_may_ask_for_everything_that_people_want(assets: Assets) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    intents = {next(iter(one)) if isinstance(one, dict) else one for one in domain["intents"]}
    form = (FOLDER / "settings" / "rule.js").read_text()
    offered = re.findall(r'"(\w+)"', form.partition("intent: [")[2].partition("]")[0])
    assert {*offered} == intents - _SMALL_TALK | {"nlu_fallback"}
    assert _lacking(assets, "intent", offered) == []


def test_every_act_in_the_record_has_a_word(assets: Assets) -> None:
    acts = {act for path in sorted(DESK.rglob("*.py")) for act in _acts(path)}
    acts -= {*placeholders.KNOWN}  # they look alike
    assert len(acts) > 30
    assert _lacking(assets, "audit", acts) == []
    kinds = {act.partition(".")[0] for act in acts} - {"session"} | {"conversation"}
    assert _lacking(assets, "target", kinds - {"routing"} | {"routing_rules"}) == []
    assert _lacking(assets, "actor", ["bot", TERMINAL.name, DESK_ITSELF.name]) == []


def test_every_line_of_a_tickets_history_has_a_word(assets: Assets) -> None:
    kinds = {*EventKind} - {EventKind.NOTE, EventKind.ASSIGNMENT}  # told by the note, the handoff
    assert _lacking(assets, "history.event", kinds) == []
    assert _lacking(assets, "history", ["note.note", "rating.asked"]) == []
    assert "ticket.rating" in assets.words["en"]  # how a score is told


def test_every_reason_of_a_clock_has_a_word(assets: Assets) -> None:
    told = yaml.safe_load((DESK / "sla" / "words" / "en.yml").read_text(encoding="utf-8"))
    assert _lacking(assets, "clock.moment", told["moments"]) == []
    assert _lacking(assets, "cause", told["causes"]) == []
    assert _lacking(assets, "tier", told["tiers"]) == []


def test_every_placeholder_of_a_ready_reply_has_a_word(assets: Assets) -> None:
    assert _lacking(assets, "placeholder", placeholders.KNOWN) == []


def _lacking(assets: Assets, prefix: str, values: Iterable[str]) -> list[str]:
    return sorted(one for one in values if f"{prefix}.{one}" not in assets.words["en"])


def _acts(path: Path) -> Iterator[str]:
    """What a module writes into the record: it is what it calls `ticket.resolved` and the like."""
    text = path.read_text(encoding="utf-8")
    if "audit" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = _ACT.fullmatch(node.value)
            if found:
                yield node.value

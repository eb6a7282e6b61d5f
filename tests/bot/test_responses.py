"""What a shopper reads exists in both languages, says the same in both, and fits WhatsApp."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from bot import following
from bot.components.spelling import normalised

ROOT = Path(__file__).parents[2]
LANGUAGES = ["en", "pt"]
KEYS = {"text", "condition", "buttons", "image", "attachment"}
MOST_BUTTONS, LONGEST_TITLE = 3, 20
LONGEST_TEXT, LONGEST_WITH_BUTTONS = 4096, 1024
ROOM_FOR_VALUES = 200

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_RESPONSE = re.compile(r"\butter_[a-z_]+\b")
_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def _files(pattern: str) -> list[Path]:
    return sorted((ROOT / "data").rglob(pattern))


DOMAIN = _read(ROOT / "domain.yml")
RESPONSES: dict[str, list[dict[str, Any]]] = {
    name: variations
    for path in _files("responses.yml")
    for name, variations in _read(path)["responses"].items()
}
RULES = [rule for path in _files("rules.yml") for rule in _read(path)["rules"]]


def _language(variation: dict[str, Any]) -> str | None:
    conditions = variation.get("condition") or []
    named = [c["value"] for c in conditions if c.get("name") == "language"]
    return named[0] if len(named) == len(conditions) == 1 else None


def _texts(variation: dict[str, Any]) -> str:
    buttons = variation.get("buttons") or []
    return " ".join([variation["text"], *[button["title"] for button in buttons]])


def _examples() -> Iterator[tuple[str, str, Path]]:
    for path in _files("nlu.*.yml"):
        for block in _read(path)["nlu"]:
            for line in block.get("examples", "").splitlines() if "intent" in block else []:
                text = _ENTITY.sub(r"\1", line.removeprefix("- ").strip().strip('"'))
                yield text.casefold(), block["intent"], path


def _said_by_rules() -> set[str]:
    steps = [step for rule in RULES for step in rule["steps"]]
    return {step["action"] for step in steps if step.get("action", "").startswith("utter_")}


def _said_by_actions() -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "actions").rglob("*.py")]
    return {name for source in sources for name in _RESPONSE.findall(source)} - {"utter_message"}


def test_no_response_is_defined_twice() -> None:
    names = [name for path in _files("responses.yml") for name in _names(path)]
    assert sorted(names) == sorted(RESPONSES)


def _names(path: Path) -> list[str]:
    return re.findall(r"^  (utter_\w+):", path.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_is_said_in_both_languages_and_in_no_third_way(name: str) -> None:
    spoken = [str(_language(variation)) for variation in RESPONSES[name]]
    assert sorted(set(spoken)) == LANGUAGES
    assert spoken.count("en") == spoken.count("pt")


@pytest.mark.parametrize("name", RESPONSES)
def test_both_languages_have_the_same_placeholders_and_buttons(name: str) -> None:
    one, *others = RESPONSES[name]
    for other in others:
        assert set(_PLACEHOLDER.findall(_texts(one))) == set(_PLACEHOLDER.findall(_texts(other)))
        assert _payloads(one) == _payloads(other)


def _payloads(variation: dict[str, Any]) -> list[str]:
    return [button["payload"] for button in variation.get("buttons") or []]


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_fits_whatsapp(name: str) -> None:
    for variation in RESPONSES[name]:
        assert set(variation) <= KEYS
        buttons = variation.get("buttons") or []
        titles = [button["title"] for button in buttons]
        assert len(buttons) <= MOST_BUTTONS
        assert len(set(titles)) == len(titles)
        assert all(0 < len(title) <= LONGEST_TITLE for title in titles)
        limit = LONGEST_WITH_BUTTONS if buttons else LONGEST_TEXT
        assert len(variation["text"]) + ROOM_FOR_VALUES <= limit
        assert "\n\n" not in variation["text"]
        assert variation["text"].strip() == variation["text"] != ""


@pytest.mark.parametrize("name", RESPONSES)
def test_the_buttons_of_a_response_name_intents(name: str) -> None:
    for variation in RESPONSES[name]:
        for payload in _payloads(variation):
            if not _PLACEHOLDER.fullmatch(payload):
                assert payload.removeprefix("/").partition("{")[0] in DOMAIN["intents"]
                assert payload.startswith("/")


def test_every_matter_is_an_intent_named_in_both_languages_for_a_numbered_button() -> None:
    matters = _read(ROOT / "data" / "fallback" / "matters.yml")["matters"]
    assert set(matters) <= set(DOMAIN["intents"])
    assert {tuple(sorted(names)) for names in matters.values()} == {("en", "pt")}
    for language in LANGUAGES:
        titles = [names[language] for names in matters.values()]
        assert len(set(titles)) == len(titles)
        assert [title for title in titles if len(f"1 {title}") > LONGEST_TITLE] == []


def test_every_response_that_is_said_exists_and_every_one_that_exists_is_said() -> None:
    by_the_desk = {
        name
        for topic in ("desk", "notices")
        for name in _read(ROOT / "data" / topic / "responses.yml")["responses"]
    }
    assert _said_by_rules() | _said_by_actions() | by_the_desk == set(RESPONSES)


def test_the_domain_has_no_texts() -> None:
    assert "responses" not in DOMAIN


def test_every_action_of_the_domain_has_a_class_and_the_reverse() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(executor.actions) == set(DOMAIN["actions"])


def test_every_action_of_the_domain_is_run_by_a_rule() -> None:
    steps = [step for rule in RULES for step in rule["steps"]]
    ruled = {s["action"] for s in steps if s.get("action", "").startswith("action_")}
    assert ruled == set(DOMAIN["actions"]) - {following.OFFER}


def test_every_intent_has_a_rule_and_examples_in_both_languages() -> None:
    ruled = {s["intent"] for r in RULES for s in r["steps"] if "intent" in s} - {"nlu_fallback"}
    assert ruled == set(DOMAIN["intents"])
    taught = {(intent, path.name) for _, intent, path in _examples()}
    assert taught == {
        (intent, f"nlu.{language}.yml") for intent in DOMAIN["intents"] for language in LANGUAGES
    }


def test_no_example_is_given_twice_or_under_two_intents() -> None:
    given: dict[str, list[str]] = defaultdict(list)
    for text, intent, path in _examples():
        given[text].append(f"{intent} in {path.relative_to(ROOT)}")
    assert {text: places for text, places in given.items() if len(places) > 1} == {}


def test_no_two_intents_are_taught_what_reads_the_same_to_the_bot() -> None:
    intents: dict[str, set[str]] = defaultdict(set)
    for text, intent, _ in _examples():
        words = " ".join(normalised(word) for word in re.findall(r"\w+|[^\w\s.,!?]", text))
        intents[words].add(intent)
    assert {words: found for words, found in intents.items() if len(found) > 1} == {}


def test_what_we_measure_with_is_not_taught() -> None:
    measured = [
        _ENTITY.sub(r"\1", line.removeprefix("- ").strip().strip('"')).casefold()
        for path in (ROOT / "tests" / "bot" / "nlu").glob("*.yml")
        for block in _read(path)["nlu"]
        for line in block["examples"].splitlines()
    ]
    taught = {text for text, _, _ in _examples()}
    assert [text for text in measured if text in taught] == []
    assert len(set(measured)) == len(measured)

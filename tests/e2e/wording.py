"""What designers wrote, so that a better sentence doesn't break a test."""

import json
import re
from functools import cache
from typing import Any

import yaml

from tests.e2e.desk import ROOT

_PLACEHOLDER = re.compile(r"\\{(\w+)\\}")


def response(name: str, language: str, **values: str) -> re.Pattern[str]:
    """What a response of the bot looks like; each value that isn't given is a group."""
    text = _variation(name, language)["text"]
    pattern = _PLACEHOLDER.sub(
        lambda found: re.escape(values[found[1]]) if found[1] in values else "(.+?)",
        re.escape(text),
    )
    return re.compile(pattern)


def first_response(name: str, language: str, **values: str) -> re.Pattern[str]:
    """The same, as the first that a contact is told: with the notice about their data."""
    said, notice = response(name, language, **values), response("utter_desk_notice", language)
    return re.compile(rf"{said.pattern}\s+{notice.pattern}")


def plain(name: str, language: str) -> str:
    """A response in which nothing is left open."""
    text: str = _variation(name, language)["text"]
    return text


def buttons(name: str, language: str) -> list[str]:
    """What the buttons below a response say."""
    return [button["title"] for button in _variation(name, language)["buttons"]]


@cache
def console(language: str = "pt-BR") -> dict[str, str]:
    """The words of the console."""
    path = ROOT / "sla_service" / "console" / "static" / f"{language}.json"
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words


def _variation(name: str, language: str) -> dict[str, Any]:
    return next(
        variation
        for variation in _responses()[name]
        if any(one["value"] == language for one in variation["condition"])
    )


@cache
def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in (ROOT / "data").glob("*/responses.yml"):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return found

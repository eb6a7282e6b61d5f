"""Options of a question: offered as buttons, and read from a button, a number or a name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from actions.talk.turn import Turn
from actions.wording.choices import LAST, number_in
from actions.wording.plain import plain

_LONGEST_TITLE = 20
_WORD = re.compile(r"[^\W_]+")
_SMALL = "o a os as de da do e com em the of and with um uma an nao not"
_FEW = frozenset(_SMALL.split())
_PICKED = re.compile(r"(?:opcao|option|item|numero|number|o|a|the|n|no)?\s*\d{1,2}\s*[.)!]?")


def buttons(
    options: Mapping[str, str], about: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """A button for each option: the name it is chosen by, and its title; `about` says more."""
    return [
        {
            "title": _short(title),
            "payload": f"/menu_choice{json.dumps({'choice': key})}",
            **({"description": about[key]} if about and about.get(key) else {}),
        }
        for key, title in options.items()
    ]


def chosen(turn: Turn, options: Mapping[str, str]) -> str | None:
    """The option that the message picks: by its button, its name, or its place in the list."""
    if turn.is_button:
        pressed = next(iter(turn.values_of("choice")), None)
        return pressed if pressed in options else None
    return named(turn.text, options) or _placed(turn, options)


def named(text: str, options: Mapping[str, str]) -> str | None:
    """The option whose name is written, or the only one that shares the most words with it."""
    said = _words(text)
    names = {key: _words(title) for key, title in options.items()}
    if whole := [key for key, name in names.items() if name and name == said]:
        return whole[0]
    shared = {key: len(name & said) for key, name in names.items()}
    best = max(shared.values(), default=0)
    fits = [key for key, count in shared.items() if count == best]
    return fits[0] if best and len(fits) == 1 else None


def _placed(turn: Turn, options: Mapping[str, str]) -> str | None:
    said = plain(turn.text).strip()
    if turn.intent != "menu_choice" and not _PICKED.fullmatch(said):
        return None
    number = number_in(said)
    keys = list(options)
    if number == LAST:
        return keys[-1]
    return keys[number - 1] if number and 1 <= number <= len(keys) else None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(plain(text))) - _FEW


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"

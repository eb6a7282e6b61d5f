"""Accounts of a desk that was just set up, and a link that signs its administrator in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from dev import commands
from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress

_TAIL = 6


@dataclass(frozen=True)
class Accounts:
    """The accounts of a first start by e-mail address, and the password that all of them have."""

    names: Mapping[str, str]
    password: str


@dataclass(frozen=True)
class WayIn:
    """The accounts of a first start, if it was one, and a link that signs the administrator in."""

    accounts: Accounts | None
    link: str | None


def first(places: Places, progress: Progress, env: Mapping[str, str]) -> WayIn:
    """Make the first accounts when there are none, and a one-time link."""
    command = [places.python, "-m", "sla_service.cli", "people", "first", "--json"]
    with progress.step("Looking after accounts"):
        done = commands.run(command, cwd=places.root, env=env)
    if done.code:
        sentence = "The first accounts could not be made. The desk says:"
        raise SetupError(sentence, tuple(done.lines[-_TAIL:]))
    told = json.loads(done.lines[-1])
    made = told["accounts"]
    accounts = made and Accounts(
        {one["email"]: one["name"] for one in made["people"]}, made["password"]
    )
    return WayIn(accounts, told["link"])

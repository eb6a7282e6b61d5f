"""Ask the bot's environment: `nlu` computes there, and what it finds is shown here."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from typing import Any

from dev import bot, environment, places
from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress

_TOLD = "·"  # how lines begin that are for people; the rest is libraries talking
_TAIL = 8


def prepare() -> tuple[Places, dict[str, str], Progress]:
    """The folders, the environment of the bot's processes, and where to say what is going on."""
    progress = Progress()
    chosen = environment.settings(places.find())
    here = places.find(chosen)
    bot.sync(here, progress)
    return here, environment.of_python(here, chosen), progress


def ask(*arguments: str) -> Any:
    """What `nlu` answers to these arguments; what it says meanwhile is shown as it comes."""
    here, env, _ = prepare()
    command = [here.bot_python, "-W", "ignore", "-m", "nlu", *arguments]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as found,
        subprocess.Popen(
            command,
            cwd=here.root,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=found,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as process,
    ):
        try:
            said = _tell(process.stderr or ())
        except BaseException:
            process.terminate()
            raise
        if process.wait():
            raise SetupError("The bot's data could not be looked through:", tuple(said[-_TAIL:]))
        found.seek(0)
        return json.load(found)


def _tell(lines: Iterable[str]) -> list[str]:
    kept = []
    for line in lines:
        if line.startswith(_TOLD):
            print(line, end="", file=sys.stderr, flush=True)
        else:
            kept.append(line.rstrip())
    return kept

"""What `bin/check` checks: style, types, contracts, house rules, and the bot's data."""

import argparse
from collections.abc import Sequence

from dev import bot, deployment, environment, page_types, places
from dev.places import Places
from dev.progress import Progress
from dev.steps import Run, Step

_OF_THE_BOT = ("bot", "actions", "nlu")


def main(arguments: Sequence[str]) -> int:
    """Run every check, and say which failed."""
    argparse.ArgumentParser(prog="bin/check", description=__doc__).parse_args(arguments)
    progress = Progress()
    chosen = environment.settings(places.find())
    here = places.find(chosen)
    bot.sync(here, progress)
    page_types.sync(here, progress)
    deployment.sync(here, progress)
    run = Run(here.root, environment.of_python(here, chosen), progress)
    for step in _steps(here):
        run.step(step)
    return run.summary()


def _steps(here: Places) -> list[Step]:
    bots = [here.bot_python, "-W", "ignore", "-m"]
    types_of_the_bot = [*bots, "mypy", "--config-file", "bot/pyproject.toml", *_OF_THE_BOT]
    data = ["-d", "domain.yml", "--data", "data", "-c", "config.yml", "--max-history", "6"]
    house = [
        here.python,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:randomly",
        "tests/house",
    ]
    return [
        Step("Lint (ruff check)", [here.tool("ruff"), "check"]),
        Step("Format (ruff format)", [here.tool("ruff"), "format", "--check"]),
        Step("Types of the desk and its tools (mypy)", [here.tool("mypy")]),
        Step("Types of the bot, its actions and its measuring (mypy)", types_of_the_bot),
        page_types.step(here),
        Step("Contracts between the rooms (import-linter)", [here.tool("lint-imports")]),
        Step("House rules", house),
        Step(
            "The bot's data (rasa data validate)",
            [*bots, "rasa", "data", "validate", *data, "--fail-on-warnings"],
        ),
        *deployment.steps(here),
    ]

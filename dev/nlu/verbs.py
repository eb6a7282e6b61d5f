"""Teach the bot and see what came of it: validate, train, evaluate, compare, accept."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from dev import commands, model
from dev.nlu import tables
from dev.nlu.asking import ask, prepare

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help=__doc__,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Limit = Annotated[int, typer.Option(help="How many to show.")]
Messages = Annotated[int, typer.Option(help="How many messages to show of each.")]
_MANY = 40


def main(arguments: Sequence[str]) -> int:
    """Run one verb; Typer ends the process by itself, with 2 when something is asked wrongly."""
    app(args=list(arguments), prog_name="bin/nlu")
    return 0


@app.command()
def validate(as_json: AsJson = False) -> None:
    """Check the data with Rasa, then for what it doesn't see."""
    here, env, progress = prepare()
    command = [here.bot_python, "-W", "ignore", "-m", "rasa", "data", "validate"]
    command += ["-d", "domain.yml", "--data", "data", "-c", "config.yml", "--max-history", "6"]
    with progress.step("Checking the data with Rasa"):
        checked = commands.run([*command, "--fail-on-warnings"], cwd=here.root, env=env)
    rasa = [] if checked.code == 0 else list(model.explain(checked))
    found = {"rasa": rasa, "problems": ask("problems"), "short": ask("short")}

    def show() -> None:
        for line in rasa:
            tables.out.print(f"[red]✗[/] {line}", markup=True)
        tables.problems(found["problems"], _MANY)
        tables.short(found["short"])

    _print(found, as_json, show)
    if any(found.values()):
        raise typer.Exit(1)


@app.command()
def train(as_json: AsJson = False) -> None:
    """Train the model, unless nothing has changed."""
    here, env, progress = prepare()
    is_there = model.path_of(here).exists()
    began = time.monotonic()
    trained = model.ensure(here, progress, env)
    took = time.monotonic() - began
    kept = trained.relative_to(here.root).as_posix()
    found = {"model": kept, "trained": not is_there, "seconds": round(took, 1)}
    said = f"{kept}: {'nothing has changed' if is_there else f'trained in {took:.0f} s'}."
    _print(found, as_json, lambda: tables.out.print(said))


@app.command()
def evaluate(
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Messages to measure besides ours: a table with text, intent, …"),
    ] = None,
    limit: Limit = 15,
    as_json: AsJson = False,
) -> None:
    """Measure how well messages are understood."""
    files = ["--data", *(str(path.resolve()) for path in data)] if data else []
    found = ask("evaluate", *files)

    def show() -> None:
        tables.overall(found)
        tables.weakest(found, limit)

    _print(found, as_json, show)


@app.command()
def compare(
    every: Annotated[bool, typer.Option("--all", help="Also what did not change.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what got better and worse."""
    found = ask("evaluate")["compared"]
    _print(found, as_json, lambda: tables.compared(found, every))


@app.command()
def accept(as_json: AsJson = False) -> None:
    """Store this run to compare later ones with."""
    found = ask("accept")

    def show() -> None:
        tables.compared(found["compared"], every=False)
        tables.out.print("Accepted: commit tests/bot/nlu_accepted.json with the examples.")

    _print(found, as_json, show)


@app.command()
def confusions(
    own: Annotated[bool, typer.Option("--own", help="Of our own messages instead.")] = False,
    intent: Annotated[str | None, typer.Option(help="Only those of this intent.")] = None,
    limit: Limit = 20,
    messages: Messages = 5,
    as_json: AsJson = False,
) -> None:
    """List what is taken for what, with the messages."""
    found = ask("confusions", "--source", "own" if own else "cross")
    rows = [row for row in found if intent in {None, row["meant"], row["taken_for"]}]
    _print(rows, as_json, lambda: tables.confusions(rows, limit, messages))


@app.command("near-duplicates")
def near_duplicates(
    least: Annotated[float, typer.Option(help="How alike, from 0 to 1.")] = 0.8,
    limit: Limit = _MANY,
    as_json: AsJson = False,
) -> None:
    """List near twins under two intents."""
    found = ask("near-duplicates", "--least", str(least))
    _print(found, as_json, lambda: tables.near_duplicates(found, limit))


@app.command()
def lookalikes(
    sure: Annotated[float, typer.Option(help="How sure of the other intent, from 0 to 1.")] = 0.5,
    limit: Limit = _MANY,
    as_json: AsJson = False,
) -> None:
    """List examples that look like another intent."""
    found = ask("lookalikes", "--sure", str(sure))
    _print(found, as_json, lambda: tables.lookalikes(found, limit))


@app.command()
def short(as_json: AsJson = False) -> None:
    """List intents with too few examples."""
    found = ask("short")
    _print(found, as_json, lambda: tables.short(found))


def _print(found: Any, as_json: bool, show: Callable[[], None]) -> None:
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        show()

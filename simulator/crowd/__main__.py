"""Lets a crowd of shoppers write to a running desk: `bin/desk crowd --goals FILE`."""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import httpx2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from simulator.crowd import showing, tally
from simulator.crowd.fitting import Plan, plan
from simulator.crowd.goals import BadGoals, Wish, read
from simulator.crowd.talk import Talk
from simulator.crowd.town import Address, Town, TownTrouble
from simulator.crowd.visit import visit

OUR_GOALS = Path(__file__).with_name("goals.jsonl")
_MISSED, _MISUSED = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a crowd; 0: the aims are met, 1: they aren't, 2: it could not be tried."""
    asked = _parser().parse_args(arguments)
    console = Console(highlight=False)
    try:
        wishes = read(asked.goals)
        address = Address(
            simulator=os.environ["SIMULATOR_PUBLIC_URL"],
            order_token=os.environ["SIMULATOR_ORDER_TOKEN"],
            way_in=os.environ["CROWD_WAY_IN"],
        )
    except BadGoals as bad:
        return _refuse(str(bad))
    except KeyError as missing:
        return _refuse(f"{missing.args[0]} is not set: start this with bin/desk crowd.")
    started = time.monotonic()
    try:
        talks = asyncio.run(
            _crowd(address, _chosen(wishes, asked.shoppers, asked.seed), asked, console)
        )
    except (TownTrouble, httpx2.HTTPError) as trouble:
        return _refuse(f"The desk can't be tried: {trouble or type(trouble).__name__}")
    seconds = time.monotonic() - started
    if asked.transcripts:
        kept = talks if asked.transcripts == "all" else [one for one in talks if _is_worth(one)]
        showing.show_talks(console, kept)
    showing.show(console, talks)
    if asked.json:
        found = json.dumps(tally.as_json(talks, asked.seed, seconds), ensure_ascii=False, indent=1)
        asked.json.write_text(found + "\n", encoding="utf-8")
    return 0 if all(aim.is_met for aim in tally.aims(talks)) else _MISSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/desk crowd", description=__doc__)
    parser.add_argument(
        "--goals", type=Path, default=OUR_GOALS, metavar="FILE.jsonl", help="one shopper a line"
    )
    parser.add_argument("--shoppers", type=int, metavar="N", help="only so many, of every goal")
    parser.add_argument("--seed", type=int, default=1, metavar="K", help="what is left to chance")
    parser.add_argument("--at-once", type=int, default=6, metavar="N", help="talks at a time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures and talks")
    parser.add_argument(
        "--transcripts", choices=("bad", "all"), help="print the talks that didn't end well, or all"
    )
    return parser


def _chosen(wishes: Sequence[Wish], most: int | None, seed: int) -> list[tuple[int, Wish]]:
    """As many shoppers as wanted, with their lines: the goals and languages take turns."""
    numbered = list(enumerate(wishes))
    if most is None or most >= len(numbered):
        return numbered
    random.Random(seed).shuffle(numbered)  # noqa: S311 - no secret
    met: Counter[tuple[str, str]] = Counter()
    rounds = []
    for nth, wish in numbered:
        rounds.append((met[wish.goal, wish.lang], nth, wish))
        met[wish.goal, wish.lang] += 1
    taken = sorted(rounds, key=lambda one: one[0])[: max(most, 1)]
    return [(nth, wish) for _, nth, wish in sorted(taken, key=lambda one: one[1])]


async def _crowd(
    address: Address,
    wishes: Sequence[tuple[int, Wish]],
    asked: argparse.Namespace,
    console: Console,
) -> list[Talk]:
    town = Town(address)
    try:
        await town.enter()
        plans = _fresh(wishes, asked.seed, await town.taken())
        shop = await town.truth()
        with _progress(console) as progress:
            task = progress.add_task("shoppers", total=len(plans))
            room = asyncio.Semaphore(max(asked.at_once, 1))

            async def come(one: Plan) -> Talk:
                async with room:
                    talk = await visit(town, one, shop, asked.seed)
                progress.advance(task)
                return talk

            return await asyncio.gather(*map(come, plans))
    finally:
        await town.close()


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def _fresh(wishes: Sequence[tuple[int, Wish]], seed: int, taken: set[str]) -> list[Plan]:
    """Plans with numbers that no earlier crowd has."""
    for series in range(100):
        plans = [plan(wish, nth, seed, series) for nth, wish in wishes]
        if not taken & {one.number for one in plans}:
            return plans
    raise TownTrouble("no numbers are left; start the desk anew")


def _is_worth(talk: Talk) -> bool:
    return bool(talk.wrong) or tally.ending(talk) not in {"reached", "handed over"}


def _refuse(sentence: str) -> int:
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(f"✗ {sentence}")
    return _MISUSED


if __name__ == "__main__":
    sys.exit(main())

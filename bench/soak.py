"""The whole desk under a mixed load for minutes or hours: does any process grow?

Every process that bin/dev starts, with a real bot; with `--light`, web, worker and PostgreSQL, and
a bot that has one answer. Shoppers talk to the bot, each a while, and
others come; contacts write to people, react, and their phones tell what was read; agents answer
and look at lists and threads. The memory of each process that is its own is looked at every few
seconds; after a warm-up of a fifth of the time (two minutes at least, where there are so many),
the median of a first stretch and of the last one are compared. Prints one JSON line: megabytes,
their ratio and slope by process, the process that grew most, and messages that were not answered.
"""

import argparse
import asyncio
import itertools
import json
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench import held
from bench.desk import SECRET, DeskAlone, private_mb
from bench.graph import Graph
from bench.held import Load
from bench.load import request
from bench.outside import Outside
from bench.servers import free_port
from bench.shoppers import SCRIPT, DeskShopper
from bench.turn import Desk

_SAMPLE = 5.0
_STRETCH = 0.2
"""Of the time after the warm-up: what is compared at its beginning and at its end."""
_LIMIT = 1.1
_ROUNDS = 3
"""How often a shopper goes through the script before another comes."""
Samples = Sequence[tuple[float, dict[str, float]]]


@dataclass(frozen=True)
class Soaked:
    """A desk that runs, and its processes by name."""

    web: str
    secret: bytes
    url: str
    processes: Callable[[], Mapping[str, Sequence[psutil.Process]]]


@dataclass
class Crowd:
    """Shoppers who talk to the bot until the time is over."""

    desk: Soaked
    graph: Graph
    until: float
    turns: int = 0
    missing: int = 0
    """Messages that were not answered within a minute."""
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(500_000))

    async def talk(self, pause: float) -> None:
        """One shopper after the other."""
        while time.perf_counter() < self.until:
            number = next(self._numbers)
            shopper = await DeskShopper.open(self.desk.web, self.desk.secret, self.graph, number)
            try:
                for _ in range(_ROUNDS * len(SCRIPT)):
                    if time.perf_counter() >= self.until:
                        break
                    await shopper.talk(1, pause)
                    self.turns += 1
            except TimeoutError:
                self.missing += 1
            await shopper.close()


def main() -> None:
    """Measure, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=5)
    options.add_argument("--shoppers", type=int, default=3, help="at once with the bot")
    options.add_argument("--pause", type=float, default=0.3, help="seconds a shopper thinks")
    options.add_argument("--rate", type=float, default=8, help="messages a second to people")
    options.add_argument("--light", action="store_true", help="without Rasa and its actions")
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended all the same
    length = chosen.minutes * 60
    found = measure(length, chosen.shoppers, chosen.pause, chosen.rate, is_light=chosen.light)
    print(json.dumps(asyncio.run(found)))


async def measure(
    length: float, shoppers: int, pause: float, rate: float, *, is_light: bool
) -> dict[str, Any]:
    """Start the desk, load it, and watch it."""
    graph = Outside(free_port())
    await graph.start()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as started:
        desk = (_light if is_light else _whole)(started, Path(folder), graph.port)
        url = desk.url
        people = await held.prepare(url)
        until = time.perf_counter() + length
        crowd, load = Crowd(desk, graph, until), Load(desk.web)
        streams = people.streams(desk.web, desk.secret.decode(), rate, "soak")
        streams += [(rate / 4, people_look(desk.web, people))]
        watched = asyncio.create_task(_watch(desk, until))
        await asyncio.gather(
            load.run(until, streams), *(crowd.talk(pause) for _ in range(shoppers))
        )
        samples = await watched
        lost = await asyncio.to_thread(_not_there, url)
    await graph.stop()
    grown = growth(samples, length)
    worst = max(grown, key=lambda name: grown[name]["ratio"])
    return {
        "minutes": length / 60,
        "turns": crowd.turns,
        "requests": crowd.turns + len(load.lates),
        "missing": crowd.missing + lost,
        "refused": load.refused,
        "worst_growth": grown[worst]["ratio"],
        "worst_process": worst,
        "limit": _LIMIT,
        "is_flat": grown[worst]["ratio"] <= _LIMIT,
        "memory": grown,
    }


def _whole(started: ExitStack, folder: Path, graph_port: int) -> Soaked:
    desk = started.enter_context(Desk(folder, graph_port))
    return Soaked(desk.web, desk.secret, desk.env["DESK_DATABASE_URL"], desk.processes)


def _light(started: ExitStack, folder: Path, graph_port: int) -> Soaked:
    desk = started.enter_context(DeskAlone(folder, graph_port))

    def processes() -> Mapping[str, Sequence[psutil.Process]]:
        ours = {name: [one] for name, one in desk.processes.items()}
        return ours | {"postgres": desk.postmaster.children()}

    return Soaked(desk.web, SECRET.encode(), desk.url, processes)


def people_look(web: str, people: held.People) -> Any:
    """An agent's console: lists, a thread, counts, one after the other."""
    pages = (
        "conversations?view=mine",
        "conversations?view=all",
        "counts",
        "conversations?q=pedido",
    )

    def look(number: int) -> bytes:
        page = pages[number % len(pages)]
        if number % 3 == 0:
            page = f"conversations/{people.first + number % held.CONVERSATIONS}/messages"
        return request(f"{web}/api/{page}", b"", {"Cookie": people.cookie}, method="GET")

    return look


def growth(samples: Samples, length: float) -> dict[str, dict[str, float]]:
    """By process: megabytes after the warm-up and at the end, their ratio, and the slope."""
    warm = max(length * 0.2, min(120.0, length * 0.4))
    kept = [one for one in samples if one[0] >= warm]
    part = max(int(len(kept) * _STRETCH), 1)
    found = {}
    for name in kept[0][1]:
        early = statistics.median(mb[name] for _, mb in kept[:part])
        late = statistics.median(mb[name] for _, mb in kept[-part:])
        times, sizes = [at for at, _ in kept], [mb[name] for _, mb in kept]
        slope = statistics.linear_regression(times, sizes).slope if len(kept) > 1 else 0.0
        found[name] = {
            "mb_start": round(early, 1),
            "mb_end": round(late, 1),
            "ratio": round(late / early, 3),
            "mb_an_hour": round(slope * 3600, 1),
        }
    return found


async def _watch(desk: Soaked, until: float) -> list[tuple[float, dict[str, float]]]:
    began = time.perf_counter()
    samples = []
    while time.perf_counter() < until:
        found = await asyncio.to_thread(_memory, desk)
        samples.append((time.perf_counter() - began, found))
        await asyncio.sleep(_SAMPLE)
    return samples


def _memory(desk: Soaked) -> dict[str, float]:
    """Of PostgreSQL, a server's: how many there are follows from the load."""
    found = {}
    for name, processes in desk.processes().items():
        sizes = [private_mb(one) for one in processes]
        found[name] = sum(sizes) / len(sizes)
    return found


def _not_there(url: str) -> int:
    """Messages to people that were answered with 200 and are in no thread after a while."""
    told = "SELECT count(*) FROM whatsapp_updates WHERE key LIKE 'm:wamid.soak%'"
    there = "SELECT count(*) FROM messages WHERE wamid LIKE 'wamid.soak%'"
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(60):
            counts = [connection.execute(one).fetchone() for one in (told, there)]
            stored, kept = (int(one[0]) for one in counts if one is not None)
            if stored == kept:
                break
            time.sleep(0.5)
    return stored - kept


if __name__ == "__main__":
    main()

"""A whole turn beside the bare Rasa turn of the same messages.

From the webhook accepted to the reply accepted by the Graph API, with every process of the desk
and the load on one machine; Rasa alone runs the same model and actions with its own HTTP channel
and its in-memory tracker. The two alternate in rounds. Latency is that of one shopper who thinks a
moment between turns, as shoppers do, at the desk and at Rasa alone alike (called without a pause,
Rasa alone never leaves the processor's caches; that figure is printed too). The quiet time that
joins a burst is 0 here: it is a wait by choice, not a cost. Prints one JSON line.
"""

import argparse
import asyncio
import itertools
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import uvloop

from bench.graph import Graph
from bench.load import percentile
from bench.servers import Server, free_port
from bench.shoppers import SCRIPT, BareShopper, DeskShopper, Shopper

ROOT = Path(__file__).parent.parent
THINKING = 0.02  # seconds
_READY = 1800  # seconds: a bot may have to be trained
QUIET = {
    "LOG_LEVEL": "WARNING",
    "PYTHONPATH": str(ROOT),
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
Make = Callable[[int], Awaitable[Shopper]]


def main() -> None:
    """Measure, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=int, default=280, help="turns a round and concurrency")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--growth", type=int, default=5000, help="length of the long conversation")
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended all the same
    figures = uvloop.run(measure(chosen.turns, chosen.rounds, chosen.growth))
    print(json.dumps(figures))


async def measure(turns: int, rounds: int, length: int) -> dict[str, float | int]:
    """Start everything, alternate between the desk and Rasa alone, and compare."""
    graph = Graph(free_port())
    await graph.start()
    with tempfile.TemporaryDirectory() as folder, Desk(Path(folder), graph.port) as desk:
        bare_port = free_port()
        with bare_rasa(desk, bare_port):
            figures = await compare(desk, graph, bare_port, turns, rounds)
            figures |= await growth(desk, graph, length)
    await graph.stop()
    return figures


async def compare(
    desk: "Desk", graph: Graph, bare_port: int, turns: int, rounds: int
) -> dict[str, float | int]:
    """Latency of one shopper at a time, and throughput of 1, 8 and 32 side by side."""

    async def at_desk(number: int) -> Shopper:
        return await DeskShopper.open(desk.web, desk.secret, graph, number)

    async def at_bare(number: int) -> Shopper:
        return await BareShopper.open(f"http://127.0.0.1:{bare_port}", number)

    makers = {"desk": at_desk, "bare": at_bare}
    times: dict[tuple[str, float], list[float]] = {}
    rates: dict[tuple[str, int], list[float]] = {}
    costs: list[dict[str, float]] = []
    numbers = itertools.count(10_000, 10_000)
    for number in range(rounds + 1):
        for name, make in makers.items():
            for pause in (THINKING, 0.0):
                taken, _ = await crowd(make, next(numbers), 1, turns // 2, pause)
                if number:  # the first round warms up
                    times.setdefault((name, pause), []).extend(taken)
        for at_once, (name, make) in itertools.product((1, 8, 32), makers.items()):
            before = desk.seconds_spent()
            taken, per_s = await crowd(make, next(numbers), at_once, turns, 0)
            print(f"{name}: {at_once} at once, {per_s:.0f}/s", file=sys.stderr)
            if number:
                rates.setdefault((name, at_once), []).append(per_s)
            if number and name == "desk":
                costs.append(per_turn(before, desk.seconds_spent(), len(taken)))
    return {**latency(times), **throughput(rates), **cost(costs)}


def per_turn(before: dict[str, float], after: dict[str, float], turns: int) -> dict[str, float]:
    """Processor time of each process, in milliseconds a turn."""
    return {name: (after[name] - before[name]) * 1000 / turns for name in after}


def cost(costs: list[dict[str, float]]) -> dict[str, float | int]:
    """What a turn costs each process, at the median of the loads; and what is ours of it.

    Rasa's are its server and its actions; the rest is ours, PostgreSQL's work for the bot's memory
    included. The simulator takes no part.
    """
    each = {name: statistics.median(one[name] for one in costs) for name in sorted(costs[0])}
    own = sum(each[name] for name in ("web", "worker", "postgres"))
    rasa = each["rasa"] + each["actions"]
    return {
        **{f"cpu_ms_{name}": round(spent, 2) for name, spent in each.items()},
        "own_cpu_ms": round(own, 2),
        "rasa_cpu_ms": round(rasa, 2),
        "own_cpu_over_rasa": round(own / rasa, 3),
    }


def latency(times: dict[tuple[str, float], list[float]]) -> dict[str, float | int]:
    """Our own share of a turn, over Rasa's."""
    turn, rasa = times["desk", THINKING], times["bare", THINKING]
    turn_p50, rasa_p50 = percentile(turn, 0.5), percentile(rasa, 0.5)
    hot_turn, hot_rasa = percentile(times["desk", 0.0], 0.5), percentile(times["bare", 0.0], 0.5)
    return {
        "turn_p50_ms": round(turn_p50, 2),
        "turn_p99_ms": round(percentile(turn, 0.99), 2),
        "rasa_p50_ms": round(rasa_p50, 2),
        "rasa_p99_ms": round(percentile(rasa, 0.99), 2),
        "own_over_rasa": round((turn_p50 - rasa_p50) / rasa_p50, 3),
        "thinking_ms": round(THINKING * 1000),
        "turn_p50_without_pause_ms": round(hot_turn, 2),
        "rasa_p50_without_pause_ms": round(hot_rasa, 2),
        "own_over_rasa_without_pause": round((hot_turn - hot_rasa) / hot_rasa, 3),
    }


def throughput(rates: dict[tuple[str, int], list[float]]) -> dict[str, float | int]:
    """Turns a second, beside the best that Rasa alone gives."""
    middle = {key: statistics.median(of) for key, of in rates.items()}
    best = max(rate for (name, _), rate in middle.items() if name == "desk")
    alone = max(rate for (name, _), rate in middle.items() if name == "bare")
    return {
        **{f"per_s_{n}": round(rate, 1) for (name, n), rate in middle.items() if name == "desk"},
        "rasa_alone_per_s": round(alone, 1),
        "throughput_ratio": round(best / alone, 3),
    }


async def crowd(
    make: Make, first: int, at_once: int, turns: int, pause: float
) -> tuple[list[float], float]:
    """`at_once` shoppers who each write as soon as they are answered: (ms per turn, turns/s).

    Each goes through the script once and makes room for the next: Rasa's own tracker slows down
    with the length of a conversation, and that is not what is compared here.
    """
    numbers = itertools.count(first)
    waiting = iter(range(max(turns // len(SCRIPT), at_once)))

    async def one_after_another() -> list[float]:
        taken: list[float] = []
        for _ in waiting:
            shopper = await make(next(numbers))
            taken += await shopper.talk(len(SCRIPT), pause)
            await shopper.close()
        return taken

    began = time.perf_counter()
    taken = await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    flat = [one for of_one in taken for one in of_one]
    return flat, len(flat) / (time.perf_counter() - began)


async def growth(desk: "Desk", graph: Graph, length: int) -> dict[str, float | int]:
    """One shopper's turns at the start of a conversation and after `length` messages."""
    window = 10 * len(SCRIPT)
    shopper = await DeskShopper.open(desk.web, desk.secret, graph, 1)
    await shopper.talk(5)
    early = await shopper.talk(window)
    await shopper.talk(max(length - 2 * window, 0))
    fresh = await DeskShopper.open(desk.web, desk.secret, graph, 2)
    late: list[float] = []
    again: list[float] = []
    await fresh.talk(5)
    for _ in range(10):  # side by side, since the machine's speed drifts
        late += await shopper.talk(len(SCRIPT))
        again += await fresh.talk(len(SCRIPT))
    await shopper.close()
    await fresh.close()
    return {
        "early_p50_ms": round(percentile(early, 0.5), 2),
        "late_p50_ms": round(percentile(late, 0.5), 2),
        "growth": round(percentile(late, 0.5) / percentile(again, 0.5), 3),
        "growth_messages": length,
    }


class Desk:
    """The whole desk, started as anyone would, with the bench's own Graph API."""

    def __init__(self, folder: Path, graph_port: int) -> None:
        self._folder = folder
        self._env = {
            **os.environ,
            "DESK_WHATSAPP__GRAPH_URL": f"http://127.0.0.1:{graph_port}",
            "DESK_LANES__QUIET": "0",
            "DESK_LOG_LEVEL": "warning",
        }

    def __enter__(self) -> "Desk":
        command = [ROOT / "bin" / "dev", "--var", self._folder, "--free-ports", "--empty"]
        self._process = subprocess.Popen(
            command, env=self._env, stdout=subprocess.DEVNULL, start_new_session=True
        )
        ready = self._folder / "ready.json"
        until = time.monotonic() + _READY
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > until:
                self.__exit__()
                raise RuntimeError("the desk did not get ready; try bin/dev by itself")
            time.sleep(0.2)
        told = json.loads(ready.read_text())
        self.env: dict[str, str] = told["env"]
        self.web = self.env["DESK_URL"]
        self.way_in: str = told["addresses"]["console"]
        self.secret = self.env["DESK_WHATSAPP__APP_SECRETS"].encode()
        self._pids: dict[str, int] = told["pids"]
        rasa = psutil.Process(self._pids["rasa"]).cmdline()
        self.model = rasa[rasa.index("--model") + 1]
        postmaster = (self._folder / "postgres" / "postmaster.pid").read_text()
        self._postmaster = psutil.Process(int(postmaster.split()[0]))
        return self

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Each process of the desk; of PostgreSQL, its servers."""
        ours = {name: [psutil.Process(pid)] for name, pid in self._pids.items()}
        return ours | {"postgres": self._postmaster.children()}

    def seconds_spent(self) -> dict[str, float]:
        """Processor time that each process of the desk has taken."""
        return {name: sum(map(_seconds_of, of)) for name, of in self.processes().items()}

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)


def _seconds_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # a server of a connection that was closed meanwhile
        return 0.0
    return float(times.user + times.system)


def bare_rasa(desk: Desk, port: int) -> Server:
    """Rasa by itself, with the desk's model and action server."""
    here = "bench/rasa_bare"
    command = [
        str(ROOT / "bot" / ".venv" / "bin" / "python"),
        *("-W", "ignore", "-m", "rasa", "run", "--model", desk.model),
        *("--endpoints", f"{here}/endpoints.yml", "--credentials", f"{here}/credentials.yml"),
        *("-i", "127.0.0.1", "--port", str(port)),
    ]
    env = {**desk.env, **QUIET}
    return Server(command, f"http://127.0.0.1:{port}/", env=env, cwd=str(ROOT))


if __name__ == "__main__":
    main()

"""What a desk needs, from a hundred to ten million conversations a day.

Computed from what was measured (`bench/sizing.json`, which `bench.message_costs --write` writes)
and from what is assumed of shoppers and machines (`--help` names each figure). Each kind of process
is a queue with as many servers as processes, and gets the fewest with which its queue stays short
in the busiest minute. Prints a table and one JSON line; docs/scaling.md says what it means.
"""

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

COSTS = Path(__file__).with_name("sizing.json")
DAYS = (100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
PYTHON = ("web", "worker", "rasa", "actions")
"""Kinds of processes, each of which computes on one core."""
_TWO_OF_EACH = 10_000  # conversations a day from which a dead process should not be missed
_A_DAY = 86_400
_COLUMNS = (
    "conversations a day",
    "turns/s",
    *PYTHON,
    "machines",
    "PostgreSQL's busy cores",
    "notifying",
    "databases",
    "connections",
    "log MB/s",
    "stored GB",
    "wait p99 ms",
)
_NAMES = {"postgres": "PostgreSQL's cores", "notifying": "commits that notify"}
Costs = Mapping[str, Any]
Rates = Mapping[str, float]


@dataclass(frozen=True)
class Assumed:
    """What the table takes for granted."""

    turns: float = field(default=6, metadata={"help": "turns of the bot in a conversation"})
    statuses: float = field(default=3, metadata={"help": "status webhooks for an answer"})
    handed_over: float = field(default=0.2, metadata={"help": "share that people take over"})
    human_messages: float = field(
        default=8, metadata={"help": "messages, both ways, while people have a conversation"}
    )
    looks: float = field(
        default=60, metadata={"help": "requests of consoles for a conversation that people have"}
    )
    due: float = field(default=1, metadata={"help": "promises that come due in a conversation"})
    peak_hour: float = field(default=0.12, metadata={"help": "the busiest hour's share of a day"})
    peak: float = field(default=1.5, metadata={"help": "the busiest minute over that hour's mean"})
    busy: float = field(default=0.6, metadata={"help": "how busy a core may be in that minute"})
    wait_ms: float = field(
        default=50, metadata={"help": "what 99 of 100 wait at most for a kind of process"}
    )
    machine_cores: float = field(default=16, metadata={"help": "cores of a machine for processes"})
    database_cores: float = field(default=32, metadata={"help": "cores of a database's machine"})
    flush_ms: float = field(
        default=0.5, metadata={"help": "what the database's disk takes to write through"}
    )
    webhooks_at_once: float = field(
        default=4, metadata={"help": "webhooks that one commit stores in that minute"}
    )
    connections: float = field(
        default=8, metadata={"help": "connections to the database that a process holds"}
    )
    kept_days: float = field(default=365, metadata={"help": "days that messages are kept"})
    raw_days: float = field(
        default=30, metadata={"help": "days that webhooks are kept as they came"}
    )


@dataclass(frozen=True)
class Size:
    """What one load needs in its busiest minute."""

    conversations_a_day: int
    turns_a_second: float
    processes: Mapping[str, int]
    busy_cores: Mapping[str, float]
    """By kind of process, and PostgreSQL's."""
    wait_p99_ms: float
    """In all queues that a turn passes, together, at most."""
    notifying: float
    """How full one server's only lane for commits that notify is: above 1 it cannot be one."""
    databases: int
    machines: int
    connections: int
    log_mb_a_second: float
    stored_gb: float


@dataclass(frozen=True)
class Queue:
    """So many servers, and what 99 of 100 wait for one of them at most."""

    servers: int
    wait_ms: float


def main() -> None:
    """Compute, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    for one in fields(Assumed):
        name = f"--{one.name.replace('_', '-')}"
        meaning = f"{one.metadata['help']} (%(default)g)"
        options.add_argument(name, type=float, default=one.default, help=meaning)
    options.add_argument("--costs", type=Path, default=COSTS, help="measured costs, as JSON")
    options.add_argument("--markdown", action="store_true", help="print the page's tables alone")
    chosen = vars(options.parse_args())
    costs = json.loads(chosen.pop("costs").read_text(encoding="utf-8"))
    as_markdown = chosen.pop("markdown")
    assumed = replace(Assumed(), **chosen)
    sizes = [size(each, costs, assumed) for each in DAYS]
    full_at = capacity(costs, assumed)
    if as_markdown:
        print("\n".join(markdown(sizes, full_at)))
        return
    show(sizes, full_at)
    told = {"assumed": asdict(assumed), "full_at_turns_a_second": full_at}
    print(json.dumps(told | {"sizes": [asdict(one) for one in sizes]}))


def size(conversations: int, costs: Costs, assumed: Assumed) -> Size:
    """What so many conversations a day need in their busiest minute."""
    at_peak = rates(conversations / _A_DAY * assumed.peak_hour * 24 * assumed.peak, assumed)
    on_average = rates(conversations / _A_DAY, assumed)
    busy = {part: busy_cores(part, at_peak, costs) for part in (*PYTHON, "postgres")}
    least = 1 if conversations < _TWO_OF_EACH else 2
    queues = {
        part: _fewest(busy[part], costs["turn"]["cpu_ms"][part], assumed, least) for part in PYTHON
    }
    processes = {part: queue.servers for part, queue in queues.items()}
    lane = notifying(at_peak, assumed)
    stored = _sum_of("table_bytes", on_average, costs) * assumed.kept_days
    stored += _sum_of("raw_bytes", on_average, costs) * assumed.raw_days
    return Size(
        conversations_a_day=conversations,
        turns_a_second=_rounded(at_peak["turn"]),
        processes=processes,
        busy_cores={part: _rounded(each) for part, each in busy.items()},
        wait_p99_ms=_rounded(sum(queue.wait_ms for queue in queues.values())),
        notifying=_rounded(lane),
        databases=max(
            math.ceil(busy["postgres"] / (assumed.database_cores * assumed.busy)),
            math.ceil(lane / assumed.busy),
        ),
        machines=max(math.ceil(sum(processes.values()) / assumed.machine_cores), least),
        connections=round(sum(processes.values()) * assumed.connections),
        log_mb_a_second=_rounded(_sum_of("log_bytes", at_peak, costs) / 1e6),
        stored_gb=_rounded(stored * _A_DAY / 1e9),
    )


def rates(conversations: float, assumed: Assumed) -> dict[str, float]:
    """What happens a second, when so many conversations begin a second."""
    handed_over = conversations * assumed.handed_over
    turns, messages = conversations * assumed.turns, handed_over * assumed.human_messages
    return {
        "turn": turns,
        "message": messages,
        "status": (turns + messages / 2) * assumed.statuses,
        "look": handed_over * assumed.looks,
        "due": conversations * assumed.due,
    }


def busy_cores(part: str, happening: Rates, costs: Costs) -> float:
    """Cores that a kind of process, or PostgreSQL, keeps busy."""
    spent = ((rate, _cost_of(what, costs)["cpu_ms"]) for what, rate in happening.items())
    return sum(rate * float(ms.get(part, 0)) / 1000 for rate, ms in spent)


def notifying(happening: Rates, assumed: Assumed) -> float:
    """How full the lane is in which a server commits what notifies: one commit at a time.

    Those that wait for the disk are an answer's acceptance, and webhooks stored together.
    """
    answers = happening["turn"] + happening["message"] / 2
    webhooks = answers + happening["status"]
    return (answers + webhooks / assumed.webhooks_at_once) * assumed.flush_ms / 1000


def capacity(costs: Costs, assumed: Assumed) -> dict[str, float]:
    """Turns a second, with all that comes along, at which one of each would be full."""
    one_turn = rates(1 / assumed.turns, assumed)
    full_at = {part: 1 / busy_cores(part, one_turn, costs) for part in PYTHON}
    full_at["postgres"] = assumed.database_cores / busy_cores("postgres", one_turn, costs)
    full_at["notifying"] = 1 / notifying(one_turn, assumed)
    return {part: _rounded(each) for part, each in full_at.items()}


def waiting(servers: int, busy: float) -> float:
    """The share that has to wait when `busy` of so many servers are (Erlang's C)."""
    blocked = 1.0
    for each in range(1, servers + 1):
        blocked = busy * blocked / (each + busy * blocked)
    return blocked / (1 - (busy / servers) * (1 - blocked))


def wait_p99(servers: int, busy: float, service_ms: float) -> float:
    """What 99 of 100 wait at most, in milliseconds; infinite where the queue only grows."""
    if busy >= servers:
        return math.inf
    share = waiting(servers, busy)
    return max(0.0, math.log(share * 100) * service_ms / (servers - busy)) if share > 0 else 0.0


def show(sizes: Sequence[Size], full_at: Mapping[str, float]) -> None:
    """Print the tables."""
    out = Console(width=180)
    table = Table(*_COLUMNS)
    for one in sizes:
        table.add_row(*_row(one))
    out.print(table)
    full = Table("one of each", "full at turns/s")
    for part, turns in sorted(full_at.items(), key=lambda each: each[1]):
        full.add_row(_NAMES.get(part, part), _plain(turns))
    out.print(full)


def markdown(sizes: Sequence[Size], full_at: Mapping[str, float]) -> list[str]:
    """The rows of both tables, as docs/scaling.md shows them."""
    rows = [_COLUMNS, ("---",) * len(_COLUMNS), *map(_row, sizes)]
    rows += [("one of each", "full at turns/s"), ("---", "---")]
    ordered = sorted(full_at.items(), key=lambda each: each[1])
    rows += [(_NAMES.get(part, part), _plain(turns)) for part, turns in ordered]
    return [f"| {' | '.join(row)} |" for row in rows]


def _row(one: Size) -> tuple[str, ...]:
    return (
        f"{one.conversations_a_day:,}",
        _plain(one.turns_a_second),
        *(str(one.processes[part]) for part in PYTHON),
        str(one.machines),
        _plain(one.busy_cores["postgres"]),
        f"{one.notifying:.1%}" if one.notifying < 1 else f"{_plain(one.notifying * 100)}%",
        str(one.databases),
        f"{one.connections:,}",
        _plain(one.log_mb_a_second),
        _plain(one.stored_gb),
        _plain(one.wait_p99_ms),
    )


def _plain(figure: float) -> str:
    """Two digits of what is small, and whole numbers with commas."""
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.2g}"


def _fewest(busy: float, service_ms: float, assumed: Assumed, least: int) -> Queue:
    """The fewest processes that are not too busy, and for which nobody waits too long."""
    servers = max(least, math.ceil(busy / assumed.busy), 1)
    while (wait_ms := wait_p99(servers, busy, service_ms)) > assumed.wait_ms:
        servers += 1
    return Queue(servers, wait_ms)


def _cost_of(what: str, costs: Costs) -> Mapping[str, Any]:
    """A message between people costs what a turn does, without the bot."""
    if what != "message":
        cost: Mapping[str, Any] = costs[what]
        return cost
    turn = costs["turn"]
    return {**turn, "cpu_ms": {**turn["cpu_ms"], "rasa": 0, "actions": 0}}


def _sum_of(figure: str, happening: Rates, costs: Costs) -> float:
    return sum(
        rate * float(_cost_of(what, costs).get(figure, 0)) for what, rate in happening.items()
    )


def _rounded(figure: float) -> float:
    """To three digits: nothing here is known better."""
    return float(f"{figure:.3g}")


if __name__ == "__main__":
    main()

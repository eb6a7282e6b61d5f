"""What the sizing says follows from its figures, and its queues behave as simulated ones do."""

import heapq
import json
import math
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import sizing
from bench.sizing import COSTS, DAYS, PYTHON, Assumed, capacity, size, wait_p99, waiting

ASSUMED = Assumed()
SCALING = Path(__file__).parents[2] / "docs" / "scaling.md"


@pytest.fixture
def costs() -> dict[str, Any]:
    measured: dict[str, Any] = json.loads(COSTS.read_text(encoding="utf-8"))
    return measured


def test_twice_the_conversations_keep_twice_the_cores_busy(costs: dict[str, Any]) -> None:
    one, two = size(100_000, costs, ASSUMED), size(200_000, costs, ASSUMED)
    assert two.turns_a_second == pytest.approx(2 * one.turns_a_second, rel=0.01)
    for part, busy in one.busy_cores.items():
        assert two.busy_cores[part] == pytest.approx(2 * busy, rel=0.01)


def test_the_busiest_minute_is_worked_out_from_the_day() -> None:
    at_peak = size(1_000_000, _FLAT, replace(ASSUMED, turns=6, peak_hour=0.12, peak=1.5))
    assert at_peak.turns_a_second == 1_000_000 * 6 * 0.12 / 3600 * 1.5
    # 300 turns, 900 statuses and 50 promises, each a millisecond of a core; nobody takes over.
    alone = size(1_000_000, _FLAT, replace(ASSUMED, handed_over=0))
    assert alone.busy_cores["postgres"] == pytest.approx(1.25, rel=0.01)


def test_no_kind_of_process_is_too_busy_or_lets_wait_too_long(costs: dict[str, Any]) -> None:
    for conversations in DAYS:
        one = size(conversations, costs, ASSUMED)
        for part in PYTHON:
            assert one.busy_cores[part] <= one.processes[part] * ASSUMED.busy * 1.01
        assert one.wait_p99_ms <= ASSUMED.wait_ms * len(PYTHON)
        assert one.databases * ASSUMED.database_cores * ASSUMED.busy >= one.busy_cores["postgres"]


def test_a_dead_process_is_missed_by_nobody_from_ten_thousand_a_day(costs: dict[str, Any]) -> None:
    assert set(size(1_000, costs, ASSUMED).processes.values()) == {1}
    assert min(size(10_000, costs, ASSUMED).processes.values()) == 2


def test_at_its_capacity_a_process_is_full(costs: dict[str, Any]) -> None:
    for part, turns in capacity(costs, ASSUMED).items():
        happening = sizing.rates(turns / ASSUMED.turns, ASSUMED)
        if part == "notifying":
            assert sizing.notifying(happening, ASSUMED) == pytest.approx(1, rel=0.01)
        else:
            cores = ASSUMED.database_cores if part == "postgres" else 1
            assert sizing.busy_cores(part, happening, costs) == pytest.approx(cores, rel=0.01)


def test_erlangs_formula_says_what_is_known() -> None:
    assert waiting(1, 0.5) == pytest.approx(0.5)
    assert waiting(2, 1.0) == pytest.approx(1 / 3)
    assert wait_p99(1, 1.0, 5) == math.inf
    assert wait_p99(4, 0.01, 5) == 0


@pytest.mark.parametrize(("servers", "busy"), [(1, 0.6), (3, 2.1), (10, 8.5)])
def test_a_simulated_queue_waits_as_the_formula_says(servers: int, busy: float) -> None:
    share, p99 = _simulated(servers, busy, customers=200_000)
    assert share == pytest.approx(waiting(servers, busy), rel=0.1)
    assert p99 == pytest.approx(wait_p99(servers, busy, 1.0), rel=0.15)


def test_the_page_shows_this_table(costs: dict[str, Any]) -> None:
    page = SCALING.read_text(encoding="utf-8")
    sizes = [size(each, costs, ASSUMED) for each in DAYS]
    for row in sizing.markdown(sizes, capacity(costs, ASSUMED)):
        assert row in page, "run `python -m bench.sizing --markdown` and put it into the page"
    for what in ("turn", "status", "look"):
        spent = [costs[what]["cpu_ms"].get(part, 0) for part in (*PYTHON, "postgres")]
        assert f"| {what} | {' | '.join(f'{ms:.2f}' for ms in spent)} |" in page


def _simulated(servers: int, busy: float, customers: int) -> tuple[float, float]:
    """The share of customers who wait, and what 99 of 100 wait at most, in times of service."""
    chance = random.Random(7)
    free_at = [0.0] * servers
    now, waits = 0.0, []
    for _ in range(customers):
        now += chance.expovariate(busy)
        begins = max(now, heapq.heappop(free_at))
        waits.append(begins - now)
        heapq.heappush(free_at, begins + chance.expovariate(1.0))
    waits.sort()
    return sum(wait > 0 for wait in waits) / customers, waits[int(customers * 0.99)]


_ALL = dict.fromkeys((*PYTHON, "postgres"), 1.0)
_EACH = {"cpu_ms": _ALL, "log_bytes": 1, "table_bytes": 1, "raw_bytes": 1}
_FLAT: dict[str, Any] = {
    "turn": _EACH,
    "status": _EACH,
    "look": _EACH,
    "due": _EACH,
}

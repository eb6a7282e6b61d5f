"""Deadlines in business time beside opening-hours-py, which walks from one opening to the next.

Prints one JSON line: microseconds for a deadline (`add_us`) and for the business time between two
instants (`elapsed_us`), milliseconds to index a year, microseconds of the peer for the same
deadlines, and how many times that is ours. Both answer the same questions, in alternating rounds,
and must agree on every one.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State

from sla_service.sla.business_time import BusinessTime, Hours
from sla_service.sla.instants import MINUTE, duration, instant, moment

ZONE = "America/Sao_Paulo"
HOLIDAYS = [date(2026, month, day) for month, day in ((1, 1), (4, 21), (5, 1), (9, 7), (12, 25))]
HOURS = Hours(
    ZONE,
    {**dict.fromkeys(range(5), ((480, 720), (780, 1080))), 5: ((540, 780),)},
    closed=frozenset(HOLIDAYS),
)
EXPRESSION = "Mo-Fr 08:00-12:00,13:00-18:00; Sa 09:00-13:00; " + "; ".join(
    f"{day:%Y %b %d} off" for day in HOLIDAYS
)
TARGETS = [5, 10, 30, 120, 480, 1440]  # minutes
Question = tuple[int, int]


def main() -> None:
    """Measure, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--questions", type=int, default=2000, help="deadlines a round")
    options.add_argument("--rounds", type=int, default=9)
    chosen = options.parse_args()
    print(json.dumps(measure(chosen.questions, chosen.rounds)))


def measure(count: int, rounds: int) -> dict[str, float]:
    """The best of the rounds: whatever else the machine does only adds to a time."""
    chance = random.Random(1)
    year = instant(datetime(2026, 1, 1, tzinfo=UTC))
    asked = [
        (year + chance.randrange(360 * 1440) * MINUTE, chance.choice(TARGETS) * MINUTE)
        for _ in range(count)
    ]
    ours, peer = BusinessTime(HOURS), OpeningHours(EXPRESSION, ZoneInfo(ZONE), auto_country=False)
    dues = [ours.add(start, span) for start, span in asked]
    wall = [(_local(start), duration(span)) for start, span in asked]
    assert [instant(by_peer(peer, *question)) for question in wall] == dues, "they disagree"
    between = [(start, due) for (start, _), due in zip(asked, dues, strict=True)]
    times: dict[str, list[float]] = {"add": [], "elapsed": [], "peer": [], "build": []}
    for _ in range(rounds):
        times["add"].append(_each(ours.add, asked))
        times["elapsed"].append(_each(ours.elapsed, between))
        times["peer"].append(_each(lambda start, span: by_peer(peer, start, span), wall))
        times["build"].append(_each(_build, [(year + 180 * 1440 * MINUTE, MINUTE)] * 5))
    add, elapsed, walk, build = (min(of) for of in times.values())
    return {
        "add_us": round(add * 1e6, 2),
        "elapsed_us": round(elapsed * 1e6, 2),
        "build_year_ms": round(build * 1e3, 2),
        "peer_us": round(walk * 1e6, 1),
        "ratio": round(walk / add, 1),
    }


def by_peer(opening: OpeningHours, start: datetime, span: timedelta) -> datetime:
    """The deadline as one would get it from the peer: open intervals summed up until it is met."""
    for since, till, state, _ in opening.intervals(start):
        if state != State.OPEN:
            continue
        length = till.astimezone(UTC) - since.astimezone(UTC)
        if length >= span:
            return since.astimezone(UTC) + span
        span -= length
    raise AssertionError("never open again")


def _build(start: int, span: int) -> None:
    BusinessTime(HOURS).add(start, span)


def _local(at: int) -> datetime:
    return moment(at).astimezone(ZoneInfo(ZONE))


def _each[A, B](answer: Callable[[A, B], object], questions: Iterable[tuple[A, B]]) -> float:
    """Seconds for one question."""
    questions = list(questions)
    began = time.perf_counter()
    for first, second in questions:
        answer(first, second)
    return (time.perf_counter() - began) / len(questions)


if __name__ == "__main__":
    main()

"""A year of a shop's tickets, made up: quiet nights, busy Mondays, a Black Friday."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from zoneinfo import ZoneInfo

from sla_service.sla.cases import Case, Habits, around
from sla_service.sla.instants import HOUR, SECOND, moment

_BY_HOUR = (2, 1, 1, 1, 1, 2, 4, 8, 14, 20, 23, 22, 18, 20, 22, 22, 21, 20, 19, 18, 17, 14, 9, 5)
_BY_WEEKDAY = (1.25, 1.15, 1.1, 1.05, 1.1, 0.75, 0.6)
_BY_MONTH = (0.95, 0.85, 0.9, 0.9, 1.05, 0.95, 0.95, 0.95, 0.95, 1.0, 1.45, 1.25)
_AN_HOUR = sum(_BY_HOUR) / len(_BY_HOUR)
_USUAL_SHARE = 0.55
_BOT_TIME = 75 * SECOND
_MORE_TALK = 0.45
_LONGEST_TALK = 8


@dataclass(frozen=True, slots=True)
class _Matter:
    intent: str
    weight: float
    priority: str
    bot: float
    """How much of it the bot solves, beside the average matter."""


_MATTERS = (
    _Matter("track_order", 36, "normal", 1.45),
    _Matter("return_exchange", 18, "normal", 0.75),
    _Matter("payment_problem", 12, "high", 0.5),
    _Matter("product_question", 16, "low", 1.1),
    _Matter("complaint", 9, "high", 0.25),
    _Matter("cancel_order", 7, "normal", 0.9),
    _Matter("fraud_report", 2, "urgent", 0.0),
)
_WEIGHTS = [matter.weight for matter in _MATTERS]
# So that the average over all matters is 1.
_BOT_LEVEL = sum(_WEIGHTS) / sum(matter.weight * matter.bot for matter in _MATTERS)


def cases(
    start: int, end: int, *, seed: int, tickets_a_day: float, habits: Habits, zone: ZoneInfo
) -> Iterator[Case]:
    """Tickets that begin from `start` until before `end`, in order; the same for the same seed."""
    draw = Random(seed)  # noqa: S311 - a made-up year keeps no secret
    for number, at in enumerate(_arrivals(draw, start, end, tickets_a_day, zone), 1):
        yield _case(draw, number, at, habits)


def expected(start: int, end: int, tickets_a_day: float, zone: ZoneInfo) -> float:
    """How many tickets there are on average."""
    return sum(rate for _, rate in _rates(start, end, tickets_a_day, zone))


def _arrivals(
    draw: Random, start: int, end: int, tickets_a_day: float, zone: ZoneInfo
) -> Iterator[int]:
    """Instants of a Poisson process whose rate changes by the hour."""
    wait = draw.expovariate(1.0)
    for hour, rate in _rates(start, end, tickets_a_day, zone):
        passed = 0.0
        while wait <= rate - passed:
            passed += wait
            at = hour + round(HOUR * passed / rate)
            if at >= end:
                return
            yield at
            wait = draw.expovariate(1.0)
        wait -= rate - passed


def _rates(
    start: int, end: int, tickets_a_day: float, zone: ZoneInfo
) -> Iterator[tuple[int, float]]:
    """Each hour with how many tickets it brings on average."""
    for hour in range(start, end, HOUR):
        local = moment(hour).astimezone(zone)
        shape = _BY_HOUR[local.hour] / _AN_HOUR * _BY_WEEKDAY[local.weekday()]
        rate = tickets_a_day / 24 * shape * _BY_MONTH[local.month - 1]
        if local.month == 11 and local.weekday() == 4 and 23 <= local.day <= 29:
            rate *= 3  # Black Friday
        yield hour, rate


def _case(draw: Random, number: int, at: int, habits: Habits) -> Case:
    matter = draw.choices(_MATTERS, _WEIGHTS)[0]
    share = _USUAL_SHARE if habits.bot_share is None else habits.bot_share
    replies = 1
    while replies < _LONGEST_TALK and draw.random() < _MORE_TALK:
        replies += 1
    return Case(
        number=number,
        at=at,
        facts={
            "channel": "whatsapp",
            "intent": matter.intent,
            "priority": matter.priority,
            "segment": "vip" if draw.random() < 0.08 else None,
            "language": "en" if draw.random() < 0.06 else "pt",
        },
        bot_time=around(draw, _BOT_TIME, 0.7),
        is_solved_by_bot=draw.random() < min(share * matter.bot * _BOT_LEVEL, 1.0),
        works=habits.works(draw, replies),
        thinks=habits.thinks(draw, replies),
    )

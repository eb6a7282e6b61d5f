"""The figures of a crowd, by goal and language, and whether they reach their aims."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from simulator.crowd import outcome
from simulator.crowd.goals import FOR_PEOPLE, GOALS, Goal
from simulator.crowd.talk import Talk
from simulator.world import Json

AIM_REACHED = 0.80
AIM_COMPLETE = 0.95
AIM_WRONG = 0
AIM_BILLABLE = 4


@dataclass(frozen=True)
class Row:
    """Some talks, counted."""

    shoppers: int
    reached: int
    handed_over: int
    complete: int
    """Of those handed over: with everything that people need."""
    lost: int
    """Neither reached nor handed over."""
    wrong: int
    """Wrong facts and wrong changes."""
    turns: float | None
    """The median of what the shopper wrote."""
    billable: float | None
    """The median of the desk's messages in a talk that ended well without a person."""


@dataclass(frozen=True)
class Aim:
    """One of the four aims."""

    name: str
    wanted: str
    is_met: bool
    figure: float | None


def row(talks: Sequence[Talk]) -> Row:
    """Count these talks."""
    reached = [one for one in talks if outcome.is_reached(one)]
    handed = [one for one in talks if outcome.is_handed_over(one)]
    return Row(
        shoppers=len(talks),
        reached=len(reached),
        handed_over=len(handed),
        complete=sum(not outcome.missing(one) for one in handed),
        lost=len(talks) - len(reached) - len(handed),
        wrong=sum(len(one.wrong) for one in talks),
        turns=_median(one.turns for one in talks),
        billable=_median(one.messages for one in reached),
    )


def rows(talks: Sequence[Talk]) -> list[tuple[Goal, str, Row]]:
    """A row for each goal and language that somebody had."""
    found: list[tuple[Goal, str, Row]] = []
    for goal in GOALS:
        for language in ("pt", "en"):
            ours = [one for one in talks if (one.goal, one.plan.language) == (goal, language)]
            if ours:
                found.append((goal, language, row(ours)))
    return found


def aims(talks: Sequence[Talk]) -> list[Aim]:
    """The four aims; what nobody had a chance of is met."""
    routine = [one for one in talks if one.goal not in FOR_PEOPLE]
    reached = [one for one in routine if outcome.is_reached(one)]
    rest = [one for one in talks if not outcome.is_reached(one)]
    complete = [one for one in rest if outcome.is_handed_over(one) and not outcome.missing(one)]
    billable = _median(one.messages for one in reached)
    wrong = float(sum(len(one.wrong) for one in talks))
    return [
        _aim("routine goals reached without a person", len(reached), len(routine), AIM_REACHED),
        _aim("the rest handed over with everything", len(complete), len(rest), AIM_COMPLETE),
        Aim("wrong facts", f"= {AIM_WRONG}", wrong <= AIM_WRONG, wrong),
        Aim(
            "messages per resolved goal, median",
            f"≤ {AIM_BILLABLE}",
            billable is None or billable <= AIM_BILLABLE,
            billable,
        ),
    ]


def as_json(talks: Sequence[Talk], seed: int, seconds: float) -> Json:
    """Everything for programs."""
    return {
        "seed": seed,
        "shoppers": len(talks),
        "seconds": round(seconds, 1),
        "aims": [vars(one) for one in aims(talks)],
        "is_met": all(one.is_met for one in aims(talks)),
        "all": vars(row(talks)),
        "by_language": {
            language: vars(row(_of(talks, lambda one, name=language: one.plan.language == name)))  # type: ignore[misc]
            for language in ("pt", "en")
        },
        "goals": [
            {"goal": goal, "language": language} | vars(found)
            for goal, language, found in rows(talks)
        ],
        "talks": [_talk(one) for one in talks],
    }


def ending(talk: Talk) -> str:
    """How it ended, in two words."""
    if talk.trouble:
        return "trouble"
    if outcome.is_reached(talk):
        return "reached"
    if outcome.is_handed_over(talk):
        lacking = outcome.missing(talk)
        return f"handed over without {', '.join(lacking)}" if lacking else "handed over"
    return "lost"


def _talk(talk: Talk) -> Json:
    return {
        "line": talk.plan.nth + 1,
        "goal": talk.goal,
        "language": talk.plan.language,
        "order": talk.order,
        "situation": talk.plan.situation,
        "ending": ending(talk),
        "wrong": talk.wrong,
        "messages": talk.messages,
        "turns": talk.turns,
        "trouble": talk.trouble,
        "transcript": [f"{line.who}: {line.text}" for line in talk.lines],
    }


def _aim(name: str, good: int, of: int, wanted: float) -> Aim:
    share = good / of if of else None
    return Aim(name, f"≥ {wanted:.0%}", share is None or share >= wanted, share)


def _of(talks: Sequence[Talk], holds: Callable[[Talk], bool]) -> list[Talk]:
    return [one for one in talks if holds(one)]


def _median(numbers: Iterable[int]) -> float | None:
    found = list(numbers)
    return float(median(found)) if found else None

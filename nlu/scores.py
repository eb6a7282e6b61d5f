"""What answers are worth, as numbers: for a language, for each of its intents, and for values."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from nlu.messages import FALLBACK, LANGUAGES, OUTSIDE, Value
from nlu.pipeline import Answered

_STEPS = 10
# The wish for a language is a sentence of its own, with its own tests.
_VALUES = frozenset({
    "order_number", "size", "product", "color", "email", "tracking_code", "date", "postal_code",
})  # fmt: skip


def of_languages(answers: Sequence[Answered]) -> dict[str, dict[str, Any]]:
    """For each language its scores, and under `intents` those of each intent."""
    found = {}
    for language in LANGUAGES:
        of_language = [each for each in answers if each.asked.language == language]
        if of_language:
            found[language] = overall(of_language) | {"intents": by_intent(of_language)}
    return found


def overall(answers: Sequence[Answered]) -> dict[str, Any]:
    """All answers together; "at the threshold" counts only what the bot would act upon.

    A figure about messages that don't occur is left out.
    """
    ours = [each for each in answers if each.asked.intent != OUTSIDE]
    foreign = [each for each in answers if each.asked.intent == OUTSIDE]
    found: dict[str, Any] = {
        "n": len(answers),
        "strict": share(each.best == each.asked.intent for each in answers),
        "lenient": share(each.is_right for each in answers),
        "macro_f1": macro_f1(answers),
        "left_to_fallback": share(each.intent == FALLBACK for each in answers),
    }
    if ours:
        found["in_scope_at_threshold"] = share(each.accepts(each.intent) for each in ours)
    if foreign:
        found["out_of_scope_recall"] = share(is_left_out(each) for each in foreign)
    return found


def is_left_out(answer: Answered) -> bool:
    """Whether the bot says that this isn't for it, or that it doesn't understand."""
    return answer.intent in {OUTSIDE, FALLBACK, ""}


def by_intent(answers: Sequence[Answered]) -> dict[str, dict[str, Any]]:
    """How many messages each intent has, which share is understood, and its F1."""
    rights: dict[str, list[bool]] = defaultdict(list)
    for each in answers:
        rights[each.asked.intent].append(each.is_right)
    return {
        intent: {
            "n": len(rights[intent]),
            "understood": share(rights[intent]),
            "f1": _f1(answers, intent),
        }
        for intent in sorted(rights)
    }


def macro_f1(answers: Sequence[Answered]) -> float:
    """The mean of the intents' F1, strictly judged."""
    intents = {each.asked.intent for each in answers}
    return round(statistics.fmean(_f1(answers, intent) for intent in intents), 4)


def calibration(answers: Sequence[Answered]) -> list[dict[str, float]]:
    """For each tenth of confidence, how often it was right: honest when both are alike."""
    rows = []
    for step in range(_STEPS):
        low, high = step / _STEPS, (step + 1) / _STEPS
        within = [each for each in answers if low < each.confidence <= high]
        if within:
            said = round(statistics.fmean(each.confidence for each in within), 3)
            right = share(each.is_right for each in within)
            rows.append({"up_to": high, "n": len(within), "confidence": said, "right": right})
    return rows


def entities(answers: Iterable[Answered]) -> dict[str, Any]:
    """F1 of values by kind and over all: `strict` wants the place, kind and value, all exactly.

    `lenient` wants kind and value, somewhere over the same words. Messages in which nobody marked
    the entities don't count.
    """
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    for each in answers:
        if each.asked.entities is not None:
            _count(tallies, each.asked.entities, each.found)
    total = sum(tallies.values(), Counter())
    kinds = {
        kind: {"n": tallies[kind]["meant"], **_f1_of_values(tallies[kind])}
        for kind in sorted(tallies)
    }
    return {"n": total["meant"], **_f1_of_values(total), "kinds": kinds}


def share(truths: Iterable[bool]) -> float:
    """The share of what is true; there must be something."""
    known = list(truths)
    return round(sum(known) / len(known), 4)


def _f1(answers: Sequence[Answered], intent: str) -> float:
    hits = sum(each.best == each.asked.intent == intent for each in answers)
    said = sum(each.best == intent for each in answers)
    meant = sum(each.asked.intent == intent for each in answers)
    return round(2 * hits / (said + meant), 4) if said + meant else 0.0


def _count(
    tallies: dict[str, Counter[str]], meant: Sequence[Value], found: Sequence[Value]
) -> None:
    for value in meant:
        tallies[value.entity]["meant"] += 1
        tallies[value.entity]["exact"] += value in found
        tallies[value.entity]["near"] += any(_is_near(value, other) for other in found)
    for value in found:
        if value.entity in _VALUES:
            tallies[value.entity]["found"] += 1


def _is_near(one: Value, other: Value) -> bool:
    overlap = one.start < other.end and other.start < one.end
    return overlap and (one.entity, one.value) == (other.entity, other.value)


def _f1_of_values(tally: Counter[str]) -> dict[str, float]:
    both = tally["meant"] + tally["found"]
    return {
        "strict": round(2 * tally["exact"] / both, 4) if both else 1.0,
        "lenient": round(2 * tally["near"] / both, 4) if both else 1.0,
    }

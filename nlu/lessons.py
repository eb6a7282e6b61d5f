"""What is the matter with the examples themselves: too few, taught twice, or too like others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union

from bot.components.tokenizer import NormalizingTokenizer
from nlu.messages import LANGUAGES, Asked

FEWEST, FEWEST_OF_A_FREQUENT_ONE = 30, 60
FREQUENT = frozenset({
    "order_status", "track_order", "delivery_late", "return_item", "exchange_item",
    "refund_status", "cancel_order", "complaint", "product_availability", "talk_to_human",
    "payment_issue", "sizing_help", "promo_code",
})  # fmt: skip
FEWEST_MEASURED = 15
_ROWS = 500  # examples compared with all others at once


@dataclass(frozen=True)
class Problem:
    """Something to mend before training: what it is, and the messages it is about."""

    what: str
    messages: tuple[str, ...]


def problems(taught: Sequence[Asked], measured: Sequence[Asked]) -> list[Problem]:
    """What stands in the way of learning or of honest measuring."""
    return [*_twice(taught), *_leaked(taught, measured), *_unmeasured(taught, measured)]


def short(taught: Iterable[Asked]) -> list[dict[str, Any]]:
    """Intents with too few examples in a language, those that lack most first."""
    counts = counted(taught)
    intents = sorted({intent for _, intent in counts})
    rows = []
    for intent in intents:
        needed = FEWEST_OF_A_FREQUENT_ONE if intent in FREQUENT else FEWEST
        for language in LANGUAGES:
            has = counts.get((language, intent), 0)
            if has < needed:
                rows.append({
                    "intent": intent, "language": language, "has": has, "needed": needed,
                })  # fmt: skip
    return sorted(rows, key=lambda row: row["has"] / row["needed"])


def counted(messages: Iterable[Asked]) -> dict[tuple[str, str], int]:
    """How many messages each language and intent has."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for each in messages:
        found[each.key] += 1
    return found


def near_duplicates(taught: Sequence[Asked], least: float) -> list[dict[str, Any]]:
    """Pairs of examples under two intents that are alike, the most alike first.

    Likeness is the cosine of their words and letters as the bot normalises them, 1.0 when the
    same; numbers count as their length.
    """
    cut = make_union(
        TfidfVectorizer(analyzer="word", token_pattern=r"(?u)\b\w+\b", sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True),
    )
    rows = cut.fit_transform([normalised(each.text) for each in taught])
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))).ravel()
    found = []
    for start in range(0, len(taught), _ROWS):
        alike = (rows[start : start + _ROWS] @ rows.T).tocoo()
        for row, other, dot in zip(alike.row, alike.col, alike.data, strict=True):
            one = start + int(row)
            likeness = dot / max(lengths[one] * lengths[other], 1e-9)
            if one < other and likeness >= least and taught[one].intent != taught[other].intent:
                found.append((float(likeness), taught[one], taught[int(other)]))
    found.sort(key=lambda pair: -pair[0])
    return [_pair(*each) for each in found]


_TOKENIZER = NormalizingTokenizer(NormalizingTokenizer.get_default_config())


def normalised(text: str) -> str:
    """The words of a text as the classifier sees them."""
    return " ".join(token.lemma for token in _TOKENIZER.tokenize(Message({TEXT: text}), TEXT))


def _pair(likeness: float, one: Asked, other: Asked) -> dict[str, Any]:
    return {
        "likeness": round(likeness, 3),
        "intents": [one.intent, other.intent],
        "languages": [one.language, other.language],
        "messages": [one.text, other.text],
    }


def _twice(taught: Sequence[Asked]) -> Iterator[Problem]:
    by_words: dict[str, list[Asked]] = defaultdict(list)
    for each in taught:
        by_words[normalised(each.text)].append(each)
    for alike in by_words.values():
        intents = sorted({each.intent for each in alike})
        if len(intents) > 1:
            texts = tuple(f"{each.intent}: {each.text}" for each in alike)
            yield Problem(f"the same words are taught as {' and '.join(intents)}", texts)


def _leaked(taught: Sequence[Asked], measured: Sequence[Asked]) -> Iterator[Problem]:
    texts = {_plain(each.text) for each in taught}
    leaked = tuple(each.text for each in measured if _plain(each.text) in texts)
    if leaked:
        yield Problem("messages to measure with are among the examples", leaked)


def _unmeasured(taught: Sequence[Asked], measured: Sequence[Asked]) -> Iterator[Problem]:
    counts = counted(measured)
    few = tuple(
        f"{intent} ({language}): {counts.get((language, intent), 0)}"
        for language, intent in sorted(counted(taught))
        if counts.get((language, intent), 0) < FEWEST_MEASURED
    )
    if few:
        yield Problem(f"fewer than {FEWEST_MEASURED} messages to measure with", few)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .!?…")

"""The regression report: how well each intent is understood, now and when it was last accepted."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from nlu import crossing, kept, markdown, scores
from nlu.messages import LANGUAGES, ROOT, Asked, own, taught
from nlu.pipeline import Answered

ACCEPTED = ROOT / "tests" / "bot" / "nlu_accepted.json"
WRITTEN = kept.FOLDER / "report"
SOURCES = ("cross", "own")
# A smaller change of an intent's share, or of fewer messages than two, says nothing.
_NOISE, _MESSAGES = 0.02, 1.5


def crossed() -> list[Answered]:
    """Every example, as what learnt from the others understands it."""
    messages = taught()
    return kept.answers("cross", messages, partial(crossing.crossed, messages))


def asked(messages: Sequence[Asked] | None = None) -> list[Answered]:
    """Our own messages, or others, as what learnt from every example understands them."""
    chosen = own() if messages is None else messages
    return kept.answers("own", chosen, partial(crossing.understood, taught(), chosen))


def report() -> dict[str, Any]:
    """Measure all there is, write it to var/nlu/report.json and .md, and give it."""
    across, of_own = crossed(), asked()
    found: dict[str, Any] = {
        "fingerprint": kept.fingerprint(),
        "cross": scores.of_languages(across),
        "own": scores.of_languages(of_own),
        "entities": scores.entities(of_own),
        "misunderstood": sorted(each.asked.text for each in of_own if not each.is_right),
        "understood": sorted(each.asked.text for each in of_own if each.is_right),
    }
    found["compared"] = compared(found, accepted())
    WRITTEN.parent.mkdir(parents=True, exist_ok=True)
    WRITTEN.with_suffix(".json").write_text(_json(found), encoding="utf-8")
    WRITTEN.with_suffix(".md").write_text(markdown.of_report(found), encoding="utf-8")
    return found


def accepted() -> dict[str, Any] | None:
    """What `accept` stored last; None before the first time."""
    if not ACCEPTED.exists():
        return None
    stored: dict[str, Any] = json.loads(ACCEPTED.read_text(encoding="utf-8"))
    return stored


def accept(found: dict[str, Any]) -> Path:
    """Store a report as what later ones are compared with."""
    stored = {name: value for name, value in found.items() if name != "compared"}
    ACCEPTED.write_text(_json(stored), encoding="utf-8")
    return ACCEPTED


def compared(now: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any] | None:
    """What changed against the accepted report: overall, by intent and language, and message."""
    if before is None:
        return None
    rows = [
        {"language": language, "intent": intent} | _changes(now, before, language, intent)
        for language in LANGUAGES
        for intent in _intents(now, before, language)
    ]
    return {
        "overall": [
            {"language": language, "source": source, "figure": figure}
            | _pair(before[source][language].get(figure), now[source][language].get(figure))
            for language in LANGUAGES
            for source in SOURCES
            for figure in ("lenient", "macro_f1", "in_scope_at_threshold", "out_of_scope_recall")
        ],
        "entities": _pair(before["entities"]["strict"], now["entities"]["strict"]),
        "intents": sorted(rows, key=lambda row: min(row["cross"]["change"], row["own"]["change"])),
        "worse": [_name(row) for row in rows if row["verdict"] == "worse"],
        "better": [_name(row) for row in rows if row["verdict"] == "better"],
        "now_misunderstood": sorted(set(now["misunderstood"]) & set(before["understood"])),
        "now_understood": sorted(set(now["understood"]) & set(before["misunderstood"])),
    }


def confusions(answers: Sequence[Answered]) -> list[dict[str, Any]]:
    """What was taken for what, the most frequent first, with the messages."""
    found: dict[tuple[str, str], list[Answered]] = defaultdict(list)
    for each in answers:
        if not each.is_right:
            found[each.asked.intent, each.best].append(each)
    return [
        {
            "meant": meant,
            "taken_for": taken,
            "n": len(of_pair),
            "messages": [
                {"text": each.asked.text, "language": each.asked.language, "sure": each.confidence}
                for each in sorted(of_pair, key=lambda each: -each.confidence)
            ],
        }
        for (meant, taken), of_pair in sorted(found.items(), key=lambda pair: -len(pair[1]))
    ]


def lookalikes(answers: Sequence[Answered], sure: float) -> list[dict[str, Any]]:
    """Examples that those of another intent claim for themselves, the surest first."""
    claimed = [each for each in answers if not each.is_right and each.confidence >= sure]
    return [
        {
            "text": each.asked.text,
            "language": each.asked.language,
            "taught_as": each.asked.intent,
            "looks_like": each.best,
            "sure": each.confidence,
        }
        for each in sorted(claimed, key=lambda each: -each.confidence)
    ]


def _changes(
    now: dict[str, Any], before: dict[str, Any], language: str, intent: str
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    marks = set()
    for source in SOURCES:
        new = now[source].get(language, {}).get("intents", {}).get(intent)
        old = before[source].get(language, {}).get("intents", {}).get(intent)
        found[source] = _pair(old and old["understood"], new and new["understood"])
        least = max(_NOISE, _MESSAGES / new["n"]) if new else _NOISE
        if old and new and abs(found[source]["change"]) >= least:
            marks.add("worse" if found[source]["change"] < 0 else "better")
    found["verdict"] = "mixed" if len(marks) > 1 else next(iter(marks), "same")
    return found


def _pair(before: float | None, now: float | None) -> dict[str, Any]:
    change = 0.0 if before is None or now is None else round(now - before, 4)
    return {"before": before, "now": now, "change": change}


def _intents(now: dict[str, Any], before: dict[str, Any], language: str) -> list[str]:
    named: Iterator[str] = (
        intent
        for each in (now, before)
        for source in SOURCES
        for intent in each[source].get(language, {}).get("intents", {})
    )
    return sorted(set(named))


def _name(row: dict[str, Any]) -> str:
    return f"{row['intent']} ({row['language']})"


def _json(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

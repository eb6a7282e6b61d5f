"""The regression report as a page to read or to attach to a change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_FIGURES = {
    "lenient": "understood",
    "macro_f1": "macro-F1",
    "in_scope_at_threshold": "ours, at the threshold",
    "out_of_scope_recall": "others', left out",
}
_SOURCES = {"cross": "cross-validation", "own": "our own messages"}


def of_report(report: dict[str, Any]) -> str:
    """The whole page."""
    return "\n".join(
        [
            "# How well the bot understands",
            "",
            f"Of the files with the fingerprint `{report['fingerprint']}`.",
            "",
            *_overall(report),
            "",
            *_entities(report["entities"]),
            "",
            *_intents(report),
            "",
            *_compared(report["compared"]),
            "",
        ]
    )


def _overall(report: dict[str, Any]) -> Iterator[str]:
    yield "| measured on | language | messages | " + " | ".join(_FIGURES.values()) + " |"
    yield "| --- | --- | --- | " + " | ".join("---" for _ in _FIGURES) + " |"
    for source, title in _SOURCES.items():
        for language, found in report[source].items():
            figures = " | ".join(_percent(found.get(figure)) for figure in _FIGURES)
            yield f"| {title} | {language} | {found['n']} | {figures} |"


def _entities(entities: dict[str, Any]) -> Iterator[str]:
    yield "| value | marked | F1, exact | F1, same value |"
    yield "| --- | --- | --- | --- |"
    for kind, found in [*entities["kinds"].items(), ("all", entities)]:
        exact, same = _percent(found["strict"]), _percent(found["lenient"])
        yield f"| {kind} | {found['n']} | {exact} | {same} |"


def _intents(report: dict[str, Any]) -> Iterator[str]:
    yield "| intent | language | examples | cross-validation | our own messages |"
    yield "| --- | --- | --- | --- | --- |"
    for language, found in report["cross"].items():
        own = report["own"].get(language, {}).get("intents", {})
        for intent, figures in found["intents"].items():
            measured = own.get(intent)
            yield (
                f"| {intent} | {language} | {figures['n']} | {_percent(figures['understood'])} "
                f"| {_percent(measured['understood']) if measured else '-'} |"
            )


def _compared(compared: dict[str, Any] | None) -> Iterator[str]:
    if compared is None:
        yield "Nothing was accepted before, so that there is nothing to compare with."
        return
    yield "## Against the last accepted run"
    yield ""
    yield f"Worse: {', '.join(compared['worse']) or 'none'}."
    yield ""
    yield f"Better: {', '.join(compared['better']) or 'none'}."
    for title, name in (("No longer", "now_misunderstood"), ("Newly", "now_understood")):
        if compared[name]:
            yield ""
            yield f"{title} understood:"
            yield ""
            yield from (f"- {text}" for text in compared[name])


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{100 * part:.1f} %"

"""What was found, as tables to read in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

_WIDE = 132  # where nobody's terminal says how wide it is
out = Console(highlight=False, emoji=False, width=None if Console().is_terminal else _WIDE)
_FIGURES = {
    "n": "messages",
    "lenient": "understood",
    "macro_f1": "macro-F1",
    "in_scope_at_threshold": "ours, answered",
    "out_of_scope_recall": "others', left out",
}
_SOURCES = {"cross": "cross-validation", "own": "our own messages"}
_VERDICTS = {
    "worse": "[red]worse[/]",
    "better": "[green]better[/]",
    "mixed": "[yellow]mixed[/]",
    "same": "",
}
_TOO_LITTLE = 0.0005  # a change that would be shown as 0.0


def overall(report: Mapping[str, Any]) -> None:
    """How well everything together is understood, and values found."""
    table = _table("", "language", *_FIGURES.values())
    for source, title in _SOURCES.items():
        for language, found in report[source].items():
            table.add_row(title, language, *_figures(found))
    for group, found in report.get("data", {}).items():
        language, tier = group.split("/", 1)
        table.add_row(f"your files, tier {tier}", language, *_figures(found))
    out.print(table)
    kinds = report["entities"]["kinds"]
    values = _table("value", "marked", "F1, exact", "F1, same value")
    for kind, found in [*kinds.items(), ("all", report["entities"])]:
        values.add_row(kind, str(found["n"]), _part(found["strict"]), _part(found["lenient"]))
    out.print(values)


def weakest(report: Mapping[str, Any], at_most: int) -> None:
    """The intents that are understood worst, where a new example helps most."""
    rows = sorted(
        (figures["understood"], intent, language, figures["n"])
        for language, found in report["cross"].items()
        for intent, figures in found["intents"].items()
    )
    table = _table("intent", "language", "examples", "cross-validation", "our own messages")
    for understood, intent, language, n in rows[:at_most]:
        own = report["own"].get(language, {}).get("intents", {}).get(intent)
        measured = _part(own["understood"]) if own else "-"
        table.add_row(intent, language, str(n), _part(understood), measured)
    out.print(f"\n[bold]The {at_most} weakest[/] [dim](all: var/nlu/report.md)[/]")
    out.print(table)


def compared(found: Mapping[str, Any] | None, every: bool) -> None:
    """What got better and worse against the last accepted run."""
    if found is None:
        out.print("Nothing was accepted before. `bin/nlu accept` stores this run.")
        return
    table = _table("measured on", "language", "figure", "accepted", "now", "change")
    for row in found["overall"]:
        named = _FIGURES[row["figure"]]
        table.add_row(_SOURCES[row["source"]], row["language"], named, *_changed(row))
    table.add_row("our own messages", "", "values, F1 exact", *_changed(found["entities"]))
    out.print(table)
    _intents([row for row in found["intents"] if every or row["verdict"] != "same"])
    _messages("No longer understood", found["now_misunderstood"])
    _messages("Newly understood", found["now_understood"])
    out.print(f"\n{len(found['worse'])} worse, {len(found['better'])} better.")


def confusions(rows: Sequence[Mapping[str, Any]], at_most: int, messages: int) -> None:
    """What was taken for what, with the messages."""
    for row in rows[:at_most]:
        pair = f"{row['meant']} [dim]taken for[/] {row['taken_for']}"
        out.print(f"[bold]{row['n']:>4}[/]  {pair}")
        for each in row["messages"][:messages]:
            shown = f"{each['language']} {each['sure']:.2f}"
            out.print(f"        [dim]{shown}[/]  {escape(each['text'])}")
    left = sum(row["n"] for row in rows[at_most:])
    if left:
        out.print(f"[dim]… and {left} more in {len(rows) - at_most} pairs (--limit)[/]")


def near_duplicates(rows: Sequence[Mapping[str, Any]], at_most: int) -> None:
    """Pairs of examples that two intents fight over."""
    table = _table("likeness", "intent", "example")
    for row in rows[:at_most]:
        for at in (0, 1):
            likeness = f"{row['likeness']:.2f}" if at == 0 else ""
            where = f"{row['intents'][at]} ({row['languages'][at]})"
            table.add_row(likeness, where, escape(row["messages"][at]), end_section=at == 1)
    out.print(table)
    out.print(f"{len(rows)} pairs.")


def lookalikes(rows: Sequence[Mapping[str, Any]], at_most: int) -> None:
    """Examples that look like another intent's."""
    table = _table("taught as", "looks like", "sure", "", "example")
    for row in rows[:at_most]:
        sure = f"{row['sure']:.2f}"
        table.add_row(
            row["taught_as"], row["looks_like"], sure, row["language"], escape(row["text"])
        )
    out.print(table)
    out.print(f"{len(rows)} examples. A right one stays; a wrong one moves or goes.")


def short(rows: Sequence[Mapping[str, Any]]) -> None:
    """Intents that want more examples."""
    if not rows:
        out.print("Every intent has enough examples in both languages.")
        return
    table = _table("intent", "language", "has", "needs")
    for row in rows:
        table.add_row(row["intent"], row["language"], str(row["has"]), str(row["needed"]))
    out.print(table)


def problems(rows: Sequence[Mapping[str, Any]], at_most: int) -> None:
    """What to mend, with the messages."""
    for row in rows:
        out.print(f"[red]✗[/] {escape(row['what'])}")
        for text in row["messages"][:at_most]:
            out.print(f"    {escape(text)}")


def _intents(rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        out.print("No intent changed.")
        return
    table = _table("intent", "", "", "accepted", "now", "change", "accepted", "now", "change")
    table.title = "understood in cross-validation, and of our own messages"
    for row in rows:
        verdict = _VERDICTS[row["verdict"]]
        changes = [*_changed(row["cross"]), *_changed(row["own"])]
        table.add_row(row["intent"], row["language"], verdict, *changes)
    out.print(table)


def _messages(title: str, texts: Sequence[str]) -> None:
    if texts:
        out.print(f"\n[bold]{title}[/]")
        for text in texts:
            out.print(f"    {escape(text)}")


def _changed(row: Mapping[str, Any]) -> list[str]:
    change = row["change"]
    colour = "red" if change < -_TOO_LITTLE else "green" if change > _TOO_LITTLE else "dim"
    return [_part(row["before"]), _part(row["now"]), f"[{colour}]{100 * change:+.1f}[/]"]


def _figures(found: Mapping[str, Any]) -> list[str]:
    return [str(found[each]) if each == "n" else _part(found.get(each)) for each in _FIGURES]


def _part(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table

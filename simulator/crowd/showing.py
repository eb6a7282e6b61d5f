"""The table, and the talks that went wrong, for whoever reads them in a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulator.crowd.goals import FOR_PEOPLE
from simulator.crowd.talk import Talk
from simulator.crowd.tally import Aim, Row, aims, ending, row, rows


def show(console: Console, talks: Sequence[Talk]) -> None:
    """Print the figures by goal, then the aims."""
    table = Table(
        box=None, pad_edge=False, padding=(0, 1), collapse_padding=True, header_style="bold"
    )
    table.add_column("goal", no_wrap=True)
    table.add_column("")
    for name in ("", "reached", "people", "complete", "lost", "wrong", "turns", "msgs"):
        table.add_column(name, justify="right")
    for goal, language, found in rows(talks):
        is_for_people = goal in FOR_PEOPLE
        table.add_row(goal, language, *_cells(found, is_for_people=is_for_people))
    table.add_section()
    table.add_row("all", "", *_cells(row(talks), is_for_people=False))
    console.print(table)
    console.print()
    for aim in aims(talks):
        console.print(_line(aim))


def show_talks(console: Console, talks: Sequence[Talk]) -> None:
    """Print talks line by line."""
    for talk in talks:
        title = f"{talk.plan.nth + 1}. {talk.goal} ({talk.plan.language}): {ending(talk)}"
        console.print(Text(title, style="bold"))
        for one in talk.wrong:
            console.print(Text(f"  ✗ {one}", style="red"))
        for line in talk.lines:
            mark = "›" if line.who == "shopper" else "‹"
            console.print(Text(f"  {mark} {line.text}"))
        console.print()


def _cells(found: Row, *, is_for_people: bool) -> list[str]:
    return [
        str(found.shoppers),
        "–" if is_for_people else str(found.reached),
        str(found.handed_over),
        str(found.complete),
        str(found.lost),
        str(found.wrong),
        "–" if found.turns is None else f"{found.turns:g}",
        "–" if found.billable is None else f"{found.billable:g}",
    ]


def _line(aim: Aim) -> Text:
    if aim.figure is None:
        figure = "nobody"
    else:
        figure = f"{aim.figure:.1%}" if "%" in aim.wanted else f"{aim.figure:g}"
    mark, style = ("✓", "green") if aim.is_met else ("✗", "red")
    return Text(f"{mark} {aim.name}: {figure} ({aim.wanted})", style=style)

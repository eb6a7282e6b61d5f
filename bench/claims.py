"""What the benches show: each claim with the figure that tells, and the limit or peer beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Claim:
    """A sentence, and where the bench's line has the figures that bear it out.

    Paths are dotted. What is judged is the ratio where there is one, else the figure itself.
    """

    says: str
    figure: str
    unit: str = ""
    peer: str | None = None
    peer_name: str = ""
    ratio: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    where: tuple[str, str] | None = None
    """Of several lines, the one that has this value under this name."""


@dataclass(frozen=True)
class Bench:
    """A script of this folder, and how it is run."""

    name: str
    module: str
    claims: Sequence[Claim]
    usual: Sequence[str] = ()
    short: Sequence[str] = ()
    python: str = ""
    """Another environment than this one."""

    def command(self, *, is_short: bool, this_python: str) -> list[str]:
        """What is run, from the root of the project."""
        options = self.short if is_short else self.usual
        python = [str(ROOT / self.python), "-W", "ignore"] if self.python else [this_python]
        return [*python, "-m", self.module, *options]


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    bench: str
    claim: str
    figure: str = "–"
    limit: str = "–"
    ratio: float | None = None
    holds: bool | None = None
    """None: nothing is promised, or nothing was measured."""
    failed: str | None = None
    """Why there is no figure."""

    def as_json(self) -> dict[str, Any]:
        """The row under its columns' names."""
        return dict(vars(self))


def rows(bench: Bench, lines: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The table's lines of what a bench printed; a figure that isn't there is a failure told."""
    return [_row(bench, claim, lines) for claim in bench.claims]


def failed(bench: Bench, why: str) -> list[Row]:
    """The table's line of a bench that measured nothing."""
    return [Row(bench.name, claim.says, failed=why) for claim in bench.claims]


def _row(bench: Bench, claim: Claim, lines: Sequence[Mapping[str, Any]]) -> Row:
    line = _line(claim, lines)
    figure = _at(line, claim.figure)
    if figure is None:
        return Row(bench.name, claim.says, failed=f"no figure {claim.figure}")
    ratio = _at(line, claim.ratio) if claim.ratio else None
    return Row(
        bench.name,
        claim.says,
        figure=_shown(figure, claim.unit),
        limit=_limit(claim, line),
        ratio=ratio,
        holds=_holds(claim, figure if claim.ratio is None else ratio),
    )


def _line(claim: Claim, lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    if claim.where is None:
        return lines[-1] if lines else {}
    name, value = claim.where
    return next((line for line in lines if line.get(name) == value), {})


def _at(line: Any, path: str) -> Any:
    for name in path.split("."):
        line = line.get(name) if isinstance(line, Mapping) else None
    return line


def _limit(claim: Claim, line: Mapping[str, Any]) -> str:
    parts = []
    if claim.peer is not None:
        beside = _at(line, claim.peer)
        parts.append(f"{'–' if beside is None else _shown(beside, claim.unit)} {claim.peer_name}")
    times = "×" if claim.ratio else ""
    unit = "" if claim.ratio else claim.unit
    if claim.at_least is not None:
        parts.append(f"≥ {_shown(claim.at_least, unit)}{times}")
    if claim.at_most is not None:
        parts.append(f"≤ {_shown(claim.at_most, unit)}{times}")
    return ", ".join(part.strip() for part in parts) or "–"


def _holds(claim: Claim, judged: Any) -> bool | None:
    if claim.at_least is None and claim.at_most is None:
        return None
    if judged is None:
        return False
    is_enough = claim.at_least is None or judged >= claim.at_least
    return is_enough and (claim.at_most is None or judged <= claim.at_most)


def _shown(figure: Any, unit: str) -> str:
    if isinstance(figure, list):
        return ", ".join(map(str, figure)) or "none"
    number = f"{figure:,}" if isinstance(figure, int) else f"{figure:,.4g}"
    return f"{number} {unit}".strip()

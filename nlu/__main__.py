"""What `bin/nlu` asks for, computed in the bot's environment: one JSON document on the output."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa.utils.log_utils import configure_structlog

from nlu import lessons, report, scores
from nlu.messages import own, read, taught


def main() -> None:
    """Run one verb."""
    configure_structlog(logging.ERROR)
    logging.getLogger("rasa").setLevel(logging.ERROR)
    chosen = _parser().parse_args()
    json.dump(_VERBS[chosen.verb](chosen), sys.stdout, ensure_ascii=False)
    print()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nlu", description=__doc__)
    parser.add_argument("verb", choices=_VERBS)
    parser.add_argument("--data", type=Path, nargs="+", default=[])
    parser.add_argument("--source", choices=report.SOURCES, default="cross")
    parser.add_argument("--least", type=float, default=0.8)
    parser.add_argument("--sure", type=float, default=0.5)
    return parser


def _problems(_chosen: argparse.Namespace) -> Any:
    found = lessons.problems(taught(), own())
    return [{"what": each.what, "messages": each.messages} for each in found]


def _evaluate(chosen: argparse.Namespace) -> Any:
    found = report.report()
    if chosen.data:
        found["data"] = _tiers(chosen.data)
    return found


def _tiers(paths: list[Path]) -> dict[str, dict[str, Any]]:
    answers = report.asked(read(paths))
    groups = sorted(
        {(each.asked.language, tier) for each in answers for tier in ("all", each.asked.tier)}
    )
    return {
        f"{language}/{tier}": scores.overall(
            [
                each
                for each in answers
                if each.asked.language == language and tier in {"all", each.asked.tier}
            ]
        )
        for language, tier in groups
    }


def _accept(_chosen: argparse.Namespace) -> Any:
    found = report.report()
    report.accept(found)
    return found


def _confusions(chosen: argparse.Namespace) -> Any:
    return report.confusions(report.crossed() if chosen.source == "cross" else report.asked())


_VERBS: dict[str, Callable[[argparse.Namespace], Any]] = {
    "problems": _problems,
    "evaluate": _evaluate,
    "accept": _accept,
    "confusions": _confusions,
    "near-duplicates": lambda chosen: lessons.near_duplicates(taught(), chosen.least),
    "lookalikes": lambda chosen: report.lookalikes(report.crossed(), chosen.sure),
    "short": lambda _chosen: lessons.short(taught()),
}

if __name__ == "__main__":
    main()

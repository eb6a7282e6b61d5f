"""Hours of everything going wrong: real processes under load, killed, frozen, cut and starved.

Rounds of two minutes, each with new shoppers and followed by quiet, in which the books must
balance (docs/faults.md). Prints what it does as it goes, and one JSON line in the end; exits with
1 when anything was lost, doubled, mixed up or sent without an owner.
"""

import argparse
import json
import random
import sys
import time

from tests.e2e.faults import stage
from tests.e2e.faults.rounds import WRONG, Run

_ROUND = 120.0  # seconds of trouble


def main() -> int:
    """Torment a desk for as long as asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=5, help="at least, of trouble and quiet")
    options.add_argument("--seed", type=int, help="of the dice; one is drawn otherwise")
    options.add_argument("--per-second", type=float, default=5, help="messages of shoppers")
    chosen = options.parse_args()
    seed = random.randrange(1_000_000) if chosen.seed is None else chosen.seed
    print(f"seed {seed}", file=sys.stderr)
    dice = random.Random(seed)
    with stage.opened(dice) as opened:
        until = time.monotonic() + 60 * chosen.minutes
        run = Run(opened, dice, lambda told: print(told, file=sys.stderr, flush=True))
        while (left := until - time.monotonic()) > 0:
            run.round(min(_ROUND, max(left, 10)), chosen.per_second)
        figures = {"seed": seed} | run.figures()
    for sentence in run.found.sentences:
        print(sentence, file=sys.stderr)
    print(json.dumps(figures))
    return int(any(figures[name] for name in WRONG))


if __name__ == "__main__":
    sys.exit(main())

"""Minutes of everything going wrong at once; `python -m bench.faults` does it for hours."""

import os
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.faults import stage
from tests.e2e.faults.crowd import Role
from tests.e2e.faults.rounds import WRONG, Run

SECONDS = float(os.environ.get("BALCAO_FAULTS_SECONDS", "90"))
SEED = int(os.environ.get("BALCAO_FAULTS_SEED", "7"))
Accepted = list[dict[str, Any]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """A round of trouble, and the quiet after it, on a desk that is still there."""
    say = print  # shown with a test that failed
    say(f"seed {SEED}")
    dice = random.Random(SEED)
    with stage.opened(dice) as opened:
        done = Run(opened, dice, say)
        done.round(SECONDS)
        say(str(done.figures()))
        yield done


def test_whatever_goes_wrong_nothing_is_lost_doubled_or_mixed_up(run: Run) -> None:
    figures = run.figures()
    assert {name: figures[name] for name in WRONG} == dict.fromkeys(WRONG, 0), "\n".join(
        run.found.sentences[:40]
    )
    assert figures["messages"] > SECONDS, "there was load"
    assert figures["troubles"] > SECONDS / 30, "and trouble"
    assert figures["promises"] > 0, "and promises came due"


def _without_one(record: Accepted, key: str) -> Accepted:
    gone = next(one for one in record if one["shopper"] == key)
    return [one for one in record if one is not gone]


def _with_one_again(record: Accepted, key: str) -> Accepted:
    return [*record, next(one for one in record if one["shopper"] == key)]


def _with_two_swapped(record: Accepted, key: str) -> Accepted:
    first, second = [one for one in record if one["shopper"] == key][:2]
    other = {id(first): second, id(second): first}
    return [other.get(id(one), one) for one in record]


def _with_a_strange_one(record: Accepted, key: str) -> Accepted:
    one = next(one for one in record if one["shopper"] == key)
    return [*record, {**one, "biz_opaque_callback_data": "balcao:999999999"}]


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (_without_one, "lost"),
        (_with_one_again, "sends_without_owner"),
        (_with_two_swapped, "out_of_order"),
        (_with_a_strange_one, "sends_without_owner"),
    ],
)
def test_the_books_notice(run: Run, spoil: Callable[[Accepted, str], Accepted], kind: str) -> None:
    talker = next(guest for guest in run.guests if guest.role is Role.TALKS)
    before = run.books(run.record).counts[kind]
    assert run.books(spoil(run.record, talker.shopper.key)).counts[kind] > before

"""The memory of seconds: who is asked, how often, and what is forgotten."""

import asyncio

import pytest

from order_system.cache import RecentAnswers


class Oracle:
    """Counts its questions, and answers when it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self) -> int:
        self.asked += 1
        self.is_asked.set()
        await self.may_answer.wait()
        return self.asked


async def test_an_old_answer_is_asked_for_again() -> None:
    answers: RecentAnswers[int] = RecentAnswers(seconds=0, size=10)
    oracle = Oracle()
    assert await answers.get("a", oracle) == 1
    assert await answers.get("a", oracle) == 2


async def test_the_oldest_answer_makes_room() -> None:
    answers: RecentAnswers[int] = RecentAnswers(seconds=60, size=2)
    oracle = Oracle()
    for key in "abc":
        await answers.get(key, oracle)
    assert await answers.get("c", oracle) == 3
    assert await answers.get("b", oracle) == 2
    assert await answers.get("a", oracle) == 4


async def test_one_who_leaves_takes_the_answer_from_nobody() -> None:
    answers: RecentAnswers[int] = RecentAnswers(seconds=60, size=2)
    oracle = Oracle()
    oracle.may_answer.clear()
    leaving = asyncio.create_task(answers.get("a", oracle))
    staying = asyncio.create_task(answers.get("a", oracle))
    await oracle.is_asked.wait()
    leaving.cancel()
    oracle.may_answer.set()
    assert await staying == 1
    assert leaving.cancelled()


async def test_a_failure_reaches_all_who_wait_and_is_forgotten() -> None:
    answers: RecentAnswers[int] = RecentAnswers(seconds=60, size=2)

    async def fail() -> int:
        await asyncio.sleep(0)
        raise LookupError

    outcomes = await asyncio.gather(
        answers.get("a", fail), answers.get("a", fail), return_exceptions=True
    )
    assert all(isinstance(outcome, LookupError) for outcome in outcomes)
    assert await answers.get("a", Oracle()) == 1


async def test_closing_ends_what_is_being_asked() -> None:
    answers: RecentAnswers[int] = RecentAnswers(seconds=60, size=2)
    oracle = Oracle()
    oracle.may_answer.clear()
    waiting = asyncio.create_task(answers.get("a", oracle))
    await oracle.is_asked.wait()
    await answers.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting

"""Answers remembered for a few seconds, each question asked once at a time."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class RecentAnswers(Generic[Answer]):
    """A bounded memory for one event loop; failures are told to all who wait, never kept."""

    def __init__(self, seconds: float, size: int) -> None:
        self._seconds = seconds
        self._size = size
        self._answers: OrderedDict[Hashable, tuple[float, Answer]] = OrderedDict()
        self._asking: dict[Hashable, asyncio.Task[Answer]] = {}
        self._forgotten = 0

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer to `key`: remembered, or being asked already, or asked now with `ask`."""
        known = self._answers.get(key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        task = self._asking.get(key)
        if task is None:
            task = asyncio.ensure_future(self._ask(key, ask))
            self._asking[key] = task
            task.add_done_callback(_look_at_outcome)
        # Shielded: one shopper who hangs up must not take the answer from the others.
        return await asyncio.shield(task)

    def forget(self) -> None:
        """Remember nothing of what was asked so far, nor of what is being asked."""
        self._answers.clear()
        self._asking.clear()
        self._forgotten += 1

    async def aclose(self) -> None:
        """Stop asking and forget everything."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._answers.clear()

    async def _ask(self, key: Hashable, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        forgotten = self._forgotten
        try:
            answer = await ask()
        finally:
            if forgotten == self._forgotten:
                del self._asking[key]
        if forgotten != self._forgotten:
            return answer
        self._answers[key] = (time.monotonic() + self._seconds, answer)
        self._answers.move_to_end(key)
        while len(self._answers) > self._size:
            self._answers.popitem(last=False)
        return answer


def _look_at_outcome(task: "asyncio.Task[Answer]") -> None:
    # Where everybody who waited has gone, asyncio would complain of a failure nobody saw.
    if not task.cancelled():
        task.exception()

"""How often an address may offer a wrong key."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

WRONG_A_MINUTE = 10
_MINUTE = 60.0
_ADDRESSES = 1000


class Guesses:
    """Remembers the wrong keys of the last minute, by address, in this process."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def may_try(self, address: str) -> bool:
        """Whether this address has tries left."""
        recent = self._wrong.get(address)
        if recent is None:
            return True
        while recent and recent[0] <= self._elapsed() - _MINUTE:
            recent.popleft()
        return len(recent) < WRONG_A_MINUTE

    def was_wrong(self, address: str) -> None:
        """Note a wrong key."""
        self._wrong.setdefault(address, deque()).append(self._elapsed())
        self._wrong.move_to_end(address)
        while len(self._wrong) > _ADDRESSES:
            self._wrong.popitem(last=False)

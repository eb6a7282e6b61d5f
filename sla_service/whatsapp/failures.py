"""What the Graph API's errors mean for us: try again, stop, use a template, or give up."""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any


class FailureClass(StrEnum):
    """What to do about a send that was refused."""

    RETRY = "retry"
    SLOW_DOWN = "slow_down"
    """The whole number sends too fast: hold everything of it for a while."""
    RETRY_RECIPIENT = "retry_recipient"
    """This contact gets too much at once; others are not concerned."""
    UNSETTLED = "unsettled"
    """It may have been sent: a status will tell, a blind resend would say it twice."""
    STOP_ACCOUNT = "stop_account"
    """Nothing of this number can be sent until a person has looked."""
    NEEDS_TEMPLATE = "needs_template"
    PERMANENT = "permanent"


@dataclass(eq=False)
class Failure(Exception):
    """A send that Meta did not accept, or of which nothing was heard.

    `code` is Meta's error code; None when there was no readable answer.
    """

    kind: FailureClass
    code: int | None
    detail: str
    retries: int = 8
    """How often it is worth trying in all."""

    def as_json(self) -> dict[str, Any]:
        """What the thread shows of it."""
        return {"class": self.kind.value, "code": self.code, "detail": self.detail}

    def delay(self, attempts: int) -> timedelta:
        """How long to wait after the `attempts`-th failure (from 1)."""
        if self.kind is FailureClass.RETRY_RECIPIENT:
            return timedelta(seconds=min(4 ** min(attempts - 1, 6), 3600))
        if self.code in _MINUTES:
            return timedelta(minutes=min(2 ** min(attempts - 1, 6), 60))
        base = 60.0 if self.code == _MAINTENANCE else min(2 ** min(attempts - 1, 6), 60)
        return timedelta(seconds=base * random.uniform(0.75, 1.25))  # noqa: S311 - jitter


def classify(code: int | None, http_status: int, detail: str) -> Failure:
    """The failure that a refusing answer of the Graph API is."""
    if code is None:
        kind = FailureClass.UNSETTLED if http_status >= 500 else FailureClass.PERMANENT
        return Failure(kind, None, detail)
    for kind, codes in _CLASSES.items():
        if code in codes:
            return Failure(kind, code, detail, _RETRIES.get(code, 8))
    if http_status >= 500:
        return Failure(FailureClass.RETRY, code, detail)
    return Failure(FailureClass.PERMANENT, code, detail)


def may_pass(code: int) -> bool:
    """Whether what failed for this reason may succeed in a while, unchanged."""
    return any(code in _CLASSES[kind] for kind in _PASSING) or code == _PAUSED


_PAUSED = 132015  # a template that readers disliked, for some hours
_PASSING = (FailureClass.RETRY, FailureClass.SLOW_DOWN, FailureClass.RETRY_RECIPIENT)
_MAINTENANCE = 131057
_MINUTES = frozenset({4, 80007})
# A day of being away for everybody: the window of most that is owed ends before that.
LASTING = 1500
_RETRIES = {1: 2, 131000: 3, 2: LASTING, 131016: LASTING, 133004: LASTING, _MAINTENANCE: LASTING}
_CLASSES: dict[FailureClass, frozenset[int]] = {
    FailureClass.STOP_ACCOUNT: frozenset(
        {0, 3, 10, 33, 190, 368, 131005, 131031, 131037, 131042, 131045, 133010}
        | set(range(200, 300))
    ),
    FailureClass.SLOW_DOWN: frozenset({4, 80007, 130429}),
    FailureClass.RETRY_RECIPIENT: frozenset({131056}),
    FailureClass.RETRY: frozenset({1, 2, 131000, 131016, _MAINTENANCE, 133004}),
    FailureClass.NEEDS_TEMPLATE: frozenset({131047}),
}

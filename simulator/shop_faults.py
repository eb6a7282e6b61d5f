"""What the demo shop's API does wrong on purpose, for a while or for some requests."""

import time
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["down", "slow", "malformed", "refuse", "lost"]


class ShopFault(BaseModel):
    """A kind of trouble; it ends after `seconds` or `count` requests, or when it is taken back."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    seconds: float | None = Field(default=None, gt=0, le=86_400)
    count: int | None = Field(default=None, ge=1, le=1_000_000)
    delay: float = Field(default=6.0, gt=0, le=60, description="how slow `slow` is, in seconds")


@dataclass
class ShopFaults:
    """The trouble of the moment; a new one takes the place of the old."""

    _fault: ShopFault | None = None
    _until: float | None = None
    _left: int | None = None

    def put(self, fault: ShopFault) -> None:
        self._fault = fault
        self._until = time.monotonic() + fault.seconds if fault.seconds is not None else None
        self._left = fault.count

    def clear(self) -> None:
        self._fault = None

    def now(self) -> ShopFault | None:
        """The fault in force, if any."""
        if self._until is not None and time.monotonic() >= self._until:
            self._fault = None
        if self._left == 0:
            self._fault = None
        return self._fault

    def take(self) -> ShopFault | None:
        """The fault this request meets, counted off."""
        fault = self.now()
        if fault is not None and self._left is not None:
            self._left -= 1
        return fault

    def as_json(self) -> dict[str, Any]:
        """The fault in force, with what is left of it."""
        fault = self.now()
        if fault is None:
            return {"kind": None, "seconds_left": None, "count_left": None}
        left = None if self._until is None else round(self._until - time.monotonic(), 1)
        return {"kind": fault.kind, "seconds_left": left, "count_left": self._left}

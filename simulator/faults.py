"""What goes wrong on purpose, until its count is used up."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.refusals import GraphError, expired_token
from simulator.shoppers import Shopper

Kind = Literal[
    "rate_limit",
    "pair_limit",
    "window",
    "undeliverable",
    "unavailable",
    "server_error",
    "timeout_after_accept",
    "reset_after_accept",
    "expired_token",
    "error",
]

_CODES: dict[str, int] = {
    "rate_limit": 130429,
    "pair_limit": 131056,
    "window": 131047,
    "undeliverable": 131026,
    "unavailable": 131016,
}


class Fault(BaseModel):
    """One kind of trouble for the next `count` requests (for good without a count)."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    count: int | None = Field(default=1, ge=1)
    to: str | None = None
    on: Literal["messages", "read", "media"] = "messages"
    via: Literal["response", "status"] = "response"
    code: int | None = None
    seconds: float = Field(default=30, ge=0)

    def refusal(self) -> GraphError | None:
        """The error this fault answers with, if it is one with a code."""
        if self.kind == "expired_token":
            return expired_token()
        code = self.code if self.code is not None else _CODES.get(self.kind)
        return GraphError(code) if code is not None else None


class Habits(BaseModel):
    """How webhooks misbehave, within what Meta allows itself."""

    model_config = ConfigDict(extra="forbid")

    duplicate: int = Field(default=0, ge=0, le=20, description="copies after a success")
    batch: int = Field(default=1, ge=1, le=1000, description="updates in one POST at most")
    shuffle_statuses: bool = False
    skip_delivered: bool = False
    escape_unicode: bool | None = None
    is_paused: bool = False


class Faults:
    """The trouble ahead."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.habits = Habits()

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()
        self.habits = Habits()

    def take(self, on: str, shopper: Shopper | None = None) -> Fault | None:
        """Use up one of the first fault that fits, and return it."""
        for fault in self.waiting:
            if fault.on != on:
                continue
            if fault.to is not None and (shopper is None or not shopper.answers_to(fault.to)):
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count == 0:
                    self.waiting.remove(fault)
            return fault
        return None

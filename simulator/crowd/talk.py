"""A talk as it went: what was written and heard, and how the shop and the desk stand after it."""

from dataclasses import dataclass, field
from typing import Any

from simulator.crowd.fitting import Plan
from simulator.crowd.goals import Goal
from simulator.crowd.hearing import Said
from simulator.world import Json


@dataclass
class Line:
    """One line of the transcript."""

    who: str
    text: str


@dataclass
class Talk:
    """Everything about one shopper's talk."""

    plan: Plan
    before: Json | None
    """The order's page at the shop before the talk; None: they have no order."""
    after: Json | None = None
    heard: list[Said] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    messages: int = 0
    """What the desk sent, each of which may be billed."""
    turns: int = 0
    """How often the shopper wrote."""
    conversation: Json | None = None
    handoff: Json | None = None
    wrong: list[str] = field(default_factory=list)
    gave_up: bool = False
    trouble: str = ""

    @property
    def goal(self) -> Goal:
        return self.plan.wish.goal

    @property
    def order(self) -> str | None:
        """The number of their order."""
        return str(self.before["number"]) if self.before else None

    @property
    def page(self) -> dict[str, Any]:
        """The order's page as it is now."""
        return self.after or self.before or {}

    @property
    def text(self) -> str:
        """All that was heard."""
        return "\n".join(one.text for one in self.heard)

    @property
    def is_with_people(self) -> bool:
        """Whether people hold the conversation."""
        return self.conversation is not None and self.conversation["owner"] != "bot"

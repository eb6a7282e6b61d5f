"""How the demo shop says no: a reason, an advice, and the facts of it."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """The shop doesn't do it."""

    def __init__(
        self,
        code: str,
        advice: str | None = None,
        facts: Mapping[str, str] | None = None,
        *,
        also: tuple[str, ...] = (),
        status: int = 409,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.advice = advice
        self.facts = dict(facts or {})
        self.also = also
        self.status = status


def refusal_answer(refused: Refused) -> dict[str, Any]:
    """The no as `order_system/openapi.yaml` describes it."""
    return {
        "code": refused.code,
        "advice": refused.advice,
        "facts": refused.facts,
        "also": list(refused.also),
    }

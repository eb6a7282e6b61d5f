"""What each shopper of a crowd wants, read from the lines of a goals file."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

Goal = Literal[
    "track_order",
    "order_late",
    "return_regret",
    "return_defect",
    "exchange_size",
    "refund_status",
    "cancel_before_dispatch",
    "cancel_after_dispatch",
    "change_address",
    "size_advice",
    "size_chart",
    "stock",
    "payment_twice",
    "pix_expired",
    "invoice",
    "promo",
    "hours",
    "fraud",
    "complaint",
    "human",
]
GOALS: tuple[Goal, ...] = get_args(Goal)
FOR_PEOPLE: frozenset[Goal] = frozenset({"payment_twice", "fraud", "complaint", "human"})
"""Goals that only people can reach: the desk does well to bring them there with everything."""


def _language(value: object) -> object:
    """`pt-BR` and `en_GB` are languages too."""
    return value[:2].lower() if isinstance(value, str) else value


def _texts(value: object) -> object:
    """Follow-ups that are words; a list stands for its first, a number for its digits."""
    if not isinstance(value, dict):
        return {} if value is None else value
    firsts = {key: one[0] if isinstance(one, list) and one else one for key, one in value.items()}
    said = {key: one for key, one in firsts.items() if isinstance(one, str | int | float)}
    return {key: str(one) for key, one in said.items() if one != "" and not isinstance(one, bool)}


class Wish(BaseModel):
    """One shopper: what they want, how they begin, and what they say when they are asked."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    lang: Annotated[Literal["pt", "en"], BeforeValidator(_language)]
    goal: Goal
    opening: Annotated[str, Field(min_length=1)]
    follow_ups: Annotated[dict[str, str], BeforeValidator(_texts)] = {}

    def follow_up(self, *names: str) -> str | None:
        """What they say when they are asked for this, by any of its names."""
        return next((self.follow_ups[name] for name in names if name in self.follow_ups), None)


class BadGoals(Exception):
    """The goals file can't be read."""


def read(path: Path) -> list[Wish]:
    """All shoppers of a file, one JSON object a line; empty lines are passed over."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadGoals(f"{path}: {error}") from None
    wishes = [_wish(path, nth, line) for nth, line in enumerate(lines, start=1) if line.strip()]
    if not wishes:
        raise BadGoals(f"{path}: nobody is in it")
    return wishes


def _wish(path: Path, nth: int, line: str) -> Wish:
    try:
        found: Any = json.loads(line)
        return Wish.model_validate(found)
    except json.JSONDecodeError as error:
        raise BadGoals(f"{path}, line {nth}: {error.msg}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the line"
        raise BadGoals(f"{path}, line {nth}: {where}: {first['msg']}") from None

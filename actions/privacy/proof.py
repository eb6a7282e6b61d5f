"""That a contact is who they seem: they hold the phone, and know something of their purchases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from actions.talk import orders
from actions.talk.turn import Turn
from order_system.model import Order
from order_system.phones import same_phone
from order_system.protocol import OrderSystem

_FILE = Path(__file__).parents[2] / "data" / "privacy" / "proof.yml"


@dataclass(frozen=True)
class Rules:
    """What the shop accepts, as `data/privacy/proof.yml` says."""

    accepts: frozenset[str]
    tries: int
    trusts_phone_alone: bool
    """Of who has bought nothing, whom the phone's owner is taken for."""


@cache
def rules() -> Rules:
    """The shop's rules. Raises ValueError when the file asks for something else."""
    raw: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["proof"]
    accepts = frozenset(raw["accepts"])
    known = accepts <= {"email", "last_order"} and set(raw) == _NAMES
    if not known or not accepts or int(raw["tries"]) < 1 or raw["without_orders"] not in _OTHERWISE:
        raise ValueError(f"{_FILE.name}: accepts email or last_order, tries, without_orders")
    return Rules(accepts, int(raw["tries"]), raw["without_orders"] == "phone")


async def purchases(system: OrderSystem, phone: str) -> Sequence[Order]:
    """The orders of this telephone, newest first."""
    found = await system.by_phone(phone, limit=orders.MOST_ASKED)
    return [order for order in found if same_phone(order.contact.phone, phone)]


def holds(turn: Turn, bought: Sequence[Order]) -> bool:
    """Whether what a message gives is what the shop knows of these orders."""
    accepted = rules().accepts
    email = turn.email if "email" in accepted else None
    if email and any(orders.has_email(order, email) for order in bought):
        return True
    number = turn.order_number if "last_order" in accepted else None
    return bool(number and bought) and orders.number_of(bought[0]) == number


_NAMES = {"accepts", "tries", "without_orders"}
_OTHERWISE = frozenset({"phone", "people"})

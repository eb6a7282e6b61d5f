"""What the actions talk to: the desk and the shop's order system, connected when first needed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache

from actions.talk.desk import Desk
from order_system.protocol import OrderSystem
from order_system.rest import RestOrderSystem


@dataclass(frozen=True)
class Outside:
    """The two services that an action may ask."""

    desk: Desk
    orders: OrderSystem


@cache
def connect() -> Outside:
    """The services that the environment names, or those of a desk on this machine.

    Without a token both services refuse, which the shopper hears as an honest sentence.
    """
    return Outside(
        desk=Desk(
            os.environ.get("DESK_URL") or "http://127.0.0.1:8000",
            os.environ.get("DESK_SERVICE_TOKEN") or "unset",
        ),
        orders=RestOrderSystem(
            os.environ.get("ORDER_SYSTEM_URL") or "http://127.0.0.1:8090/shop/api",
            os.environ.get("ORDER_SYSTEM_TOKEN") or "unset",
        ),
    )

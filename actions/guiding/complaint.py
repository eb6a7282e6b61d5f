"""What is known of a complaint, and what people get to read of it; kept in the slot `flow`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk import choosing, flows, orders
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import dates, grievances
from actions.wording.pieces import described
from order_system.model import Order, OrderState
from order_system.phones import same_phone
from order_system.protocol import OrderSystemError

FLOW = "complaint"
_LONGEST_WORDS = 400
_HERE = frozenset({OrderState.DELIVERED, OrderState.RETURNED})
_ABOUT = {"damaged": _HERE, "quality": _HERE, "wrong_item": _HERE, "delay": orders.PROMISED}


@dataclass(frozen=True)
class Complaint:
    """`said` is what happened in the shopper's own words; `offered` are orders by number, with
    the names by which one may be picked."""

    topic: str | None = None
    said: str = ""
    order: str | None = None
    item: str = ""
    files: int = 0
    step: str = ""
    offered: dict[str, str] = field(default_factory=dict)

    def hearing(self, turn: Turn) -> Complaint:
        """With the words and the files of this message."""
        words = "" if turn.text.startswith("/") else turn.words.strip()  # "/send_media" says none
        said = " ".join(part for part in (self.said, words) if part)
        topic = self.topic or (None if turn.is_button else grievances.topic_in(turn.text))
        return replace(
            self,
            topic=topic,
            said=said[:_LONGEST_WORDS],
            files=self.files + (turn.media_kind is not None),
        )

    def about(self, order: Order, text: str) -> Complaint:
        """With its order, and the item where it is clear which one."""
        return replace(self, order=orders.number_of(order), item=_item_of(order, text))

    def told(self, language: str) -> dict[str, str]:
        """What is known, in words for people."""
        known = {
            "order_number": self.order or "",
            "item": self.item,
            "complaint": grievances.title(self.topic, language),
            "what_happened": self.said,
            "files": str(self.files) if self.files else "",
        }
        return {name: words for name, words in known.items() if words}

    def asking(self, turn: Turn, step: str, offered: Mapping[str, str]) -> list[EventType]:
        """Remember it while its one question is open."""
        asked = replace(self, step=step, offered=dict(offered))
        flow = {"name": FLOW, "told": self.told(turn.language), "complaint": asdict(asked)}
        return [
            SlotSet("flow", {**flow, flows.CALLS_PEOPLE: True}),
            SlotSet("pending", flows.PENDING),
            SlotSet("failed_attempts", 0),
        ]


def remembered(turn: Turn) -> Complaint:
    """The complaint that is being talked about."""
    kept: dict[str, Any] = turn.flow["complaint"]
    return Complaint(**kept)


async def with_order(
    turn: Turn, outside: Outside, complaint: Complaint
) -> tuple[Complaint, Sequence[Order]]:
    """The complaint with its order; else the contact's orders that it may be about.

    People get it whatever the shop's system answers, so that its silence is no reason to stop.
    """
    try:
        return await _looked_up(turn, outside, complaint)
    except OrderSystemError:
        return replace(complaint, order=turn.order_number), ()


async def _looked_up(
    turn: Turn, outside: Outside, complaint: Complaint
) -> tuple[Complaint, Sequence[Order]]:
    number = turn.order_number or turn.shown_order
    if number:
        order = await outside.orders.by_number(number)
        if order and orders.belongs_to(order, turn.phone, turn.proven_orders):
            return complaint.about(order, complaint.said), ()
        return replace(complaint, order=number), ()
    fitting = await _fitting(turn, outside, complaint.topic)
    names = {orders.number_of(order): _names(order) for order in fitting}
    named = choosing.named(complaint.said, names) if len(fitting) > 1 else None
    clear = [order for order in fitting if named in {None, orders.number_of(order)}]
    if len(clear) == 1:
        return complaint.about(clear[0], complaint.said), ()
    return complaint, fitting


async def _fitting(turn: Turn, outside: Outside, topic: str | None) -> list[Order]:
    """The contact's own orders that such a complaint can be about, newest first."""
    if not turn.phone:
        return []
    found = await outside.orders.by_phone(turn.phone, limit=orders.MOST_ASKED)
    own = [order for order in found if same_phone(order.contact.phone, turn.phone)]
    late = [order for order in own if orders.is_late(order, dates.today())]
    if topic == "delay" and late:
        return late[: orders.MOST_OFFERED]
    states = _ABOUT.get(topic or "", frozenset(OrderState))
    return ([order for order in own if order.state in states] or own)[: orders.MOST_OFFERED]


def offered(found: Sequence[Order]) -> dict[str, str]:
    """By which words each order may be picked: its number, and what was bought."""
    return {orders.number_of(one): f"{orders.number_of(one)} {_names(one)}" for one in found}


def _names(order: Order) -> str:
    return " ".join(item.name for item in order.items)


def _item_of(order: Order, text: str) -> str:
    """The only item of the order, or the one that is named."""
    if len(order.items) == 1:
        return described(order.items[0])
    items = {item.ref: item for item in order.items}
    named = choosing.named(text, {ref: item.name for ref, item in items.items()})
    return described(items[named]) if named else ""

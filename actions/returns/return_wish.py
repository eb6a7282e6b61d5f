"""What a shopper wants to send back, as far as it is known; kept in the slot `flow`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk import flows, refund_times
from actions.talk.turn import Turn
from actions.wording import dates, reasons
from actions.wording.pieces import described
from actions.wording.plain import plain
from order_system.model import Item, Order
from order_system.returns import ItemOptions, ReturnOptions
from order_system.vocabulary import ReturnKind, ReturnReason

FLOW = "return"
UNFINISHED = "unfinished"
"""The slot of what an earlier session left open, and the flow that offers to go on with it."""
_LONGEST_WORDS = 200
_STATUS = re.compile(
    r"\b(?:status|andamento|situacao|como (?:esta|ta|anda)|ja (?:chegou|receb\w+|postei|enviei"
    r"|mandei)|cade (?:a|minha|meu)|chegou (?:a|ai)|receberam|got my|received my|how.s my"
    r"|have you (?:got|received)|did you (?:get|receive)|where is my (?:return|exchange)"
    r"|already (?:sent|posted|shipped)|(?:perdi|cade|manda|reenvi\w+|segunda via d)\w* "
    r"(?:a |minha |da )?etiqueta|lost (?:the|my) label|label again)"
)


@dataclass(frozen=True)
class Wish:
    """`items` are refs of lines; `offered` is what the open question offered.

    `words` and `sizes` are what the first message says, or the answer to which variant is wanted;
    `size` and `color` are the shop's own, and `variant_name` says them. `is_settled` tells that
    money or another piece was chosen with the other one in view; `asks_refund`, that the first
    message asks how long money takes, too.
    """

    kind: str
    step: str = "order"
    order: str | None = None
    version: str | None = None
    items: tuple[str, ...] = ()
    quantity: int | None = None
    reason: str = "none"
    sizes: tuple[str, ...] = ()
    size: str | None = None
    color: str | None = None
    variant_name: str = ""
    known_sizes: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    is_settled: bool = False
    asks_status: bool = False
    asks_refund: bool = False
    words: str = ""
    offered: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    @property
    def topic(self) -> str:
        """The topic under which its order is looked for."""
        return "exchange" if self.is_exchange else "return"

    @property
    def is_exchange(self) -> bool:
        """Whether another piece shall come instead of money."""
        return self.kind == ReturnKind.EXCHANGE.value

    @property
    def why(self) -> ReturnReason:
        """The reason, as the order system has it."""
        return ReturnReason(self.reason)

    def of(self, order: Order) -> Wish:
        """The wish for this order; what was said of another order's lines is forgotten."""
        number = order.display_number.lstrip("#")
        if self.order == number:
            return self
        return replace(self, order=number, items=(), quantity=None).without_variant()

    def without_variant(self) -> Wish:
        """Without what shall come instead."""
        return replace(self, size=None, color=None, variant_name="")

    def hearing(self, turn: Turn) -> Wish:
        """With the pictures and the reason that the message brings."""
        reason = reasons.reason_in(turn.text) if not turn.is_button else None
        if self.reason in {"none", "changed_mind"} and reason:
            return replace(self, reason=reason.value, photos=(*self.photos, *turn.images))
        return replace(self, photos=(*self.photos, *turn.images))

    def asking(self, step: str, offered: Mapping[str, str] | None = None) -> list[EventType]:
        """Remember it with the question that is open now."""
        asked = replace(self, step=step, offered=dict(offered or {}))
        flow = {"name": FLOW, "told": self.told, "wish": asdict(asked)}
        if self.order and step != "order":
            flow[flows.LEFT_ON] = dates.today().isoformat()
        return [
            SlotSet("flow", flow),
            SlotSet("pending", flows.PENDING),
            SlotSet("failed_attempts", 0),
        ]


def first_of(turn: Turn, kind: ReturnKind) -> Wish:
    """The wish as a message begins it."""
    chosen = next(iter(turn.values_of("choice")), "")
    given = ReturnReason(chosen) if chosen in set(map(str, ReturnReason)) else None
    reason = given or (None if turn.is_button else reasons.reason_in(turn.text))
    return Wish(
        kind.value,
        reason=(reason or ReturnReason.NONE).value,
        photos=tuple(turn.images),
        asks_refund=refund_times.are_asked(turn),
        asks_status=not turn.is_button and bool(_STATUS.search(plain(turn.text))),
        words=plain(turn.words)[:_LONGEST_WORDS],
        sizes=tuple(turn.values_of("size")),
    )


def remembered(turn: Turn) -> Wish | None:
    """The wish that is being talked about, or none."""
    return of_flow(turn.flow) if turn.flow.get("name") == FLOW else None


def left_halfway(turn: Turn) -> Wish | None:
    """The wish of an earlier session that no yes or no came to, or none."""
    kept = turn.tracker.get_slot(UNFINISHED)
    if turn.flow.get("name") == UNFINISHED:
        kept = turn.flow
    return of_flow(kept) if kept else None


def of_flow(flow: Mapping[str, Any]) -> Wish:
    """The wish as such a flow remembers it."""
    kept: dict[str, Any] = flow["wish"]
    lists = {name: tuple(kept[name]) for name in ("items", "photos", "sizes", "known_sizes")}
    return Wish(**{**kept, **lists})


@dataclass(frozen=True)
class Case:
    """An order and what of it may go back."""

    order: Order
    options: ReturnOptions

    @property
    def open_items(self) -> list[Item]:
        """The lines of which something isn't on its way back yet."""
        return [item for item in self.order.items if self.left_of(item.ref)]

    def left_of(self, ref: str) -> int:
        """How many of a line may still go back."""
        found = self.options.of(ref)
        return found.quantity if found else 0

    def options_of(self, wish: Wish) -> list[ItemOptions]:
        """The options of the lines chosen."""
        return [found for ref in wish.items if (found := self.options.of(ref))]

    def items_of(self, wish: Wish) -> list[Item]:
        """The lines chosen."""
        return [item for item in self.order.items if item.ref in wish.items]

    def quantity_of(self, wish: Wish, ref: str) -> int:
        """How many of a line shall go back."""
        return wish.quantity if wish.quantity and len(wish.items) == 1 else self.left_of(ref)


def all_described(case: Case, wish: Wish) -> str:
    """The lines chosen, one after the other."""
    return ", ".join(
        described(item, case.quantity_of(wish, item.ref)) for item in case.items_of(wish)
    )

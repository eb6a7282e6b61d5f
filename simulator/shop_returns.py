"""Returns of the demo shop: what may go back, what is on its way, and what became of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from order_system.returns import Ground
from simulator.shop_carriers import tracking_number
from simulator.shop_dice import dice
from simulator.shop_orders import Line, MoveNotAllowedError, ShopOrder
from simulator.shop_policies import rules
from simulator.shop_till import SHOP_ZONE, instant

_ENDED = frozenset({"rejected", "cancelled"})
_WAYS = {
    "requested": ("label_sent", "rejected"),
    "label_sent": ("in_transit", "cancelled"),
    "in_transit": ("received",),
}
_REJECTED = {
    "pt": "A peça chegou com sinais de uso, por isso não pudemos aceitar.",
    "en": "It arrived with signs of wear, so we couldn't accept it.",
}


Reason = Literal[
    "none",
    "too_small",
    "too_large",
    "changed_mind",
    "not_as_described",
    "defect",
    "wrong_item",
    "arrived_late",
    "other",
]


class WantedPiece(BaseModel):
    """A line that shall go back."""

    model_config = ConfigDict(extra="ignore")
    item: str = Field(max_length=80)
    quantity: int = Field(default=1, ge=1, le=999)
    new_size: str | None = Field(default=None, max_length=20)
    new_color: str | None = Field(default=None, max_length=40)


class WantedReturn(BaseModel):
    """What a shopper asks for."""

    model_config = ConfigDict(extra="ignore")
    kind: Literal["refund", "exchange"]
    reason: Reason = "none"
    items: list[WantedPiece] = Field(min_length=1, max_length=50)
    note: str = Field(default="", max_length=2000)
    photos: list[str] = Field(default=[], max_length=20)


@dataclass(frozen=True)
class Piece:
    """Some pieces of a line; `instead` is what comes for them in an exchange."""

    ref: str
    line: Line
    quantity: int
    instead: Line | None = None


@dataclass
class ShopReturn:
    """A return; `steps` holds each state with the moment it was reached."""

    number: str
    order: ShopOrder
    kind: str
    ground: Ground
    reason: str
    pieces: tuple[Piece, ...]
    requested_at: datetime
    refund: Decimal
    note: str = ""
    photos: int = 0
    steps: list[tuple[str, datetime]] = field(default_factory=list)
    rejected_because: dict[str, str] = field(default_factory=dict)
    replacement: int | None = None

    @property
    def state(self) -> str:
        return self.steps[-1][0]

    @property
    def is_open(self) -> bool:
        """Whether its pieces can't go back a second time."""
        return self.state not in _ENDED

    @property
    def has_label(self) -> bool:
        return self.state not in {"requested", *_ENDED}

    @property
    def post_by(self) -> date | None:
        sent = next((at for state, at in self.steps if state == "label_sent"), None)
        if sent is None:
            return None
        return sent.astimezone(SHOP_ZONE).date() + timedelta(days=rules().returns.post_within_days)

    @property
    def tracking(self) -> str:
        carrier = "Correios" if self.order.customer.country == "BR" else "Royal Mail"
        return tracking_number(carrier, dice("return", self.number))

    def moves(self) -> list[str]:
        """The states it may go to: the next one first."""
        if self.state == "received":
            return ["exchanged" if self.kind == "exchange" else "refunded", "rejected"]
        return list(_WAYS.get(self.state, ()))

    def step(self, state: str, at: datetime) -> None:
        """Go to `state` at this moment."""
        if state not in self.moves():
            raise MoveNotAllowedError(state)
        if state == "rejected":
            self.rejected_because = dict(_REJECTED)
        self.steps.append((state, at))

    def as_answer(self) -> dict[str, Any]:
        """The return as `order_system/openapi.yaml` describes it."""
        refund = {"amount": f"{self.refund:.2f}", "currency": self.order.currency}
        return {
            "number": self.number,
            "order_number": str(self.order.number),
            "kind": self.kind,
            "basis": str(self.ground.basis),
            "reason": self.reason,
            "state": self.state,
            "items": [_piece_answer(one) for one in self.pieces],
            "steps": [{"state": state, "at": instant(at)} for state, at in self.steps],
            "requested_at": instant(self.requested_at),
            "post_by": self.post_by.isoformat() if self.post_by else None,
            "has_label": self.has_label,
            "shipping_paid_by": str(self.ground.shipping_paid_by),
            "refund": refund if self.kind == "refund" else None,
            "tracking": self.tracking if self.has_label else None,
            "drop_off": rules().texts.get("drop_off", {}),
            "rejected_because": self.rejected_because,
            "replacement_order": str(self.replacement) if self.replacement else None,
        }


def _piece_answer(piece: Piece) -> dict[str, Any]:
    instead = piece.instead
    return {
        "item": piece.ref,
        "quantity": piece.quantity,
        "new_size": instead.size if instead else None,
        "new_color": instead.color.pt if instead else None,
    }

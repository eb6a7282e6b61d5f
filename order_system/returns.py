"""Goods on their way back: what may go, on which ground, and where a return stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from order_system.model import Money
from order_system.refusals import Advice, Refusal, Why
from order_system.texts import Texts
from order_system.vocabulary import Basis, Payer, ReturnKind, ReturnReason, ReturnState


@dataclass(frozen=True)
class Ground:
    """A right to give something back: until which day, at whose cost, or why it isn't given."""

    basis: Basis
    until: date | None = None
    refusal: Refusal | None = None
    needs_photo: bool = False
    shipping_paid_by: Payer = Payer.UNKNOWN
    refunds_delivery: bool = False
    law: str | None = None

    @property
    def is_given(self) -> bool:
        """Whether it holds today."""
        return self.refusal is None


@dataclass(frozen=True)
class ItemOptions:
    """What may be done with one line of an order; `quantity` is what isn't on its way back."""

    item: str
    quantity: int
    grounds: tuple[Ground, ...]

    def best(self, kind: ReturnKind, reason: ReturnReason = ReturnReason.NONE) -> Ground:
        """The ground for this wish that serves the shopper best, or the refusal to tell."""
        return best_ground(self.grounds, kind, reason)


@dataclass(frozen=True)
class ReturnOptions:
    """What of an order may go back; `conditions` are the shop's own sentences."""

    order_number: str
    version: str | None
    items: tuple[ItemOptions, ...]
    conditions: tuple[Texts, ...]

    def of(self, item: str) -> ItemOptions | None:
        """The options of this line."""
        return next((one for one in self.items if one.item == item), None)


@dataclass(frozen=True)
class ReturnedItem:
    """A line that goes back; with a size or colour where another one shall come for it."""

    item: str
    quantity: int = 1
    new_size: str | None = None
    new_color: str | None = None


@dataclass(frozen=True)
class ReturnRequest:
    """What a shopper asks for; `photos` are addresses or ids under which the desk keeps them."""

    kind: ReturnKind
    items: tuple[ReturnedItem, ...]
    reason: ReturnReason = ReturnReason.NONE
    note: str | None = field(default=None, repr=False)
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReturnStep:
    """A state of a return, and when it was reached."""

    state: ReturnState
    at: datetime


@dataclass(frozen=True)
class Return:
    """An authorised return; the shopper knows it by `number`.

    `refund` is what comes back in the end; `replacement_order` is there once the exchange is sent.
    """

    number: str
    order_number: str
    kind: ReturnKind
    basis: Basis
    reason: ReturnReason
    state: ReturnState
    items: tuple[ReturnedItem, ...]
    steps: tuple[ReturnStep, ...]
    requested_at: datetime
    post_by: date | None
    has_label: bool
    shipping_paid_by: Payer
    refund: Money | None = None
    tracking: str | None = None
    drop_off: Texts = field(default_factory=dict)
    rejected_because: Texts = field(default_factory=dict)
    replacement_order: str | None = None


def best_ground(
    grounds: Sequence[Ground], kind: ReturnKind, reason: ReturnReason = ReturnReason.NONE
) -> Ground:
    """The first ground that holds, the right of regret before all others.

    Where none does, the one whose refusal tells most: the ground that the wish itself names.
    """
    wanted = [_of(grounds, basis) for basis in _bases(kind, reason)]
    offered = [ground for ground in wanted if ground is not None]
    if not offered:
        return Ground(Basis.OTHER, refusal=Refusal(Why.NOT_OFFERED, Advice.TALK_TO_PERSON))
    return next((ground for ground in offered if ground.is_given), offered[-1])


def _bases(kind: ReturnKind, reason: ReturnReason) -> tuple[Basis, ...]:
    fault = _FAULTS.get(reason)
    if kind is ReturnKind.EXCHANGE:
        return (Basis.EXCHANGE,) if fault is None else (Basis.EXCHANGE, fault)
    return (Basis.REGRET, fault or Basis.CHANGE_OF_MIND)


def _of(grounds: Sequence[Ground], basis: Basis) -> Ground | None:
    return next((ground for ground in grounds if ground.basis is basis), None)


_FAULTS = {
    ReturnReason.DEFECT: Basis.DEFECT,
    ReturnReason.WRONG_ITEM: Basis.WRONG_ITEM,
    ReturnReason.NOT_AS_DESCRIBED: Basis.WRONG_ITEM,
}

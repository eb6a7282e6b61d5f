"""The words of the neutral model; what a shop calls otherwise reads as the last of each list."""

from enum import Enum
from typing import TypeVar

W = TypeVar("W", bound="Word")


class Word(str, Enum):
    """A word out of a list; the last one stands for all that the list doesn't know."""

    def __str__(self) -> str:
        # Python 3.10 and 3.12 print a mixed-in member differently; both should print the word.
        return str(self.value)

    @classmethod
    def read(cls: type[W], text: str) -> W:
        """The member with this value, in any case; the last one for a word of the shop's own."""
        words = list(cls)
        wanted = text.strip().lower()
        return next((word for word in words if word.value == wanted), words[-1])


class PaymentMethod(Word):
    """How somebody pays."""

    PIX = "pix"
    BOLETO = "boleto"
    CARD = "card"
    STORE_CREDIT = "store_credit"
    OTHER = "other"


class PaymentState(Word):
    """What became of one payment."""

    PENDING = "pending"
    PAID = "paid"
    EXPIRED = "expired"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"


class CardRefusal(Word):
    """Why a card was refused, as far as its bank says."""

    INSUFFICIENT_FUNDS = "insufficient_funds"
    EXPIRED_CARD = "expired_card"
    WRONG_DATA = "wrong_data"
    BLOCKED_BY_BANK = "blocked_by_bank"
    LIMIT_EXCEEDED = "limit_exceeded"
    NOT_FOR_ONLINE = "not_for_online"
    UNKNOWN = "unknown"


class RefundState(Word):
    """How far a refund has come; `SENT` has left the shop and is the bank's to book."""

    REQUESTED = "requested"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class ReturnKind(Word):
    """What somebody wants for what they send back."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    OTHER = "other"


class ReturnReason(Word):
    """Why something goes back, in the shopper's eyes."""

    NONE = "none"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    CHANGED_MIND = "changed_mind"
    NOT_AS_DESCRIBED = "not_as_described"
    DEFECT = "defect"
    WRONG_ITEM = "wrong_item"
    ARRIVED_LATE = "arrived_late"
    OTHER = "other"


class Basis(Word):
    """The right on which something goes back; `REGRET` comes first and needs no reason."""

    REGRET = "regret"
    CHANGE_OF_MIND = "change_of_mind"
    EXCHANGE = "exchange"
    DEFECT = "defect"
    WRONG_ITEM = "wrong_item"
    OTHER = "other"


class ReturnState(Word):
    """Where a return stands."""

    REQUESTED = "requested"
    LABEL_SENT = "label_sent"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Payer(Word):
    """Who pays for the way back."""

    SHOP = "shop"
    SHOPPER = "shopper"
    UNKNOWN = "unknown"


class Fit(Word):
    """How surely measurements meet a size."""

    EXACT = "exact"
    BETWEEN = "between"
    SMALLER_THAN_ALL = "smaller_than_all"
    LARGER_THAN_ALL = "larger_than_all"
    UNKNOWN = "unknown"


class EventKind(Word):
    """What happened to an order that its owner may want to hear."""

    SHIPPED = "order.shipped"
    OUT_FOR_DELIVERY = "order.out_for_delivery"
    DELAYED = "order.delayed"
    DELIVERED = "order.delivered"
    OTHER = "other"

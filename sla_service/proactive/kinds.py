"""What shoppers are told of an order, and what makes it old news."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from order_system.vocabulary import EventKind


class NoticeKind(StrEnum):
    """What a notice tells or asks."""

    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    HOW_WAS_IT = "how_was_it"
    """The purchase is to be rated, some days after it arrived."""


OF_EVENT: Mapping[EventKind, NoticeKind] = {
    EventKind.SHIPPED: NoticeKind.SHIPPED,
    EventKind.OUT_FOR_DELIVERY: NoticeKind.OUT_FOR_DELIVERY,
    EventKind.DELAYED: NoticeKind.DELAYED,
    EventKind.DELIVERED: NoticeKind.DELIVERED,
}
_ALL_THE_WAY = frozenset({NoticeKind.SHIPPED, NoticeKind.DELAYED, NoticeKind.OUT_FOR_DELIVERY})


def is_old_news(
    kind: NoticeKind, at: datetime, known: Iterable[tuple[NoticeKind, datetime]]
) -> bool:
    """Whether something that is known of the order leaves nothing to tell by this notice.

    Once it is delivered, nothing of the way is news. Once it is with the courier, neither is that
    it left the shop, nor a delay from before; a courier may be late again. Of two delays the later
    one is news.
    """
    return any(outdates(one, one_at, kind, at) for one, one_at in known)


def outdates(newer: NoticeKind, newer_at: datetime, kind: NoticeKind, at: datetime) -> bool:
    """Whether one notice makes another old news, whichever was heard of first."""
    if newer is NoticeKind.DELIVERED:
        return kind in _ALL_THE_WAY
    if newer is NoticeKind.DELAYED:
        return kind is NoticeKind.DELAYED and at < newer_at
    if newer is NoticeKind.OUT_FOR_DELIVERY:
        return kind is NoticeKind.SHIPPED or (kind is NoticeKind.DELAYED and at <= newer_at)
    return False

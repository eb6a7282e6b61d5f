"""How a talk ended: the goal reached, or people called with everything they need, or neither."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from simulator.crowd.claims import amounts_in, spans_in
from simulator.crowd.goals import FOR_PEOPLE, Goal
from simulator.crowd.goods import is_sold, sizes_in
from simulator.crowd.plain import plain
from simulator.crowd.signs import shows
from simulator.crowd.talk import Talk

_ABOUT_AN_ORDER: frozenset[Goal] = frozenset(
    {
        "track_order", "order_late", "return_regret", "return_defect", "exchange_size",
        "refund_status", "cancel_before_dispatch", "cancel_after_dispatch", "change_address",
        "payment_twice", "pix_expired", "invoice", "complaint",
    }
)  # fmt: skip


def is_reached(talk: Talk) -> bool:
    """Whether the shopper has what they came for, without a person."""
    if talk.goal in FOR_PEOPLE or talk.is_with_people:
        return False
    return bool(talk.heard) and _REACHED[talk.goal](talk)


def is_handed_over(talk: Talk) -> bool:
    """Whether people have the conversation."""
    return talk.is_with_people


def missing(talk: Talk) -> list[str]:
    """What people would have to ask again; empty: they have everything."""
    if talk.conversation is None or talk.handoff is None:
        return ["no handoff"]
    about = {key: value for key, value in talk.conversation.items() if key != "orders"}
    known = plain(_everything(talk.handoff) + " " + _everything(about))
    lacking = []
    is_about = talk.goal in _ABOUT_AN_ORDER and talk.order is not None
    if is_about and str(talk.order) not in known and not _is_beside(talk):
        lacking.append("the order")
    if not talk.conversation.get("ticket"):
        lacking.append("a ticket")
    if talk.goal == "fraud" and talk.conversation["ticket"]["priority"] not in {"high", "urgent"}:
        lacking.append("its priority")
    if talk.goal == "return_defect" and not (shows(known, "fault") or _is_retold(talk)):
        lacking.append("the reason")
    if talk.goal == "exchange_size" and not _names_size(talk, known):
        lacking.append("the size")
    return lacking


def wrong_effects(talk: Talk) -> list[str]:
    """Changes of the order that nobody asked for, and changes that were told but not made."""
    if talk.before is None:
        return []
    page = talk.page
    changes = [one for one in page["changes"] if one["who"] == "desk"]
    done = {one["act"] for one in changes if one["outcome"] == "done"}
    found = [f"nobody asked for {act}" for act in sorted(done - _ALLOWED.get(talk.goal, set()))]
    told = plain(talk.text)
    if page["state"] != "cancelled" and shows(told, "told_cancelled"):
        found.append("told cancelled, and it isn't")
    opened = [one["number"] for one in page["returns"]]
    if shows(told, "told_opened") and not opened:
        found.append("told of a return that isn't there")
    if talk.goal == "exchange_size" and len(opened) > len(talk.before["returns"]):
        found += _wrong_exchange(talk, page["returns"])
    if talk.goal == "change_address" and "order.address" in done:
        found += _wrong_address(talk, page["order"]["address"])
    return found


def _is_retold(talk: Talk) -> bool:
    """Whether people read what happened in the shopper's own words."""
    summary = plain((talk.handoff or {}).get("summary") or "")
    return bool(talk.written) and plain(talk.written[0])[:_LETTERS] in summary


def _is_beside(talk: Talk) -> bool:
    """Whether people see the order anyhow: the desk called them, and the contact has no other."""
    conversation, handoff = talk.conversation or {}, talk.handoff or {}
    shown = [one["number"].lstrip("#") for one in conversation.get("orders", [])]
    return handoff.get("reason") in _CALLED_BY_THE_DESK and shown == [talk.order]


def _track(talk: Talk) -> bool:
    parcels = [one["number"] for one in talk.page["order"]["shipments"]]
    if any(number in talk.text for number in parcels):
        return True
    return str(talk.order) in talk.text and shows(talk.text, "where_it_is")


def _late(talk: Talk) -> bool:
    is_told = shows(talk.text, "late")
    return is_told and (str(talk.order) in talk.text or _track(talk))


def _returned(talk: Talk) -> bool:
    return len(talk.page["returns"]) > 0


def _exchanged(talk: Talk) -> bool:
    """Another one comes; or it is sold out, and its money comes back."""
    kinds = {one["kind"] for one in talk.page["returns"]}
    return "exchange" in kinds or ("refund" in kinds and shows(talk.text, "out_of_stock"))


def _refund(talk: Talk) -> bool:
    amounts = {Decimal(one["amount"]["amount"]) for one in talk.page["money"]["refunds"]}
    if amounts & set(amounts_in(talk.text)):
        return True
    numbers = [one["number"] for one in talk.page["returns"]]
    return any(number in talk.text for number in numbers) and shows(talk.text, "refund")


def _cancelled(talk: Talk) -> bool:
    return bool(talk.page["state"] == "cancelled")


def _not_cancelled(talk: Talk) -> bool:
    is_told = shows(talk.text, "too_late_to_cancel")
    is_advised = shows(talk.text, "instead_of_cancelling")
    return is_told and is_advised and talk.page["state"] != "cancelled"


def _moved(talk: Talk) -> bool:
    before = talk.before or talk.page
    return bool(talk.page["order"]["address"] != before["order"]["address"])


def _advised(talk: Talk) -> bool:
    sizes = {*talk.plan.goods.product.sizes, "P", "M", "G", "GG", *map(str, range(33, 46))}
    told = [one.text for one in talk.heard if shows(one.text, "size_advised")]
    return any(sizes & set(sizes_in(text)) for text in told)


def _charted(talk: Talk) -> bool:
    tables = [one.text for one in talk.heard if "cm" in one.text]
    has_picture = any(one.has_picture for one in talk.heard)
    return has_picture or any(len(set(sizes_in(text))) >= _ROWS for text in tables)


def _stock(talk: Talk) -> bool:
    is_unknown = shows(talk.text, "not_in_the_shop") and not is_sold(talk.plan.wish.opening)
    return is_unknown or shows(talk.text, "stock_told")


def _paid_anew(talk: Talk) -> bool:
    open_codes = [one["code"] for one in talk.page["money"]["payments"] if one["code"]]
    return any(code in talk.text for code in open_codes)


def _invoiced(talk: Talk) -> bool:
    return any(one.has_paper for one in talk.heard)


def _promo(talk: Talk) -> bool:
    return shows(talk.text, "promo_told")


def _hours(talk: Talk) -> bool:
    return bool(spans_in(talk.text)) or shows(talk.text, "open_told")


def _names_size(talk: Talk, known: str) -> bool:
    wanted = talk.plan.goods.wanted
    was_said = wanted is not None and any(wanted in sizes_in(one) for one in talk.written)
    return not was_said or re.search(rf"\b{plain(str(wanted))}\b", known) is not None


def _wrong_exchange(talk: Talk, returns: list[dict[str, Any]]) -> list[str]:
    """The size on its way must be the one wanted, or the last one that was named."""
    lines = [one.strip("[]") for one in talk.written]
    named = [found for one in lines if (found := sizes_in(one.upper() if len(one) < 3 else one))]
    allowed = {None, talk.plan.goods.wanted, *(named[-1] if named else ())}
    coming = {item["new_size"] for one in returns for item in one["items"]}
    if allowed == {None}:
        return []  # nobody named a size: the one that was read back is the one that was wanted
    return [f"got {size}, which wasn't wanted" for size in sorted(coming - allowed)]


def _wrong_address(talk: Talk, address: Mapping[str, str]) -> list[str]:
    """The postcode and the number that were written must be the ones of the parcel."""
    written = plain(" ".join(talk.written)).replace("-", "").replace(" ", "")
    return [
        f"the address got {name} {address[name]}, which nobody wrote"
        for name in ("postcode", "number")
        if plain(address[name]).replace("-", "").replace(" ", "") not in written
    ]


def _everything(document: Any) -> str:
    if isinstance(document, Mapping):
        return " ".join(_everything(value) for value in document.values())
    if isinstance(document, list):
        return " ".join(_everything(value) for value in document)
    return str(document)


# Words like "Procon" call people before the bot has heard them.
_CALLED_BY_THE_DESK = frozenset({"bot_down", "escalation", "legal", "low_confidence", "urgent"})
_LETTERS = 30  # of what was written, by which it is known again
_ROWS = 4  # sizes that a table has at least
_REACHED: Mapping[Goal, Callable[[Talk], bool]] = {
    "track_order": _track,
    "order_late": _late,
    "return_regret": _returned,
    "return_defect": _returned,
    "exchange_size": _exchanged,
    "refund_status": _refund,
    "cancel_before_dispatch": _cancelled,
    "cancel_after_dispatch": _not_cancelled,
    "change_address": _moved,
    "size_advice": _advised,
    "size_chart": _charted,
    "stock": _stock,
    "pix_expired": _paid_anew,
    "invoice": _invoiced,
    "promo": _promo,
    "hours": _hours,
}
_ALLOWED: Mapping[Goal, set[str]] = {
    "return_regret": {"return.open"},
    "return_defect": {"return.open"},
    "exchange_size": {"return.open"},
    "cancel_before_dispatch": {"order.cancel"},
    "change_address": {"order.address"},
    "pix_expired": {"payment.renew"},
}

"""From the JSON of `openapi.yaml` to returns and their options."""

from order_system.decoding import decode_refusal
from order_system.reading import (
    all_texts,
    count,
    day,
    each,
    flag,
    instant,
    malformed,
    mapping,
    money,
    optional,
    plain,
    text,
    texts,
    word,
)
from order_system.returns import (
    Ground,
    ItemOptions,
    Return,
    ReturnedItem,
    ReturnOptions,
    ReturnStep,
)
from order_system.vocabulary import Basis, Payer, ReturnKind, ReturnReason, ReturnState


def decode_return_options(body: object) -> ReturnOptions:
    """What of an order may go back."""
    where = "options"
    data = mapping(body, where)
    return ReturnOptions(
        order_number=text(data, "order_number", where),
        version=optional(data, "version", where, plain),
        items=each(data, "items", where, _item_options),
        conditions=each(data, "conditions", where, all_texts),
    )


def decode_return(body: object, where: str = "return") -> Return:
    """One return."""
    data = mapping(body, where)
    return Return(
        number=text(data, "number", where),
        order_number=text(data, "order_number", where),
        kind=ReturnKind.read(text(data, "kind", where)),
        basis=Basis.read(text(data, "basis", where)),
        reason=ReturnReason.read(text(data, "reason", where)),
        state=ReturnState.read(text(data, "state", where)),
        items=each(data, "items", where, _returned),
        steps=each(data, "steps", where, _step),
        requested_at=instant(data.get("requested_at"), f"{where}.requested_at"),
        post_by=optional(data, "post_by", where, day),
        has_label=flag(data.get("has_label"), f"{where}.has_label"),
        shipping_paid_by=_payer(data.get("shipping_paid_by"), f"{where}.shipping_paid_by"),
        refund=optional(data, "refund", where, money),
        tracking=optional(data, "tracking", where, plain),
        drop_off=texts(data, "drop_off", where),
        rejected_because=texts(data, "rejected_because", where),
        replacement_order=optional(data, "replacement_order", where, plain),
    )


def decode_returns(body: object) -> tuple[Return, ...]:
    """The returns of an order, newest first."""
    data = mapping(body, "answer")
    if "returns" not in data:
        raise malformed("answer.returns")
    found = each(data, "returns", "answer", decode_return)
    return tuple(sorted(found, key=lambda one: one.requested_at, reverse=True))


def _item_options(body: object, where: str) -> ItemOptions:
    data = mapping(body, where)
    return ItemOptions(
        item=text(data, "item", where),
        quantity=count(data.get("quantity"), f"{where}.quantity"),
        grounds=each(data, "grounds", where, _ground),
    )


def _ground(body: object, where: str) -> Ground:
    data = mapping(body, where)
    refusal = optional(data, "refusal", where, decode_refusal)
    if flag(data.get("allowed"), f"{where}.allowed") is (refusal is not None):
        raise malformed(f"{where}.refusal")
    return Ground(
        basis=Basis.read(text(data, "basis", where)),
        until=optional(data, "until", where, day),
        refusal=refusal,
        needs_photo=optional(data, "needs_photo", where, flag) or False,
        shipping_paid_by=_payer(data.get("shipping_paid_by"), f"{where}.shipping_paid_by"),
        refunds_delivery=optional(data, "refunds_delivery", where, flag) or False,
        law=optional(data, "law", where, plain),
    )


def _returned(body: object, where: str) -> ReturnedItem:
    data = mapping(body, where)
    return ReturnedItem(
        item=text(data, "item", where),
        quantity=count(data.get("quantity"), f"{where}.quantity"),
        new_size=optional(data, "new_size", where, plain),
        new_color=optional(data, "new_color", where, plain),
    )


def _step(body: object, where: str) -> ReturnStep:
    data = mapping(body, where)
    return ReturnStep(
        ReturnState.read(text(data, "state", where)), instant(data.get("at"), f"{where}.at")
    )


def _payer(value: object, where: str) -> Payer:
    return Payer.UNKNOWN if value is None else Payer.read(word(value, where))

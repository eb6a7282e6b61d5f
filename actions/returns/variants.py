"""Which size or colour shall come instead, and whether the shop has it."""

from __future__ import annotations

import re
from dataclasses import replace

from rasa_sdk.events import EventType

from actions.returns.return_wish import Case, Wish
from actions.talk import choosing
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import dates
from actions.wording.pieces import described
from actions.wording.plain import plain
from order_system.catalogue import Availability, Color, Variant
from order_system.model import Item
from order_system.returns import Ground
from order_system.texts import in_language

MONEY = "refund"
MONEY_BACK = {"pt": "Dinheiro de volta", "en": "Money back"}
_LARGER = re.compile(r"\b(?:maior|acima|larger|bigger|size up|next size)\b")
_SMALLER = re.compile(r"\b(?:menor|abaixo|smaller|size down)\b")
_MOST_OFFERED = 9
_BETWEEN = "/"


async def settle(
    turn: Turn, outside: Outside, case: Case, wish: Wish, ground: Ground
) -> Wish | list[EventType]:
    """The wish with a variant that is in stock; or the question that leads to one."""
    item = case.items_of(wish)[0]
    stock = await outside.orders.availability(item.product) if item.product else None
    if stock is None:
        return _without_stock(turn, wish, item)
    own = _color_of(stock, item.color or "")
    size, color = _wanted(stock, item, own, wish)
    if size is None and color is None and not ground.needs_photo:
        return _ask(turn, stock, item, own, wish)
    sought = await outside.orders.availability(
        str(item.product), size=size or item.size, color=color or (own.ref if own else None)
    )
    wanted = sought.wanted if sought else None
    if sought is None or wanted is None:
        return _ask(turn, stock, item, own, wish)
    count = case.quantity_of(wish, item.ref)
    if not wanted.is_available or (wanted.in_stock is not None and wanted.in_stock < count):
        return _say_sold_out(turn, sought, wanted, item, wish)
    return replace(
        wish,
        size=wanted.size if size else None,
        color=wanted.color if color else None,
        variant_name=_name(turn, stock, wanted) if size or color else "",
        known_sizes=stock.product.sizes,
    )


def _without_stock(turn: Turn, wish: Wish, item: Item) -> Wish | list[EventType]:
    """Of goods that the catalogue doesn't know the shop itself decides."""
    others = [size for size in wish.sizes if size != item.size]
    if others:
        return replace(wish, size=others[-1], variant_name=others[-1])
    turn.say("utter_exchange_ask_size", item=described(item))
    return wish.asking("variant")


def _wanted(
    stock: Availability, item: Item, own: Color | None, wish: Wish
) -> tuple[str | None, str | None]:
    """The size and the colour that the words ask for, where they aren't those of the item."""
    if wish.size or wish.color:
        return wish.size, wish.color
    known = stock.product.sizes
    named = list(wish.sizes)
    if wish.step == "variant":
        said = _said(wish.words)
        named += [size for size in known if plain(size) in said]
    sizes = [size for size in named if plain(size) != plain(item.size or "")]
    size = sizes[-1] if sizes else _neighbour(known, item.size or "", wish.words)
    colors = [one for one in stock.product.colors if one != own and _is_said(one, wish.words)]
    return size, colors[-1].ref if colors else None


def _said(words: str) -> list[str]:
    return [word.strip(".,;!?()") for word in words.split()]


def _neighbour(sizes: tuple[str, ...], own: str, words: str) -> str | None:
    step = 1 if _LARGER.search(words) else -1 if _SMALLER.search(words) else 0
    if not step or own not in sizes:
        return None
    at = sizes.index(own) + step
    return sizes[at] if 0 <= at < len(sizes) else None


def _ask(
    turn: Turn, stock: Availability, item: Item, own: Color | None, wish: Wish
) -> list[EventType]:
    """Offer what is there: other sizes in the same colour, then other colours in the same size."""
    ref = own.ref if own else None
    sizes = [one for one in stock.available(color=ref) if one.size != item.size]
    colors = [one for one in stock.available(size=item.size) if one.color != ref] if own else []
    found = {_key(one, item, own): _name(turn, stock, one, item, own) for one in [*sizes, *colors]}
    offered = dict(list(found.items())[:_MOST_OFFERED])
    if not offered:
        return _say_none_left(turn, item, wish)
    turn.say("utter_exchange_ask_variant", item=described(item), buttons=choosing.buttons(offered))
    return wish.without_variant().asking("variant", offered)


def _say_sold_out(
    turn: Turn, sought: Availability, wanted: Variant, item: Item, wish: Wish
) -> list[EventType]:
    """Say that it isn't there, when it may be again, and what could be taken instead."""
    name = _name(turn, sought, wanted)
    turn.say("utter_exchange_sold_out", item=item.name, instead=name)
    if wanted.back_on:
        day = dates.written(wanted.back_on, turn.language, dates.today())
        turn.say("utter_exchange_back_on", back_on=day)
    near = [one for one in sought.alternatives if one.product == sought.product.ref]
    near = [one for one in near if (one.size, one.color) != (item.size, item.color)]
    offered = {
        f"{one.size}{_BETWEEN}{one.color}": _name(turn, sought, one) for one in near[:_MOST_OFFERED]
    }
    offered[MONEY] = MONEY_BACK[turn.language]
    turn.say("utter_exchange_ask_instead", buttons=choosing.buttons(offered))
    return replace(wish.without_variant(), sizes=()).asking("variant", offered)


def _say_none_left(turn: Turn, item: Item, wish: Wish) -> list[EventType]:
    offered = {MONEY: MONEY_BACK[turn.language]}
    turn.say("utter_exchange_none_left", item=item.name, buttons=choosing.buttons(offered))
    return wish.without_variant().asking("variant", offered)


async def say_stock(turn: Turn, outside: Outside, item: Item) -> bool:
    """Say which sizes there are in each colour; returns whether the shop knows."""
    stock = await outside.orders.availability(item.product) if item.product else None
    if stock is None:
        return False
    there: dict[str, list[str]] = {}
    for one in stock.available():
        color = stock.product.color(one.color)
        name = in_language(color.name, turn.language) if color else one.color
        there.setdefault(name, []).append(one.size)
    if not there:
        turn.say("utter_exchange_nothing_there", item=item.name)
        return True
    lines = "; ".join(f"{name}: {', '.join(sizes)}" for name, sizes in there.items())
    turn.say("utter_exchange_in_stock", item=item.name, variants=lines)
    return True


def named_instead(turn: Turn, wish: Wish) -> Wish | None:
    """The wish with another size or colour than was read back: "não, prefiro o 40"."""
    if not wish.is_exchange or turn.is_button:
        return None
    said = _said(plain(turn.text))
    sizes = [size for size in wish.known_sizes if plain(size) in said and size != wish.size]
    if not sizes and not turn.values_of("color"):
        return None
    return replace(wish.without_variant(), sizes=tuple(sizes), words=plain(turn.text))


def picked(wish: Wish, key: str) -> Wish:
    """The wish with the variant behind a button."""
    size, _, color = key.partition(_BETWEEN)
    return replace(wish, size=size or None, color=color or None)


def _key(one: Variant, item: Item, own: Color | None) -> str:
    size = "" if one.size == item.size else one.size
    color = "" if own and one.color == own.ref else one.color
    return f"{size}{_BETWEEN}{color}"


def _name(
    turn: Turn,
    stock: Availability,
    one: Variant,
    item: Item | None = None,
    own: Color | None = None,
) -> str:
    """`39, preto`; only what differs, where there is an item to differ from."""
    color = stock.product.color(one.color)
    name = in_language(color.name, turn.language) if color else one.color
    if item is not None and own is not None and one.color == own.ref:
        return one.size
    if item is not None and one.size == item.size:
        return name
    return f"{one.size}, {name}"


def _color_of(stock: Availability, label: str) -> Color | None:
    wanted = plain(label)
    return next(
        (
            one
            for one in stock.product.colors
            if wanted in {plain(one.ref), *(plain(name) for name in one.name.values())}
        ),
        None,
    )


def _is_said(color: Color, words: str) -> bool:
    names = {plain(color.ref), *(plain(name) for name in color.name.values())}
    return any(re.search(rf"\b{re.escape(name)}\b", words) for name in names if name)

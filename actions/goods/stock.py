"""Whether a product is there in a size and colour, and what could be taken instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType

from actions.goods import charts
from actions.goods.goods_wish import Goods
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts, dates, words
from actions.wording.plain import plain
from order_system.catalogue import Availability, Color, Product, Variant
from order_system.texts import in_language

_FEW_LEFT = 3
_MOST_ALTERNATIVES = 3
_BRAZIL = "55"
_AS_BRITISH = {"gray": "grey"}
# What is a colour's kind, but not by its name.
_KINDS = {
    "blue": frozenset({"navy", "azul"}),
    "green": frozenset({"olive", "mint", "verde"}),
    "brown": frozenset({"tan"}),
    "beige": frozenset({"nude"}),
}


async def tell(turn: Turn, outside: Outside, goods: Goods) -> list[EventType]:
    """Answer for the size and colour that were said; with neither, say what there is and ask."""
    stock = await outside.orders.availability(str(goods.product))
    if stock is None:
        turn.say("utter_product_gone", product=goods.name)
        return replace(goods, product=None, name="").done()
    product = stock.product
    sizes = await _own_sizes(outside, product, goods)
    if len(sizes) > 1:
        asked = await charts.choose(turn, outside, goods)
        if isinstance(asked, list):
            return asked
    size = sizes[-1] if sizes else None
    if goods.size and size is None:
        _say_sizes(turn, stock, goods)
        return replace(goods, size=None, system=None).done()
    goods = replace(goods, size=size, system=None)
    colors = _colors(product, goods)
    if goods.color and not colors:
        names = [_called(one, turn) for one in product.colors]
        turn.say("utter_color_not_made", product=goods.name, colors=_list(names, turn))
        return replace(goods, color=None, color_said=None).done()
    if size is None and len(product.sizes) > 1 and not colors:
        _say_all(turn, stock, goods)
        return goods.asking("size")
    return await _answer(turn, outside, goods, (stock, size, colors or list(product.colors)))


async def _answer(
    turn: Turn,
    outside: Outside,
    goods: Goods,
    sought: tuple[Availability, str | None, list[Color]],
) -> list[EventType]:
    stock, size, colors = sought
    refs = {one.ref for one in colors}
    if size is None and len(stock.product.sizes) == 1:
        size = stock.product.sizes[0]
    there = [one for one in stock.available(size=size) if one.color in refs]
    if not there:
        await _say_sold_out(turn, outside, goods, sought)
    elif size is not None and len(stock.product.sizes) == 1:
        named = _names(there, stock, turn)
        turn.say("utter_one_size_in_colors", colors=named, **_about(turn, stock, goods))
    elif size is not None and len(colors) == 1:
        _say_there(turn, goods, stock, there[0])
    elif size is not None:
        named = _names(there, stock, turn)
        turn.say("utter_size_in_colors", size=size, colors=named, **_about(turn, stock, goods))
    else:
        sizes = [one for one in stock.product.sizes if one in {each.size for each in there}]
        named = _list([_called(one, turn) for one in colors], turn)
        turn.say(
            "utter_color_in_sizes",
            color=named,
            sizes=_list(sizes, turn),
            **_about(turn, stock, goods),
        )
    return goods.done()


def _say_there(turn: Turn, goods: Goods, stock: Availability, one: Variant) -> None:
    color = stock.product.color(one.color)
    said = "utter_in_stock"
    if one.in_stock is not None and one.in_stock <= _FEW_LEFT:
        said = "utter_in_stock_few"
    turn.say(
        said,
        size=one.size,
        color=_called(color, turn) if color else one.color,
        **_about(turn, stock, goods),
    )


async def _say_sold_out(
    turn: Turn,
    outside: Outside,
    goods: Goods,
    sought: tuple[Availability, str | None, list[Color]],
) -> None:
    stock, size, colors = sought
    color = colors[0] if len(colors) == 1 else None
    asked = await outside.orders.availability(
        stock.product.ref, size=size, color=color.ref if color else None
    )
    what = [part for part in (size, _called(color, turn) if color else None) if part]
    turn.say("utter_out_of_stock", product=goods.name, variant=", ".join(what))
    if asked and asked.wanted and asked.wanted.back_on:
        day = dates.written(asked.wanted.back_on, turn.language, dates.today())
        turn.say("utter_back_in_stock_on", day=day)
    others = list(asked.alternatives[:_MOST_ALTERNATIVES]) if asked else []
    if asked and others:
        named = [_alternative(one, asked, turn) for one in others]
        turn.say("utter_stock_alternatives", alternatives="\n".join(f"• {one}" for one in named))


def _alternative(one: Variant, stock: Availability, turn: Turn) -> str:
    product = stock.product_of(one) or stock.product
    color = product.color(one.color)
    name = in_language(product.name, turn.language)
    return f"{name}, {one.size}, {_called(color, turn) if color else one.color}"


def _say_all(turn: Turn, stock: Availability, goods: Goods) -> None:
    there = {one.size for one in stock.available()}
    sizes = [size for size in stock.product.sizes if size in there]
    colors = [_called(one, turn) for one in stock.product.colors]
    said = "utter_ask_stock_size" if sizes else "utter_all_sold_out"
    about = _about(turn, stock, goods)
    turn.say(said, sizes=_list(sizes, turn), colors=_list(colors, turn), **about)


def _say_sizes(turn: Turn, stock: Availability, goods: Goods) -> None:
    sizes = _list(list(stock.product.sizes), turn)
    turn.say("utter_size_not_made", product=goods.name, size=goods.size, sizes=sizes)


def _about(turn: Turn, stock: Availability, goods: Goods) -> dict[str, Any]:
    is_brazilian = (turn.phone or "").startswith(_BRAZIL) or turn.language == "pt"
    price = stock.product.price("BRL" if is_brazilian else "USD")
    price = price or next(iter(stock.product.prices), None)
    return {
        "product": goods.name,
        "price": amounts.written(price, turn.language) if price else "",
        "product_url": stock.product.url or "",
    }


async def _own_sizes(outside: Outside, product: Product, goods: Goods) -> list[str]:
    """The size as this product's labels write it: an L is a G here, a UK 10 a 43.

    Several where a number abroad means another size for women than for men.
    """
    if goods.size is None:
        return []
    own = [size for size in product.sizes if plain(size) == plain(goods.size)]
    if goods.system in {None, "br"} and (own or not goods.size.isalpha()):
        return own
    found = await outside.orders.size_charts(product=product.ref)
    rows = [
        row.size
        for chart in found
        if goods.gender in {None, chart.gender}
        for row in chart.rows_of(goods.size, goods.system or "us")
    ]
    return [size for size in dict.fromkeys(rows) if size in product.sizes]


def _colors(product: Product, goods: Goods) -> list[Color]:
    """The colours meant: the one so called, else all that are a kind of it."""
    if goods.color is None:
        return []
    named = {one.ref: {plain(one.ref), *map(plain, one.name.values())} for one in product.colors}
    said = plain(goods.color_said or "").rstrip("s")
    wanted = {_AS_BRITISH.get(goods.color, goods.color), said} - {""}
    exact = [one for one in product.colors if wanted & named[one.ref]]
    kinds = wanted | _KINDS.get(goods.color, frozenset())
    within = [
        one
        for one in product.colors
        if any(kind in name for kind in kinds for name in named[one.ref])
    ]
    return exact or within


def _names(found: Sequence[Variant], stock: Availability, turn: Turn) -> str:
    colors = [stock.product.color(one.color) for one in found]
    return _list([_called(one, turn) for one in colors if one], turn)


def _called(color: Color, turn: Turn) -> str:
    return in_language(color.name, turn.language)


def _list(items: list[str], turn: Turn) -> str:
    return words.listed(items, turn.language)

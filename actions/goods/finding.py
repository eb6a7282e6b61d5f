"""Which product a message is about: by its name, by the kind of goods, or the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rasa_sdk.events import EventType, SlotSet

from actions.goods.goods_wish import Goods
from actions.talk import choosing, people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import measures, words
from actions.wording.plain import plain
from order_system.catalogue import Product
from order_system.texts import in_language

_WORD = re.compile(r"[a-z]{3,}")
_SHOE = re.compile(r"(?<![\d.,$#-])\b(?:3[3-9]|4[0-6])\b(?![\d%]|[.,]\d| ?(?:cm|reais|anos))")
_MOST_SEARCHED = 20
_MOST_OFFERED = 9
_MOST_ASKED = 2
_MOST_SO_CALLED = 3
_NEEDS_PRODUCT = frozenset({"stock"})


async def settle(turn: Turn, outside: Outside, goods: Goods) -> Goods | list[EventType]:
    """The question with its product or category; or the events of asking for it."""
    found = await _named(turn, outside)
    if len(found) == 1:
        return _with_values(turn, goods.about(found[0], turn.language))
    goods = _with_values(turn, goods.of_another() if found and goods.product else goods)
    if not found and _names_unknown(turn):
        turn.say("utter_product_not_found")
        return ask(turn, goods.of_another())
    if len(found) > 1:
        category = None if goods.wish in _NEEDS_PRODUCT else _category(turn, found)
        if category is None:
            return _offer(turn, goods, found)
        return replace(goods, product=None, name="", category=category)
    return goods


def ask(turn: Turn, goods: Goods) -> list[EventType]:
    """Ask which product is meant; whom the question doesn't help is offered a person."""
    if goods.tries >= _MOST_ASKED:
        turn.say("utter_product_unclear")
        return [*people.forget_questions(), SlotSet("pending", "talk_to_human")]
    turn.say("utter_ask_product")
    return replace(goods, tries=goods.tries + 1).asking("product")


async def is_name(turn: Turn, outside: Outside) -> bool:
    """Whether the message is the name of goods, or of a few."""
    return 0 < len(await _named(turn, outside)) <= _MOST_SO_CALLED


async def by_ref(outside: Outside, ref: str, language: str) -> Product | None:
    """The product with the shop's own key."""
    found = await outside.orders.products(ref, language, limit=1)
    return next((one for one in found if one.ref == ref), None)


def _category(turn: Turn, found: Sequence[Product]) -> str | None:
    """The shelf that all of them stand on, else the one that the message calls by its name."""
    if len({one.category for one in found}) == 1:
        return found[0].category
    said = set(_WORD.findall(plain(turn.text)))
    for one in found:
        shelf = set(_WORD.findall(plain(" ".join(one.category_name.values()))))
        if any(word.startswith(own) or own.startswith(word) for word in said for own in shelf):
            return one.category
    return None


def _with_values(turn: Turn, goods: Goods) -> Goods:
    sizes = turn.values_of("size") or _bare_size(turn)
    colors = [one for one in turn.entities if one.get("entity") == "color"]
    goods = replace(
        goods,
        size=sizes[0] if sizes else goods.size,
        system=measures.system_in(turn.text) if sizes else goods.system,
        gender=gender_in(turn.text) or goods.gender,
    )
    if not colors:
        return goods
    said = turn.text[colors[0].get("start", 0) : colors[0].get("end", 0)]
    return replace(goods, color=str(colors[0]["value"]), color_said=said or None)


def _bare_size(turn: Turn) -> list[str]:
    """The one number of a shoe beside the name of goods: "tem o brisa preto 40?"."""
    found = _SHOE.findall(turn.text)
    return found if len(found) == 1 and turn.values_of("product") and not turn.is_button else []


async def _named(turn: Turn, outside: Outside) -> list[Product]:
    """The products that the message may mean; none when it names nothing."""
    named = turn.values_of("product")
    if turn.is_button:
        found = [await by_ref(outside, one, turn.language) for one in named[:1]]
        return [one for one in found if one is not None]
    kinds = [words.word("products", "kinds", one, turn.language) for one in named]
    said = set(_WORD.findall(plain(" ".join([turn.text, *kinds]))))
    sought = await outside.orders.products(
        " ".join([*kinds, turn.text]), turn.language, limit=_MOST_SEARCHED
    )
    return _best(said, sought, is_named=bool(named))


def _best(said: set[str], found: Sequence[Product], *, is_named: bool) -> list[Product]:
    """Those whose names share the most words with the message."""
    hits = {one.ref: len(said & _name_words(one)) for one in found}
    most = max(hits.values(), default=0)
    if most:
        return [one for one in found if hits[one.ref] == most]
    if is_named and found:
        return [one for one in found if one.category == found[0].category]
    return []


def _name_words(product: Product) -> set[str]:
    return set(_WORD.findall(plain(" ".join(product.name.values())))) - _SMALL


def _names_unknown(turn: Turn) -> bool:
    """Whether the message asks for something by a name that the shop doesn't know."""
    if turn.is_button or turn.values_of("product"):
        return False
    named = _ASKED_FOR.search(plain(turn.text))
    return named is not None and named[1] not in _NO_GOODS


def _offer(turn: Turn, goods: Goods, found: Sequence[Product]) -> list[EventType]:
    offered = {one.ref: in_language(one.name, turn.language) for one in found[:_MOST_OFFERED]}
    turn.say("utter_choose_product", buttons=choosing.buttons(offered))
    return goods.asking("product", offered)


def gender_in(text: str) -> str | None:
    """`women` or `men`, where the message says for whom."""
    said = plain(text)
    if _WOMEN.search(said):
        return "women"
    return "men" if _MEN.search(said) else None


_ASKED_FOR = re.compile(
    r"(?:\b(?:vendem?|trabalham com|sell|carry)|^(?:voces |vcs )?(?:tem|have you got|do you have))"
    r" (?:an? |any |uma? |some )?([a-z]{4,})\b"
)
_ELSE = """
estoque tamanho outra outro outras outros mais ainda disponivel desconto pronta este esta esse essa
desse dessa deste desta aquele aquela ele dele isso isto numero alguma algum menor maior parcela
stock size more this that these those them other another bigger smaller some something anything
"""
_NO_GOODS = frozenset(_ELSE.split())
_WOMEN = re.compile(
    r"\b(?:feminin[oa]s?|mulher(?:es)?|menina|moca|esposa|namorada|mae|filha|women|woman|female"
    r"|ladies|wife|girlfriend|mum|mom|daughter|her|womens)\b"
)
_MEN = re.compile(
    r"\b(?:masculin[oa]s?|homem|homens|menino|marido|namorado|pai|filho|men|man|male"
    r"|husband|boyfriend|dad|son|him|his|mens)\b"
)
# "Bust 92 waist 75" names no high-waist leggings.
_JOINING = """
com para dos das que sem por the with for and tem nao uma has have are you
waist cintura quadril busto
"""
_SMALL = frozenset(_JOINING.split())

"""What the desk claims to be in stock, or not, held against the shelves."""

import re
from collections.abc import Iterator

from simulator.crowd.goods import sizes_in
from simulator.crowd.plain import plain
from simulator.crowd.signs import shows
from simulator.crowd.truth import Truth
from simulator.shop_catalogue import Product, catalogue

_NOT_A_SIZE = re.compile(r"(?:R\$|US\$|\$)\s?[\d.,]+|\d{1,2}/\d{2}(?:/\d{4})?|\d{5,}")


def wrong_stock(text: str, truth: Truth) -> Iterator[str]:
    """Every size that is said to be there and isn't, or the other way round."""
    for sentence in re.split(r"(?<=[.?])\s+|\n|;", text):
        product = _product(sentence)
        if product is None:
            continue
        is_gone = shows(sentence, "out_of_stock")
        is_there = not is_gone and shows(sentence, "in_stock")
        if not (is_gone or is_there):
            continue
        after = _NOT_A_SIZE.sub(" ", _behind(sentence, product))
        for size in sizes_in(after) or ["Único"]:
            known = _known(truth, product, size, after)
            if len(known) == 1 and known != {is_there}:
                yield f"{product.pt} in {size} is {'not ' if is_there else ''}in stock"


def _product(sentence: str) -> Product | None:
    """The product that the sentence calls by its whole name."""
    bare = plain(sentence)
    named = [
        one
        for one in catalogue().products.values()
        if plain(one.pt) in bare or plain(one.en) in bare
    ]
    return named[0] if len(named) == 1 else None


def _behind(sentence: str, product: Product) -> str:
    """The sentence without the product's name, and without what stands in brackets behind it.

    `Trocar Tênis Brisa (38, preto) por 39` says nothing of the 38, unless nothing else is said.
    """
    names = "|".join(re.escape(one) for one in (product.pt, product.en))
    bare = re.sub(rf"(?:{names})\s*\([^)]*\)", " ", sentence, flags=re.IGNORECASE)
    return bare if sizes_in(bare) else re.sub(names, " ", sentence, flags=re.IGNORECASE)


def _known(truth: Truth, product: Product, size: str, text: str) -> set[bool]:
    """Whether there is any of this size, in the colours that are named, in all when none is."""
    bare = plain(text)
    named = [
        one.pt
        for one in product.colors
        if re.search(rf"\b({re.escape(plain(one.pt))}|{re.escape(one.en)})\b", bare)
    ]
    colors = named or [one.pt for one in product.colors]
    facts = [truth.stock.get((product.sku, size, color), set()) for color in colors]
    if len(set(map(frozenset, facts))) == 1:
        return facts[0]
    # Of several colours some are there: only one that stands alone can be wrong.
    return set()

"""Products of the demo shop as its API tells of them, and which one some words mean."""

import re
import unicodedata
from functools import cache
from typing import Any

from simulator.shop_catalogue import Product, catalogue

_SMALL = "de da do das dos em com para a o e of the in with for and x"
_FEW = frozenset(_SMALL.split())


def product_answer(product: Product, public_url: str) -> dict[str, Any]:
    """The product as `order_system/openapi.yaml` describes it."""
    return {
        "ref": product.sku,
        "name": {"pt": product.pt, "en": product.en},
        "category": product.kind,
        "category_name": {name: catalogue().kinds[product.kind][name] for name in ("pt", "en")},
        "url": f"{public_url.rstrip('/')}/shop#/catalogue/{product.sku}",
        "prices": [
            {"amount": str(price), "currency": currency}
            for currency, price in product.prices.items()
        ],
        "colors": [{"ref": one.pt, "name": {"pt": one.pt, "en": one.en}} for one in product.colors],
        "sizes": list(product.sizes),
    }


def find_products(words: str, limit: int) -> list[Product]:
    """The products these words mean, the best first: by SKU, else by how much of them they name."""
    wanted = _words(words)
    exact = catalogue().products.get(words.strip().upper())
    if exact is not None:
        return [exact]
    scored = [(_score(wanted, sku), sku) for sku in catalogue().products]
    best = sorted((one for one in scored if one[0] > 0), key=lambda one: (-one[0], one[1]))
    return [catalogue().products[sku] for _, sku in best[:limit]]


def _score(wanted: list[str], sku: str) -> float:
    """How many of the words the product has, those of its name counting most."""
    names, shelf = _vocabulary(sku)
    hits = [_worth(word, names, shelf) for word in wanted]
    if not any(hits):
        return 0.0
    # Of two that are named alike, the one with the shorter name is meant.
    return sum(hits) - hits.count(0.0) * 0.5 - len(names) * 0.01


def _worth(word: str, names: frozenset[str], shelf: frozenset[str]) -> float:
    if word in names:
        return 3.0
    if _has_stem(names, word):
        return 2.0
    return 1.0 if _has_stem(shelf, word) else 0.0


def _has_stem(known: frozenset[str], word: str) -> bool:
    stem = word[: max(4, len(word) - 2)]
    return len(word) >= 4 and any(one.startswith(stem) for one in known)


@cache
def _vocabulary(sku: str) -> tuple[frozenset[str], frozenset[str]]:
    product = catalogue().products[sku]
    kind = catalogue().kinds[product.kind]
    shelf = [kind["pt"], kind["en"], product.picture]
    shelf += [f"{one.pt} {one.en}" for one in product.colors]
    return frozenset(_words(f"{product.pt} {product.en}")), frozenset(_words(" ".join(shelf)))


def _words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return [word for word in re.findall(r"[a-z0-9]+", plain) if word not in _FEW]

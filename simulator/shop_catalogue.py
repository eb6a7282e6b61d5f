"""What the demo shop sells: read once from `shop/catalogue.json`."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

ONE_SIZE = "Único"
SHOP_FILES = Path(__file__).parent / "shop"


@dataclass(frozen=True)
class Color:
    """A colour in both languages, and as a screen paints it."""

    pt: str
    en: str
    hex: str


@dataclass(frozen=True)
class Product:
    """A product in every size and colour it is sold in, at its price in Brazil and abroad."""

    sku: str
    kind: str
    picture: str
    pt: str
    en: str
    prices: dict[str, Decimal]
    colors: tuple[Color, ...]
    sizes: tuple[str, ...]

    def color(self, name: str) -> Color:
        return next(color for color in self.colors if color.pt == name)


@dataclass(frozen=True)
class Catalogue:
    """All products by SKU, and the shelves they stand on."""

    products: dict[str, Product]
    kinds: dict[str, dict[str, str]]


@cache
def catalogue() -> Catalogue:
    """The catalogue, in the order of its file."""
    data = read_json("catalogue.json")
    colors = {pt: Color(pt, color["en"], color["hex"]) for pt, color in data["colors"].items()}
    products = [
        Product(
            sku=row["sku"],
            kind=row["kind"],
            picture=row.get("picture", data["kinds"][row["kind"]]["picture"]),
            pt=row["pt"],
            en=row["en"],
            prices={"BRL": Decimal(row["brl"]), "USD": Decimal(row["usd"])},
            colors=tuple(colors[name] for name in row["colors"]),
            sizes=tuple(data["sizes"][row["sizes"]]),
        )
        for row in data["products"]
    ]
    return Catalogue({product.sku: product for product in products}, data["kinds"])


def read_json(name: str) -> Any:
    """One of the data files of the shop."""
    return json.loads((SHOP_FILES / name).read_text(encoding="utf-8"))

"""The customers of the demo shop: those with a phone in the simulator, and invented others."""

import random
import unicodedata
from functools import cache
from typing import Any

from simulator.shop_catalogue import read_json
from simulator.shop_dice import dice
from simulator.shop_orders import Customer

_HOW_MANY = 160
_ABROAD = 0.22


@cache
def shoppers() -> dict[str, Customer]:
    """The people whose phone the simulator shows, by their first name."""
    return {key: Customer(**row) for key, row in read_json("people.json")["shoppers"].items()}


@cache
def invented_customers() -> list[Customer]:
    """People who don't exist, with numbers that nobody has."""
    names = read_json("people.json")
    chance = dice("people")
    return [_invent(position, names, chance) for position in range(_HOW_MANY)]


def _invent(position: int, names: dict[str, Any], chance: random.Random) -> Customer:
    language = "en" if chance.random() < _ABROAD else "pt"
    first = chance.choice(names["first_names"][language])
    last = chance.choice(names["last_names"][language])
    city = chance.choice(names["cities"][language])
    return Customer(
        name=f"{first} {last}",
        phone=_phone(position, names["area_codes"].get(city), language),
        email=f"{_plain(first)}.{_plain(last)}{position}@example.{chance.choice(('com', 'net'))}",
        language=language,
        city=city,
    )


def _phone(position: int, area: str | None, language: str) -> str:
    # Ranges that no carrier gives out: 90000 in Brazil, 555-01xx in the United States, and
    # those that the British regulator keeps for drama.
    if language == "pt":
        return f"+55{area}90000{position:04d}"
    return f"+1{area}5550{100 + position % 100}" if area else f"+447700900{200 + position:03d}"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.lower())
    return "".join(letter for letter in letters if letter.isascii())

"""Where the customers of the demo shop live: addresses that look right and belong to nobody."""

from functools import cache
from typing import Any

from order_system.addresses import Address
from simulator.shop_catalogue import read_json
from simulator.shop_dice import dice


def home(name: str, city: str, language: str) -> Address:
    """The address of this person, the same at every start."""
    chance = dice("home", name, city)
    country = country_of(city, language)
    place, _, state = city.partition("/")
    postcode, us_state, district = _data()["postcodes"][city]
    is_brazil = country == "BR"
    flat = f"apto {chance.randrange(11, 199)}" if is_brazil else f"Flat {chance.randrange(1, 60)}"
    return Address(
        recipient=name,
        street=chance.choice(_data()["streets"]["pt" if is_brazil else "en"]),
        number=str(chance.randrange(3, 1900 if is_brazil else 180)),
        complement=flat if chance.random() < 0.5 else "",
        district=district if is_brazil else "",
        city=place,
        state=state or us_state,
        postcode=postcode,
        country=country,
    )


def country_of(city: str, language: str) -> str:
    """The country of a city of our customers."""
    if language == "pt":
        return "BR"
    return "US" if _data()["postcodes"][city][1] else "GB"


def has_city(city: str) -> bool:
    """Whether anybody of ours could live there."""
    return city in _data()["postcodes"]


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = read_json("homes.json")
    return found

"""The carriers of the demo shop: how long they take, how they number parcels, what they say."""

import random
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from simulator.shop_catalogue import read_json

# Days from hand-over to door, as promised to the customer.
PROMISED_DAYS = {"Correios": 6, "Jadlog": 5, "Loggi": 3, "Royal Mail": 8, "UPS": 5}
AT_HOME = ("Correios", "Jadlog", "Loggi")
ABROAD = ("Royal Mail", "UPS")

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass
class Parcel:
    """A parcel as its carrier tells of it; `event` is a key of `shop/carriers.json`."""

    carrier: str
    number: str
    eta: date
    event: str
    event_at: datetime
    delivered_at: datetime | None = None

    @property
    def url(self) -> str:
        address: str = _data()["addresses"][self.carrier]
        return address.format(number=self.number)

    def news(self, language: str, city: str) -> str:
        """The latest event in the customer's words."""
        text: str = _data()["events"][self.event][language]
        return text.format(city=city)


def tracking_number(carrier: str, dice: random.Random) -> str:
    """A number of the shape this carrier gives out; it belongs to no parcel."""
    if carrier == "UPS":
        shipper = "".join(dice.choices(_LETTERS + "0123456789", k=6))
        return f"1Z{shipper}04{dice.randrange(10**8):08d}"
    if carrier == "Jadlog":
        return f"{dice.randrange(10**14):014d}"
    if carrier == "Loggi":
        return "LGI" + "".join(dice.choices(_LETTERS + "0123456789", k=10))
    letters = "".join(dice.choices(_LETTERS, k=2))
    serial = f"{dice.randrange(10**8):08d}"
    country = "GB" if carrier == "Royal Mail" else "BR"
    return f"{letters}{serial}{_postal_check_digit(serial)}{country}"


def _postal_check_digit(serial: str) -> int:
    # The check digit of the Universal Postal Union's S10 standard.
    weights = (8, 6, 4, 2, 3, 5, 9, 7)
    rest = 11 - sum(int(d) * w for d, w in zip(serial, weights, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_json("carriers.json")
    return data

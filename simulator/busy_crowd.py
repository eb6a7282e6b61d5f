"""The shoppers of a busy day: some have orders in the demo shop, and none is of the demo's cast."""

from dataclasses import dataclass
from functools import cache

from simulator.shop_catalogue import read_json
from simulator.shop_dice import dice
from simulator.shop_history import FIRST, LAST, past_orders
from simulator.shop_people import invented_customers
from simulator.shop_shelf import now
from simulator.shoppers import Shopper, digits

_STRANGERS = 180


@dataclass(frozen=True)
class Person:
    """Somebody who may write: who they are to the channel, and what they bought."""

    key: str
    name: str
    number: str
    language: str
    email: str
    order: int

    def shopper(self) -> Shopper:
        """Their phone."""
        return Shopper(
            key=self.key,
            name=self.name,
            language=self.language,
            wa_id=self.number,
            user_id=self.key,
            group="crowd",
        )


@cache
def crowd() -> tuple[Person, ...]:
    """A few hundred people, the same at every start."""
    people = _customers() + _strangers()
    known: dict[str, Person] = {}
    for person in people:
        known.setdefault(person.number, person)
    return tuple(known.values())


def _customers() -> list[Person]:
    """The invented customers of the demo shop, each with the last of their orders."""
    orders: dict[str, int] = {}
    for order in past_orders(now()):
        orders[order.customer.email] = max(order.number, orders.get(order.customer.email, 0))
    return [
        Person(
            key=_key(number, place),
            name=one.name,
            number=number,
            language=one.language,
            email=one.email,
            order=orders[one.email],
        )
        for place, one in enumerate(invented_customers())
        if one.email in orders and (number := digits(one.phone or ""))
    ]


def _strangers() -> list[Person]:
    """People who bought nothing: the order they name is somebody else's, or nobody's."""
    names = read_json("people.json")
    chance = dice("crowd")
    people = []
    for place in range(_STRANGERS):
        language = "en" if chance.random() < 0.3 else "pt"
        first = chance.choice(names["first_names"][language])
        last = chance.choice(names["last_names"][language])
        # Ranges that no carrier gives out, as those of the shop's customers.
        area = chance.choice(list(names["area_codes"].values())[:16])
        number = f"55{area}90001{place:04d}" if language == "pt" else f"447700900{600 + place:03d}"
        people.append(
            Person(
                key=_key(number, 1000 + place),
                name=f"{first} {last}",
                number=number,
                language=language,
                email=f"{place}.{last}@example.com".lower(),
                order=chance.randint(FIRST, LAST),
            )
        )
    return people


def _key(number: str, place: int) -> str:
    country = "BR" if number.startswith("55") else "US" if number.startswith("1") else "GB"
    return f"{country}.77{place:06d}{number[-6:]}"

"""Who each shopper is and which order of the demo shop fits what they want, the same for a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.crowd import goods
from simulator.crowd.filling import mail_in
from simulator.crowd.goals import Goal, Wish
from simulator.crowd.goods import Goods
from simulator.crowd.plain import plain
from simulator.shop_catalogue import read_json
from simulator.shop_staging import Situation

SITUATIONS: Mapping[Goal, tuple[Situation, ...]] = {
    "track_order": ("in_transit", "in_transit", "shipped", "out_for_delivery", "preparing"),
    "order_late": ("late",),
    "return_regret": ("delivered_lately",),
    "return_defect": ("delivered_weeks_ago", "delivered_weeks_ago", "delivered_lately"),
    "exchange_size": ("delivered_lately", "delivered_weeks_ago"),
    "refund_status": ("refund_on_its_way", "return_on_its_way", "return_received"),
    "cancel_before_dispatch": ("paid", "preparing"),
    "cancel_after_dispatch": ("shipped", "in_transit"),
    "change_address": ("paid",),
    "payment_twice": ("charged_twice",),
    "pix_expired": ("pix_expired",),
    "invoice": ("shipped", "in_transit", "delivered_lately"),
    "complaint": ("delivered_weeks_ago",),
}
"""How the order stands that a goal needs; whoever has none of these bought nothing yet."""

_ADDRESSES = {
    "pt": (
        {"street": "Rua Augusta", "number": "1508", "city": "São Paulo", "state": "SP",
         "postcode": "01304-001"},
        {"street": "Rua da Bahia", "number": "905", "city": "Belo Horizonte", "state": "MG",
         "postcode": "30160-011"},
        {"street": "Rua Visconde de Pirajá", "number": "330", "city": "Rio de Janeiro",
         "state": "RJ", "postcode": "22410-000"},
    ),
    "en": (
        {"street": "Mill Lane", "number": "42", "city": "London", "state": "",
         "postcode": "NW6 1NJ"},
        {"street": "Park Road", "number": "17", "city": "Bristol", "state": "",
         "postcode": "BS7 8AA"},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """One shopper before they write: who they are, what they bought, and their moods."""

    wish: Wish
    nth: int
    name: str
    number: str
    email: str
    goods: Goods
    address: Mapping[str, str]
    situation: Situation | None
    digresses: bool
    """Whether they ask something else in the middle."""
    wavers: bool
    """Whether they change their mind once."""
    presses: float
    """How often they press what they could type."""
    thanks: bool
    has_photo: bool

    @property
    def language(self) -> str:
        return self.wish.lang

    def order(self) -> dict[str, Any] | None:
        """The order to make for them."""
        if self.situation is None:
            return None
        return {
            "situation": self.situation,
            "name": self.name,
            "phone": f"+{self.number}",
            "email": self.email,
            "language": self.language,
            "product": self.goods.product.sku,
            "size": self.goods.size,
            "color": self.goods.color,
        }


def plan(wish: Wish, nth: int, seed: int, series: int = 0) -> Plan:
    """The shopper of a line; `series` keeps the numbers of an earlier crowd apart."""
    chance = random.Random(f"{seed}/{nth}/{wish.goal}/{wish.opening}")  # noqa: S311 - no secret
    name = _name(wish.lang, chance)
    answer = wish.follow_up("ask_size", "size")
    said = f"{wish.opening} {wish.follow_up('ask_product', 'product') or ''}"
    return Plan(
        wish=wish,
        nth=nth,
        name=name,
        number=_number(wish.lang, nth, series),
        email=mail_in(wish.follow_up("ask_email", "email")) or _email(name, nth),
        goods=goods.spoken_of(said, answer, chance, for_exchange=wish.goal == "exchange_size"),
        address=chance.choice(_ADDRESSES[wish.lang]),
        situation=chance.choice(SITUATIONS[wish.goal]) if wish.goal in SITUATIONS else None,
        digresses="digress" in wish.follow_ups,
        wavers=chance.random() < 0.12,
        presses=chance.choice((0.2, 0.6, 0.9)),
        thanks=chance.random() < 0.3,
        has_photo=chance.random() < 0.93,
    )


def _name(language: str, chance: random.Random) -> str:
    names = read_json("people.json")
    first = chance.choice(names["first_names"][language])
    return f"{first} {chance.choice(names['last_names'][language])}"


def _number(language: str, nth: int, series: int) -> str:
    """A number that no carrier gives out, and nobody else in the simulator has."""
    place = (series * 1000 + nth) % 100_000
    # Brazil's 90002 and, abroad, the 555 of films.
    return (
        f"55119{place // 1000 + 2000:04d}{place % 1000:04d}"
        if language == "pt"
        else (f"1{201 + place // 100 % 700:03d}555{place // 70_000}{100 + place % 100:03d}")
    )


def _email(name: str, nth: int) -> str:
    first, *_, last = plain(name).split()
    bare = "".join(letter for letter in f"{first}.{last}" if letter.isascii())
    return f"{bare}{nth}@example.com"

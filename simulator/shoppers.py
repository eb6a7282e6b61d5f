"""The people with a phone: who they are and under which spellings they are found."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass
class Shopper:
    """A person who can write to the shop; `key` never changes, number and BSUID may."""

    key: str
    name: str
    language: str
    wa_id: str | None
    user_id: str
    username: str | None = None
    # A number the shop does not know; its owner may still give it away in a contact card.
    private_number: str | None = None
    last_wrote_at: float | None = None
    unread: int = 0
    group: str = "cast"
    """Whose phone it is: the demo's cast, somebody `made` by hand, the `past`, or the `crowd`."""

    @property
    def address(self) -> str:
        """What a list of shoppers calls this one: the number if it is known, else the BSUID."""
        return self.wa_id or self.user_id

    def answers_to(self, name: str) -> bool:
        """Tell whether a spelling (number with or without the ninth digit, BSUID) is this one."""
        if name in {self.key, self.user_id, self.username}:
            return True
        return self.wa_id is not None and bool(spellings(digits(name)) & spellings(self.wa_id))


def demo_cast() -> list[Shopper]:
    """Make the shoppers of the demo, who have orders in the demo shop."""
    people = [
        ("Marina Duarte", "pt", "5511987650001", "BR.8842017735519024", None),
        ("John Carter", "en", "447700900123", "GB.5501934402817711", None),
        ("Seu Antônio Prado", "pt", "555196540002", "BR.1200450096", None),
        ("Priya Nair", "en", None, "GB.7712003344556677", "priya.n"),
        ("Rafael Lima", "pt", "5521991230003", "BR.3300771122", None),
    ]
    return [
        Shopper(
            key=user_id,
            name=name,
            language=language,
            wa_id=wa_id,
            user_id=user_id,
            username=username,
            private_number=None if wa_id else "447700900456",
        )
        for name, language, wa_id, user_id, username in people
    ]


def find(shoppers: Iterable[Shopper], name: str) -> Shopper | None:
    """Find who answers to a number, BSUID, username or key."""
    return next((one for one in shoppers if one.answers_to(name)), None)


def digits(number: str) -> str:
    """Strip what people put between digits; anything else makes it no number at all."""
    bare = number.strip().lstrip("+").translate(str.maketrans("", "", " -()."))
    return bare if bare.isdecimal() else ""


def spellings(number: str) -> set[str]:
    """List the ways a number is written: Brazilian mobiles exist with and without the ninth 9."""
    if not number:
        return set()
    if number.startswith("55") and len(number) == 13 and number[4] == "9":
        return {number, number[:4] + number[5:]}
    if number.startswith("55") and len(number) == 12 and number[4] in "6789":
        return {number, number[:4] + "9" + number[4:]}
    return {number}


def new_user_id(language: str) -> str:
    """Invent a BSUID."""
    country = "BR" if language == "pt" else "GB"
    return f"{country}.{secrets.randbelow(10**16):016d}"

"""Whether two spellings are one phone number, ninth digit of Brazil or not; and its country."""

import re

_FILLING = re.compile(r"[\s+\-./()\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DIGITS = re.compile(r"[0-9]{8,15}")
_BRAZILIAN_NATIONAL = re.compile(r"\(0?([1-9][1-9])\)([0-9]{8,9})")
_WITH_TRUNK_ZERO = re.compile(r"550[1-9][0-9]{7,}")
_COUNTRIES = {"55": "BR", "44": "GB", "351": "PT", "1": "US"}
_BRAZILIAN = re.compile(r"55(?P<area>[1-9][1-9])9?(?P<local>[6-9][0-9]{7})")


def same_phone(a: str | None, b: str | None) -> bool:
    """Whether both are the same number; False when either isn't a number with its country.

    WhatsApp knows many Brazilian mobiles without the ninth digit that shops write down
    with it. A bare national number is nobody's: read without its country, the same digits
    belong to somebody in Brazil and to somebody in Peru. Only the spelling with the area in
    brackets, `(11) 98765-0001`, is taken for Brazilian.
    """
    one = canonical_phone(a)
    return one is not None and one == canonical_phone(b)


def canonical_phone(phone: str | None) -> str | None:
    """The digits in which all spellings of one number meet, or None for what is no number.

    Made for comparing, not for dialling: a Brazilian mobile comes back without its ninth digit.
    """
    digits = _international_digits(phone or "")
    if not _DIGITS.fullmatch(digits):
        return None
    if _WITH_TRUNK_ZERO.fullmatch(digits):  # dialled at home and never from abroad
        digits = "55" + digits[3:]
    return without_ninth_digit(digits)


def without_ninth_digit(digits: str) -> str:
    """A Brazilian mobile's digits without the ninth, which WhatsApp may leave out; others as is.

    Only numbers from 6 to 9 are shortened, since a local number from 2 to 5 is a landline, and
    a landline and the mobile with a 9 before it are two people.
    """
    brazilian = _BRAZILIAN.fullmatch(digits)
    return f"55{brazilian['area']}{brazilian['local']}" if brazilian else digits


def full_phone(phone: str | None) -> str | None:
    """The number as its owner writes it: digits with country code and Brazil's ninth digit."""
    canonical = canonical_phone(phone)
    brazilian = _BRAZILIAN.fullmatch(canonical or "")
    return f"55{brazilian['area']}9{brazilian['local']}" if brazilian else canonical


def country_of(phone: str | None) -> str | None:
    """The country of a number with its country's code, among those that shops here deliver to."""
    digits = _international_digits(phone or "")
    found = (country for code, country in _COUNTRIES.items() if digits.startswith(code))
    return next(found, None)


def _international_digits(phone: str) -> str:
    written = re.sub(r"[\s\-.]", "", phone)
    national = _BRAZILIAN_NATIONAL.fullmatch(written)
    if national:
        return f"55{national[1]}{national[2]}"
    written = _FILLING.sub("", written.replace("(0)", ""))
    return written.removeprefix("00")

"""A phone number in the one spelling we compare by."""

import re

from order_system.phones import without_ninth_digit

_WITH_NINTH = 9  # digits, without the area's
_BEGUN_NINTH = re.compile(r"^(55[1-9][1-9])9(?=[6-9]|$)")


def phone_key(wa_id: str) -> str:
    """Digits alone, and a Brazilian mobile without its ninth digit, which Meta may leave out.

    `5551996540002` and `555196540002` are the same telephone. A landline keeps its eight digits
    and never meets the mobile with a 9 before it: those are two people.
    """
    return without_ninth_digit(re.sub(r"\D", "", wa_id))


def endings(digits: str) -> list[str]:
    """How `phone_key` ends of a number that ends in these digits, as somebody writes them.

    They may be all of it, without its country's code, without its area's, or fewer.
    """
    fronts = ("", "55", "5511" if len(digits) == _WITH_NINTH else "")
    return sorted({digits, *(phone_key(front + digits).removeprefix(front) for front in fronts)})


def beginnings(digits: str) -> list[str]:
    """How `phone_key` begins of a number that begins so, with or without its country's code."""
    written = [digits, f"55{digits}"]
    return sorted({*written, *(_BEGUN_NINTH.sub(r"\1", one) for one in written)})

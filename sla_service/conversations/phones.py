"""A phone number in the one spelling we compare by."""

import re

from order_system.phones import without_ninth_digit


def phone_key(wa_id: str) -> str:
    """Digits alone, and a Brazilian mobile without its ninth digit, which Meta may leave out.

    `5551996540002` and `555196540002` are the same telephone. A landline keeps its eight digits
    and never meets the mobile with a 9 before it: those are two people.
    """
    return without_ninth_digit(re.sub(r"\D", "", wa_id))

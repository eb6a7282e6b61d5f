"""A phone number in the one spelling we compare by."""

import re

_BRAZIL_MOBILE = re.compile(r"55(\d{2})9(\d{8})")


def phone_key(wa_id: str) -> str:
    """Digits alone, and a Brazilian mobile without its ninth digit, which Meta may leave out.

    `5551996540002` and `555196540002` are the same telephone, and a Brazilian land line keeps
    its eight digits, so that the two never meet in one key.
    """
    digits = re.sub(r"\D", "", wa_id)
    mobile = _BRAZIL_MOBILE.fullmatch(digits)
    return f"55{mobile[1]}{mobile[2]}" if mobile else digits

"""How each language writes an amount of money."""

from __future__ import annotations

from decimal import Decimal

from order_system.model import Money

_SIGNS = {
    "pt": {"BRL": "R$ ", "USD": "US$ ", "EUR": "€ ", "GBP": "£ "},
    "en": {"BRL": "R$ ", "USD": "$", "EUR": "€", "GBP": "£"},
}
_CENT = Decimal("0.01")


def written(money: Money, language: str) -> str:
    """`R$ 1.234,56` or `$1,234.56`."""
    signs = _SIGNS.get(language, _SIGNS["pt"])
    return signs.get(money.currency, f"{money.currency} ") + number(money.amount, language)


def number(amount: Decimal, language: str) -> str:
    """`1.234,56` or `1,234.56`."""
    text = f"{amount.quantize(_CENT):,}"
    return text if language == "en" else text.translate(_SWAPPED)


_SWAPPED = str.maketrans(",.", ".,")

"""How each language writes money."""

from __future__ import annotations

from order_system.model import Money

_SIGNS = {"BRL": "R$ ", "USD": "$", "EUR": "€", "GBP": "£"}


def written(money: Money, language: str) -> str:
    """`R$ 1.234,56` or `R$ 1,234.56`; a dollar is `US$` among Portuguese."""
    sign = _SIGNS.get(money.currency, f"{money.currency} ")
    number = f"{money.amount:,.2f}"
    if language == "en":
        return f"{sign}{number}"
    if money.currency == "USD":
        sign = "US$ "
    return sign + number.translate(str.maketrans(",.", ".,"))

"""How an order's lines are written."""

from __future__ import annotations

from order_system.model import Item, Order


def described(item: Item, quantity: int = 1) -> str:
    """`2 × Tênis Brisa (38, preto)`."""
    details = ", ".join(part for part in (item.size, item.color) if part)
    name = f"{item.name} ({details})" if details else item.name
    return f"{quantity} × {name}" if quantity > 1 else name


def bought(order: Order) -> str:
    """`Tênis Brisa, Bota Serra`: by what shoppers know an order again."""
    return ", ".join(dict.fromkeys(item.name for item in order.items))

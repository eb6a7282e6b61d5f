"""Files a shop gives out: labels, invoices, charts."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Document:
    """A file to hand on to the shopper as it is."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Invoice:
    """The invoice of an order; `access_key` are the 44 digits of a Brazilian nota fiscal."""

    order_number: str
    number: str
    issued_at: datetime
    access_key: str | None
    url: str | None

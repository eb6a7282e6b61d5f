"""Puts what is true of a shopper's own order where their lines leave a gap or name another."""

import re
from collections.abc import Mapping

from simulator.crowd.plain import plain

_GAP = re.compile(r"\{+\s*([\w -]+?)\s*\}+|<([a-zA-Z_ -]+)>|\[([a-zA-Z_ -]+)\]")
_MEANT: tuple[tuple[str, str], ...] = (
    ("mail", "email"),
    ("track|rastre", "tracking"),
    ("order|pedido|numero|number", "order"),
    ("size|tamanho", "size"),
    ("colo|cor", "color"),
    ("product|produto|item", "product"),
    ("address|endereco", "address"),
    ("cep|post|zip", "postcode"),
    ("code|cupom|codigo", "code"),
    ("name|nome", "name"),
)
_NAMED = re.compile(
    r"((?:pedido|order|compra|#|n[º°o.]+)\s*(?:n[º°o.]*\s*|number\s*)?#?\s*)\d{4,7}\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"(?<![\d\w.,/-])#?\d{5,6}(?![\d\w.,/-]\d|\w)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the shopper's own order, e-mail and so on in it."""
    whole = _GAP.sub(lambda gap: _value(gap, values), text)
    if "email" in values:
        whole = _MAIL.sub(values["email"], whole)
    if "order" in values:
        number = values["order"]
        whole = _NAMED.sub(lambda found: found[1] + number, whole)
        whole = _ALONE.sub(number, whole)
    return whole


def numbered(text: str, number: str) -> str:
    """An answer to the question for the order's number: whatever number is in it is ours."""
    return re.sub(r"\d{4,7}", number, text)


def mail_in(text: str | None) -> str | None:
    """The address of a text, if it has one."""
    found = _MAIL.search(text or "")
    return found[0].lower() if found else None


def _value(gap: re.Match[str], values: Mapping[str, str]) -> str:
    name = plain(next(one for one in gap.groups() if one is not None))
    for pattern, key in _MEANT:
        if re.search(pattern, name) and key in values:
            return values[key]
    return gap[0]

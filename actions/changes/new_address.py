"""The address that an order shall go to: what is told of it part by part, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.talk import refund_times
from actions.talk.turn import Turn
from actions.wording import address_fixes, address_words
from actions.wording.plain import plain
from order_system import phones
from order_system.addresses import Address, tidy
from order_system.model import Order

_PARTS = ("street", "number", "complement", "district", "city", "state", "postcode")
_USUAL = "BR"
_YES = re.compile(
    r"\W*(?:s|si+m+|isso|ok\w*|pode|confirm\w+|cert[oa]|claro|beleza|blz|u?hum|aham|ta|exat\w+"
    r"|perfeito|positivo|com certeza|y|ye[sp]\w*|yeah|yup|sure|fine|correct|right|exactly|please"
    r"|go ahead)\b|[^\w]*$"
)
# What an address is often taken for, being made of words that the bot has no intent for.
_OTHER_MATTERS = frozenset(
    {
        "affirm",
        "change_language",
        "complaint",
        "deny",
        "fraud_report",
        "goodbye",
        "greet",
        "menu_choice",
        "send_media",
        "talk_to_human",
        "thank",
    }
)
_SURE = 0.7  # less is a guess, and most towns and streets are words that nobody taught
_LIKE_A_CALL = re.compile(r"\W*joao pessoa\W*(?:pb)?\W*")  # a town, whose name says "person"
# What begins like this is a question, with or without its mark.
_ASKS = re.compile(
    r"\W*(?:e |and |mas |but )?(?:quant[oa]s?|quando|qual|quais|onde|que horas|voces|vcs|how|when"
    r"|what|where|which|do you|can (?:you|i)|is there|are there)\b"
)
# Of whoever tells one of these, it is no mere correction.
_WHOLE = frozenset({"street", "postcode", "city"})


def is_told(text: str) -> bool:
    """Whether a message tells a street, and not only that the address shall be another."""
    return bool(address_words.parts_in(text, _USUAL).get("street"))


def country_of(order: Order) -> str:
    """The country that the order goes to now; orders don't change it."""
    if order.address is not None:
        return order.address.country
    return phones.country_of(order.contact.phone) or _USUAL


def told_first(order: Order, words: str, country: str) -> dict[str, str]:
    """What the first message tells; only a number or a flat changes the address that is there."""
    told = address_words.parts_in(words, country)
    details = address_fixes.details_in(words)
    if order.address is None or not details or _WHOLE & told.keys():
        return told
    return {**parts_of(order), **details}


def told_in(turn: Turn, step: str, country: str) -> dict[str, str]:
    """What a message tells while `step` is asked: a part, more of them, or a correction."""
    if turn.is_button:
        return {}
    told = address_words.parts_in(turn.text, country)
    fixed = address_fixes.corrected_in(turn.text, country)
    if "street" in fixed or (fixed and not _WHOLE & told.keys()):
        return {**told, **fixed}
    if step not in address_words.PARTS:
        beside = {} if _WHOLE & told.keys() else address_fixes.details_in(turn.text)
        return _tidied({**beside, **told})
    return told if step in told else _answer_to(turn, step, country, told)


def is_correction(told: Mapping[str, str]) -> bool:
    """Whether only a detail of an address was told, which says nothing without the rest."""
    return not _WHOLE & told.keys()


def parts_of(order: Order) -> dict[str, str]:
    """The parts of the address that the order goes to now; none where the shop doesn't tell it."""
    if order.address is None:
        return {}
    known = {name: getattr(order.address, name) for name in _PARTS}
    return {name: part for name, part in known.items() if part}


def with_parts(before: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """What is told now counts; a new postcode brings its own state."""
    gone = {"state"} if "postcode" in told else set()
    if "street" in told:
        gone |= {"complement", "district"}
    return {**{name: before[name] for name in before if name not in gone}, **told}


def as_address(flow: Mapping[str, Any]) -> Address:
    """The address as the shop takes it."""
    parts = {name: str(value) for name, value in flow["parts"].items()}
    empty = Address("", "", "", "", "", str(flow["country"]))
    return tidy(replace(empty, recipient=str(flow["recipient"]), **parts))


def line(flow: Mapping[str, Any]) -> str:
    """The address in one line, as its country writes it."""
    address = as_address(flow)
    if address.country == "BR":
        place = "/".join(part for part in (address.city, address.state) if part)
        lines = [address.street, address.number, address.complement, address.district, place]
        code = f"CEP {address.postcode}" if address.postcode else ""
        return ", ".join(part for part in [*lines, code] if part)
    town = " ".join(part for part in (address.state, address.postcode) if part)
    house = f"{address.number} {address.street}".strip()
    lines = [address.complement, house, address.district]
    return ", ".join(part for part in [*lines, address.city, town] if part)


def _tidied(told: dict[str, str]) -> dict[str, str]:
    """With `apto 12` for `apto é 12`."""
    flat, rest = address_fixes.flat_in(told.get("complement", ""))
    return {**told, "complement": flat} if flat and not rest.strip() else told


def _answer_to(turn: Turn, step: str, country: str, told: dict[str, str]) -> dict[str, str]:
    """The part that is asked for, as it is answered without naming it."""
    is_other = "?" in turn.text or _is_other_matter(turn)
    is_number = step == "number" and any(letter.isdigit() for letter in turn.text)
    is_code = step == "number" and "postcode" in told  # its digits are no house's
    if is_code or (is_other and not is_number):
        return told
    flat, rest = address_fixes.flat_in(turn.text)
    beside = {"complement": flat} if flat else {}
    answer = address_words.part_in(rest if flat else turn.text, step, country)
    return {**told, **beside, **answer} or address_words.places_in(turn.text)


def _is_other_matter(turn: Turn) -> bool:
    """Whether it is no part of an address; the name of a town may be taken for a yes."""
    said = plain(turn.text)
    if _LIKE_A_CALL.fullmatch(said):
        return False
    if turn.intent == "affirm":
        return bool(_YES.match(said))
    is_sure = bool(turn.ranking) and turn.ranking[0][1] >= _SURE
    is_matter = turn.intent in _OTHER_MATTERS and is_sure
    return is_matter or _ASKS.match(said) is not None or refund_times.are_asked(turn)

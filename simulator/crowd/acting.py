"""What a shopper can do: write, press what is offered, send a photo; in words of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simulator.crowd.asking import choices_of, with_choices
from simulator.crowd.filling import filled
from simulator.crowd.hearing import Choice, Said
from simulator.crowd.memory import Memory
from simulator.crowd.signs import shows


@dataclass(frozen=True)
class Write:
    """A text."""

    text: str


@dataclass(frozen=True)
class Press:
    """A button or a row."""

    of: Said
    choice: Choice


@dataclass(frozen=True)
class Photo:
    """A picture of the thing."""


Act = Write | Press | Photo


def pressing(said: Sequence[Said], fits: Callable[[Choice], bool]) -> Press | None:
    offered = with_choices(said)
    found = next((one for one in choices_of(said) if fits(one)), None)
    return Press(offered, found) if offered is not None and found is not None else None


def pressing_first(said: Sequence[Said]) -> Press | None:
    return pressing(said, lambda one: not shows(one.title, "not_a_variant"))


def in_their_words(shopper: Memory, text: str) -> str:
    """A line of theirs, with what is true of their own order in it."""
    return filled(text, _values(shopper))


def person(choices: Sequence[Choice]) -> Choice | None:
    """The choice that calls a person."""
    return next((one for one in choices if shows(one.title, "person")), None)


def in_one_line(address: Mapping[str, str]) -> str:
    state = f"/{address['state']}" if address["state"] else ""
    place = f"{address['city']}{state}"
    if state:
        return f"{address['street']}, {address['number']}, {place}, CEP {address['postcode']}"
    return f"{address['number']} {address['street']}, {place}, {address['postcode']}"


def _values(shopper: Memory) -> Mapping[str, str]:
    plan = shopper.plan
    address = plan.address
    values = {
        "email": plan.email,
        "name": plan.name,
        "product": plan.goods.name(plan.language),
        "size": plan.goods.wanted or plan.goods.size,
        "color": plan.goods.color,
        "postcode": address["postcode"],
        "address": in_one_line(address),
    }
    return values | ({"order": shopper.order} if shopper.order else {})

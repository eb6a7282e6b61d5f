"""How a shopper answers a question of the desk: with a press, in words, or with a photo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.crowd import words
from simulator.crowd.asking import (
    Ask,
    agreeing,
    choices_of,
    refusing,
    with_choices,
)
from simulator.crowd.filling import filled, numbered
from simulator.crowd.goals import FOR_PEOPLE
from simulator.crowd.goods import sizes_in
from simulator.crowd.hearing import Choice, Said
from simulator.crowd.plain import has, plain

if TYPE_CHECKING:
    from simulator.crowd.shopper import Shopper


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
_PERSON = r"pessoa|alguem|equipe|atendente|person|someone|team|agent|human"


def answer(shopper: Shopper, ask: Ask, said: Sequence[Said]) -> Act | None:
    """The act that answers this question; None: the shopper has no answer."""
    given = _ANSWERS.get(ask)
    if given is not None:
        return given(shopper, said)
    typed = _typed(shopper, ask)
    return Write(in_their_words(shopper, typed)) if typed is not None else None


def in_their_words(shopper: Shopper, text: str) -> str:
    """A line of theirs, with what is true of their own order in it."""
    return filled(text, _values(shopper))


def person(choices: Sequence[Choice]) -> Choice | None:
    """The choice that calls a person."""
    return next((one for one in choices if has(one.title, _PERSON)), None)


def _values(shopper: Shopper) -> Mapping[str, str]:
    plan = shopper.plan
    address = plan.address
    values = {
        "email": plan.email,
        "name": plan.name,
        "product": plan.goods.name(plan.language),
        "size": plan.goods.wanted or plan.goods.size,
        "color": plan.goods.color,
        "postcode": address["postcode"],
        "address": _whole(address),
    }
    return values | ({"order": shopper.order} if shopper.order else {})


def _typed(shopper: Shopper, ask: Ask) -> str | None:
    """What is typed where there is nothing to choose from."""
    plan, wish = shopper.plan, shopper.plan.wish
    phrases = words.phrases(plan.language)
    match ask:
        case Ask.EMAIL:
            return wish.follow_up("ask_email", "email") or plan.email
        case Ask.NAME:
            return plan.name
        case Ask.LANGUAGE:
            return "English" if plan.language == "en" else "português"
        case Ask.CODE:
            return wish.follow_up("ask_code", "code") or "PE20"
        case Ask.ADDRESS:
            return wish.follow_up("ask_address", "address") or _whole(plan.address)
        case Ask.POSTCODE | Ask.STREET | Ask.CITY | Ask.STATE:
            return plan.address[ask.value] or plan.address["city"]
        case Ask.HOUSE:
            return plan.address["number"]
        case Ask.MEASURE:
            given = wish.follow_up("ask_measure", "ask_measures", "ask_size")
            is_shoe = plan.goods.product.sizes[0].isdecimal()
            return given or shopper.chance.choice(phrases.foot if is_shoe else phrases.body)
    return None


def _order(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    if shopper.order is None:
        return None
    number = shopper.order
    choice = _with(said, lambda one: number in one.words)
    if choice is not None:
        return choice
    given = shopper.plan.wish.follow_up("ask_order", "order")
    return Write(numbered(in_their_words(shopper, given), number) if given else number)


def _item(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    name = plain(shopper.plan.goods.name(shopper.plan.language))
    head = " ".join(name.split()[:2])
    choice = _with(said, lambda one: head in plain(one.words))
    return choice or _first(said) or Write(shopper.plan.goods.name(shopper.plan.language))


def _product(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    given = shopper.plan.wish.follow_up("ask_product", "product")
    name = given or shopper.plan.goods.name(shopper.plan.language)
    last = plain(name).split()[-1]
    choice = _with(said, lambda one: last in plain(one.words) or plain(one.title) in plain(name))
    return choice or _first(said) or Write(in_their_words(shopper, name))


def _quantity(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    choice = _with(said, lambda one: one.title.strip().startswith("1"))
    return choice or Write(shopper.chance.choice(words.phrases(shopper.plan.language).one))


def _reason(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    plan = shopper.plan
    given = plan.wish.follow_up("ask_reason", "reason")
    choice = _with(said, lambda one: has(one.words, _REASONS.get(plan.wish.goal, _REGRET)))
    if choice is not None and (given is None or _prefers_pressing(shopper)):
        return choice
    reasons = words.phrases(plan.language).reasons
    usual = reasons.get(plan.wish.goal, reasons["return_regret"])
    return Write(in_their_words(shopper, given or shopper.chance.choice(usual)))


def _kind(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    is_exchange = shopper.plan.wish.goal == "exchange_size"
    pattern = r"troc|tamanho|exchange|size" if is_exchange else r"dinheiro|reembolso|money|refund"
    choice = _with(said, lambda one: has(one.title, pattern))
    if choice is not None:
        return choice
    if shopper.plan.language == "en":
        return Write("another size please" if is_exchange else "my money back")
    return Write("quero trocar o tamanho" if is_exchange else "quero o dinheiro de volta")


def _size(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    plan = shopper.plan
    wanted = _meant_size(shopper)
    if plan.wavers and not shopper.has_wavered and plan.wish.goal == "exchange_size":
        other = _with(said, lambda one: bool(set(sizes_in(one.title)) - {wanted, plan.goods.size}))
        if other is not None:
            shopper.has_wavered = True
            return other
    choice = _with(said, lambda one: wanted in sizes_in(one.title))
    given = plan.wish.follow_up("ask_size", "size")
    if choice is not None and (given is None or _prefers_pressing(shopper)):
        return choice
    if choice is None and choices_of(said) and wanted is None:
        return _first(said)
    return Write(in_their_words(shopper, given or wanted or plan.goods.size))


def _gender(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    given = shopper.plan.wish.follow_up("ask_gender", "gender")
    if given:
        return Write(given)
    sizes = [int(one) for one in (shopper.plan.goods.size,) if one.isdecimal()]
    is_men = bool(sizes) and sizes[0] > 40
    pattern = r"mascul|^(\d+ )?men" if is_men else r"feminin|women"
    return _with(said, lambda one: has(one.title, pattern)) or Write(
        ("men's" if is_men else "women's") if shopper.plan.language == "en" else
        ("masculina" if is_men else "feminina")
    )  # fmt: skip


def _chart_or_help(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    wants_chart = shopper.plan.wish.goal == "size_chart"
    pattern = r"tabela|chart" if wants_chart else r"ajuda|help|escolher"
    choice = _with(said, lambda one: has(one.title, pattern))
    return choice or Write(words.phrases(shopper.plan.language).again[shopper.plan.wish.goal][0])


def _color(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    plan = shopper.plan
    color = plan.goods.product.color(plan.goods.color)
    name = color.en if plan.language == "en" else color.pt
    choice = _with(said, lambda one: plain(name) in plain(one.title))
    return choice or Write(plan.wish.follow_up("ask_color", "color") or name)


def _photo(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    del said
    if shopper.plan.has_photo and not shopper.answered[Ask.PHOTO]:
        return Photo()
    return Write(shopper.chance.choice(words.phrases(shopper.plan.language).no_photo))


def _with_people(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    """An offer of a person is taken: what they came for hasn't been reached."""
    offered = with_choices(said)
    found = person(choices_of(said)) or agreeing(choices_of(said))
    if offered is not None and found is not None:
        return Press(offered, found)
    return Write(shopper.chance.choice(words.phrases(shopper.plan.language).agree))


def _which_matter(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    goal = shopper.plan.wish.goal
    for pattern in words.matters()[goal]:
        choice = _with(said, lambda one, pattern=pattern: has(one.title, pattern))  # type: ignore[misc]
        if choice is not None:
            return choice
    if goal not in FOR_PEOPLE and person(choices_of(said)) and shopper.tries:
        return None
    neither = _with(said, lambda one: has(one.title, r"nenhuma|neither"))
    return neither if shopper.tries == 0 else None


def _rating(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    return _with(said, lambda one: one.title.strip()[:1] in "45") or Write("5")


def _confirm(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    plan = shopper.plan
    text = "\n".join(one.text for one in said)
    if not _is_what_they_want(shopper, text):
        return _no(shopper, said)
    wanted = plan.goods.wanted
    if plan.wish.goal == "exchange_size" and wanted and wanted not in sizes_in(text):
        shopper.has_wavered = True
        return Write(f"não, quero o {wanted}" if plan.language == "pt" else f"no, i want a {wanted}")
    if plan.wavers and not shopper.has_wavered:
        shopper.has_wavered = True
        return Write(shopper.chance.choice(words.phrases(plan.language).waver))
    return _yes(shopper, said)


def _other(shopper: Shopper, said: Sequence[Said]) -> Act | None:
    """A question of no known kind: what fits best of what can be pressed, else nothing."""
    return _which_matter(shopper, said) or (_yes(shopper, said) if choices_of(said) else None)


def _is_what_they_want(shopper: Shopper, text: str) -> bool:
    wanted = words.changes().get(shopper.plan.wish.goal)
    return wanted is None or any(one in plain(text) for one in wanted)


def _yes(shopper: Shopper, said: Sequence[Said]) -> Act:
    given = shopper.plan.wish.follow_up("confirm", "ask_confirm")
    offered, choice = with_choices(said), agreeing(choices_of(said))
    if offered is not None and choice is not None and (given is None or _prefers_pressing(shopper)):
        return Press(offered, choice)
    return Write(given or shopper.chance.choice(words.phrases(shopper.plan.language).agree))


def _no(shopper: Shopper, said: Sequence[Said]) -> Act:
    offered, choice = with_choices(said), refusing(choices_of(said))
    if offered is not None and choice is not None:
        return Press(offered, choice)
    return Write(shopper.chance.choice(words.phrases(shopper.plan.language).refuse))


def _meant_size(shopper: Shopper) -> str | None:
    """The size they want; None: none of the shop's."""
    goods = shopper.plan.goods
    return goods.wanted or (goods.size if shopper.plan.wish.goal != "exchange_size" else None)


def _prefers_pressing(shopper: Shopper) -> bool:
    return shopper.chance.random() < shopper.plan.presses


def _with(said: Sequence[Said], fits: Callable[[Choice], bool]) -> Press | None:
    offered = with_choices(said)
    found = next((one for one in choices_of(said) if fits(one)), None)
    return Press(offered, found) if offered is not None and found is not None else None


def _first(said: Sequence[Said]) -> Press | None:
    return _with(said, lambda one: not has(one.title, r"dinheiro|money|nenhum|neither|^nao|^no\b"))


def _whole(address: Mapping[str, str]) -> str:
    state = f"/{address['state']}" if address["state"] else ""
    place = f"{address['city']}{state}"
    if state:
        return f"{address['street']}, {address['number']}, {place}, CEP {address['postcode']}"
    return f"{address['number']} {address['street']}, {place}, {address['postcode']}"


_REGRET = r"mudei|gostei|desist|changed my mind|don't like"
_REASONS = {
    "return_defect": r"defeito|estrag|danific|fault|damag|broken",
    "exchange_size": r"pequen|apertad|grand|small|tight|large|big",
    "return_regret": _REGRET,
}
_ANSWERS: Mapping[Ask, Callable[[Shopper, Sequence[Said]], Act | None]] = {
    Ask.ORDER: _order,
    Ask.WHICH_ORDER: _order,
    Ask.ITEM: _item,
    Ask.PRODUCT: _product,
    Ask.QUANTITY: _quantity,
    Ask.REASON: _reason,
    Ask.KIND: _kind,
    Ask.SIZE: _size,
    Ask.GENDER: _gender,
    Ask.CHART_OR_HELP: _chart_or_help,
    Ask.COLOR: _color,
    Ask.PHOTO: _photo,
    Ask.PERSON: _with_people,
    Ask.WHICH_MATTER: _which_matter,
    Ask.RATING: _rating,
    Ask.CONFIRM: _confirm,
    Ask.OTHER: _other,
}

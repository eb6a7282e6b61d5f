"""How a shopper answers a question of the desk: with a press, in words, or with a photo."""

from collections.abc import Callable, Mapping, Sequence

from simulator.crowd import words
from simulator.crowd.acting import (
    Act,
    Photo,
    Press,
    Write,
    in_one_line,
    in_their_words,
    person,
    pressing,
    pressing_first,
)
from simulator.crowd.asking import (
    Ask,
    agreeing,
    choices_of,
    refusing,
    with_choices,
)
from simulator.crowd.filling import numbered
from simulator.crowd.goals import FOR_PEOPLE
from simulator.crowd.goods import sizes_in
from simulator.crowd.hearing import Said
from simulator.crowd.memory import Memory
from simulator.crowd.plain import has, plain
from simulator.crowd.signs import shows


def answer(shopper: Memory, ask: Ask, said: Sequence[Said]) -> Act | None:
    """The act that answers this question; None: the shopper has no answer."""
    own = pressing(said, lambda one: shopper.order is not None and shopper.order in one.words)
    if own is not None and ask is not Ask.CONFIRM:
        return own
    given = _ANSWERS.get(ask)
    if given is not None:
        return given(shopper, said)
    typed = _typed(shopper, ask)
    return Write(in_their_words(shopper, typed)) if typed is not None else None


def _typed(shopper: Memory, ask: Ask) -> str | None:
    """What is typed where there is nothing to choose from."""
    plan, wish = shopper.plan, shopper.plan.wish
    if ask is Ask.MEASURE:
        phrases = words.phrases(plan.language)
        is_shoe = plan.goods.product.sizes[0].isdecimal()
        given = wish.follow_up("ask_measure", "ask_measures", "ask_size")
        return given or shopper.chance.choice(phrases.foot if is_shoe else phrases.body)
    typed = {
        Ask.EMAIL: wish.follow_up("ask_email", "email") or plan.email,
        Ask.NAME: plan.name,
        Ask.LANGUAGE: "English" if plan.language == "en" else "português",
        Ask.CODE: wish.follow_up("ask_code", "code") or "PE20",
        Ask.ADDRESS: wish.follow_up("ask_address", "address") or in_one_line(plan.address),
        Ask.POSTCODE: plan.address["postcode"],
        Ask.STREET: plan.address["street"],
        Ask.HOUSE: plan.address["number"],
        Ask.CITY: plan.address["city"],
        Ask.STATE: plan.address["state"] or plan.address["city"],
    }
    return typed.get(ask)


def _order(shopper: Memory, said: Sequence[Said]) -> Act | None:
    if shopper.order is None:
        return None
    number = shopper.order
    choice = pressing(said, lambda one: number in one.words)
    if choice is not None:
        return choice
    given = shopper.plan.wish.follow_up("ask_order", "order")
    return Write(numbered(in_their_words(shopper, given), number) if given else number)


def _item(shopper: Memory, said: Sequence[Said]) -> Act | None:
    name = plain(shopper.plan.goods.name(shopper.plan.language))
    head = " ".join(name.split()[:2])
    choice = pressing(said, lambda one: head in plain(one.words))
    return choice or pressing_first(said) or Write(shopper.plan.goods.name(shopper.plan.language))


def _product(shopper: Memory, said: Sequence[Said]) -> Act | None:
    given = shopper.plan.wish.follow_up("ask_product", "product")
    name = given or shopper.plan.goods.name(shopper.plan.language)
    last = plain(name).split()[-1]
    choice = pressing(said, lambda one: last in plain(one.words) or plain(one.title) in plain(name))
    return choice or pressing_first(said) or Write(in_their_words(shopper, name))


def _quantity(shopper: Memory, said: Sequence[Said]) -> Act | None:
    choice = pressing(said, lambda one: one.title.strip().startswith("1"))
    return choice or Write(shopper.chance.choice(words.phrases(shopper.plan.language).one))


def _reason(shopper: Memory, said: Sequence[Said]) -> Act | None:
    plan = shopper.plan
    given = plan.wish.follow_up("ask_reason", "reason")
    choice = pressing(said, lambda one: has(one.words, _REASONS.get(plan.wish.goal, _REGRET)))
    if choice is not None and (given is None or _prefers_pressing(shopper)):
        return choice
    reasons = words.phrases(plan.language).reasons
    usual = reasons.get(plan.wish.goal, reasons["return_regret"])
    return Write(in_their_words(shopper, given or shopper.chance.choice(usual)))


def _kind(shopper: Memory, said: Sequence[Said]) -> Act | None:
    is_exchange = shopper.plan.wish.goal == "exchange_size"
    sign = "exchange" if is_exchange else "money"
    choice = pressing(said, lambda one: shows(one.title, sign))
    if choice is not None:
        return choice
    if shopper.plan.language == "en":
        return Write("another size please" if is_exchange else "my money back")
    return Write("quero trocar o tamanho" if is_exchange else "quero o dinheiro de volta")


def _size(shopper: Memory, said: Sequence[Said]) -> Act | None:
    plan = shopper.plan
    wanted = _meant_size(shopper)
    if plan.wavers and not shopper.has_wavered and plan.wish.goal == "exchange_size":
        other = pressing(
            said, lambda one: bool(set(sizes_in(one.title)) - {wanted, plan.goods.size})
        )
        if other is not None:
            shopper.has_wavered = True
            return other
    choice = pressing(said, lambda one: wanted in sizes_in(one.title))
    given = plan.wish.follow_up("ask_size", "size")
    if choice is not None and (given is None or _prefers_pressing(shopper)):
        return choice
    is_gone = any(shows(one.text, "out_of_stock") for one in said)
    if choice is None and choices_of(said) and (wanted is None or is_gone):
        return pressing_first(said) or pressing(said, lambda one: shows(one.title, "money"))
    return Write(in_their_words(shopper, given or wanted or plan.goods.size))


def _gender(shopper: Memory, said: Sequence[Said]) -> Act | None:
    given = shopper.plan.wish.follow_up("ask_gender", "gender")
    if given:
        return Write(given)
    sizes = [int(one) for one in (shopper.plan.goods.size,) if one.isdecimal()]
    is_men = bool(sizes) and sizes[0] > 40
    sign = "men" if is_men else "women"
    typed = {"pt": ("feminina", "masculina"), "en": ("women's", "men's")}[shopper.plan.language]
    return pressing(said, lambda one: shows(one.title, sign)) or Write(typed[is_men])


def _chart_or_help(shopper: Memory, said: Sequence[Said]) -> Act | None:
    wants_chart = shopper.plan.wish.goal == "size_chart"
    sign = "chart" if wants_chart else "help"
    choice = pressing(said, lambda one: shows(one.title, sign))
    return choice or Write(words.phrases(shopper.plan.language).again[shopper.plan.wish.goal][0])


def _color(shopper: Memory, said: Sequence[Said]) -> Act | None:
    plan = shopper.plan
    color = plan.goods.product.color(plan.goods.color)
    name = color.en if plan.language == "en" else color.pt
    choice = pressing(said, lambda one: plain(name) in plain(one.title))
    return choice or Write(plan.wish.follow_up("ask_color", "color") or name)


def _photo(shopper: Memory, said: Sequence[Said]) -> Act | None:
    del said
    if shopper.plan.has_photo and not shopper.answered[Ask.PHOTO]:
        return Photo()
    return Write(shopper.chance.choice(words.phrases(shopper.plan.language).no_photo))


def _with_people(shopper: Memory, said: Sequence[Said]) -> Act | None:
    """An offer of a person is taken, or what they came for is said anew first."""
    says_anew = shopper.plan.wish.goal not in FOR_PEOPLE and shopper.tries == 0
    if says_anew and shopper.chance.random() < _SAYS_ANEW:
        return None
    offered = with_choices(said)
    found = person(choices_of(said)) or agreeing(choices_of(said))
    if offered is not None and found is not None:
        return Press(offered, found)
    return Write(shopper.chance.choice(words.phrases(shopper.plan.language).agree))


def _which_matter(shopper: Memory, said: Sequence[Said]) -> Act | None:
    goal = shopper.plan.wish.goal
    for pattern in words.matters()[goal]:
        choice = pressing(said, lambda one, pattern=pattern: has(one.title, pattern))  # type: ignore[misc]
        if choice is not None:
            return choice
    if goal not in FOR_PEOPLE and person(choices_of(said)) and shopper.tries:
        return None
    neither = pressing(said, lambda one: shows(one.title, "neither"))
    return neither if shopper.tries == 0 else None


def _rating(shopper: Memory, said: Sequence[Said]) -> Act | None:
    score = shopper.chance.choice("345")
    return pressing(said, lambda one: one.title.strip()[:1] == score) or Write(score)


def _confirm(shopper: Memory, said: Sequence[Said]) -> Act | None:
    plan = shopper.plan
    text = "\n".join(one.text for one in said)
    if not _is_what_they_want(shopper, text):
        return _no(shopper, said)
    wanted = plan.goods.wanted
    if plan.wish.goal == "exchange_size" and wanted and wanted not in sizes_in(text):
        shopper.has_wavered = True
        return Write(
            f"não, quero o {wanted}" if plan.language == "pt" else f"no, i want a {wanted}"
        )
    if plan.wavers and not shopper.has_wavered:
        shopper.has_wavered = True
        return Write(shopper.chance.choice(words.phrases(plan.language).waver))
    return _yes(shopper, said)


def _other(shopper: Memory, said: Sequence[Said]) -> Act | None:
    """A question of no known kind: what fits best of what can be pressed, else nothing."""
    return _which_matter(shopper, said) or (_yes(shopper, said) if choices_of(said) else None)


def _is_what_they_want(shopper: Memory, text: str) -> bool:
    """Whether a read-back is about what they came for, or about nothing in particular."""
    wanted = words.changes().get(shopper.plan.wish.goal)
    if wanted is None or any(one in plain(text) for one in wanted):
        return True
    return not any(one in plain(text) for some in words.changes().values() for one in some)


def _yes(shopper: Memory, said: Sequence[Said]) -> Act:
    given = shopper.plan.wish.follow_up("confirm", "ask_confirm")
    offered, choice = with_choices(said), agreeing(choices_of(said))
    if offered is not None and choice is not None and (given is None or _prefers_pressing(shopper)):
        return Press(offered, choice)
    return Write(given or shopper.chance.choice(words.phrases(shopper.plan.language).agree))


def _no(shopper: Memory, said: Sequence[Said]) -> Act:
    offered, choice = with_choices(said), refusing(choices_of(said))
    if offered is not None and choice is not None:
        return Press(offered, choice)
    return Write(shopper.chance.choice(words.phrases(shopper.plan.language).refuse))


def _meant_size(shopper: Memory) -> str | None:
    """The size they want; None: none of the shop's."""
    goods = shopper.plan.goods
    return goods.wanted or (goods.size if shopper.plan.wish.goal != "exchange_size" else None)


def _prefers_pressing(shopper: Memory) -> bool:
    return shopper.chance.random() < shopper.plan.presses


_SAYS_ANEW = 0.5  # of those who are offered a person before they were understood
_REGRET = r"mudei|gostei|desist|changed my mind|don't like"
_REASONS = {
    "return_defect": r"defeito|estrag|danific|fault|damag|broken",
    "exchange_size": r"pequen|apertad|grand|small|tight|large|big",
    "return_regret": _REGRET,
}
_ANSWERS: Mapping[Ask, Callable[[Memory, Sequence[Said]], Act | None]] = {
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

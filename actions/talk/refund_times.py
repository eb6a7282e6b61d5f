"""How long money takes to come back: asked along with a return, or in the middle of one."""

from __future__ import annotations

import re

from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import words
from actions.wording.plain import plain
from order_system.vocabulary import PaymentMethod

_MONEY = r"(?:reembols\w+|estorn\w+|dinheiro|grana|valor|refund\w*|money|paid back)"
_WHEN = (
    r"(?:quando|quanto tempo|qual (?:e )?o prazo|em quantos dias|demora|when"
    r"|how (?:long|soon|fast|many days))"
)
_TIME = re.compile(rf"\b{_WHEN}\b.{{0,40}}\b{_MONEY}\b|\b{_MONEY}\b.{{0,30}}\b{_WHEN}\b")
_RETURN = re.compile(
    r"\b(?:quero|queria|gostaria de|vou|posso|podia|preciso|pretendo|da pra|da para|como (?:faco )?"
    r"(?:pra|para)?|tem como|vim) devolver\b|^(?:oi\W+|ola\W+)?(?:devolver|devolucao|devolve)\b"
    r"|\b(?:want|wanna|need|wish|like|going|have|can i|could i|how do i|may i)(?: to)? "
    r"(?:return|send (?:back|it back|them back|this back))\b|^(?:hi\W+|hello\W+)?return(?:ing)?\b"
)
# What money is paid with; credit in the shop is there at once.
_PAID_WITH = frozenset({PaymentMethod.PIX, PaymentMethod.BOLETO, PaymentMethod.CARD})


def are_asked(turn: Turn) -> bool:
    """Whether the message asks when money comes back."""
    return not turn.is_button and bool(_TIME.search(plain(turn.text)))


def come_with_a_return(turn: Turn) -> bool:
    """Whether the same message wants to send something back that isn't on its way yet."""
    return are_asked(turn) and bool(_RETURN.search(plain(turn.text)))


async def say(turn: Turn, outside: Outside, method: PaymentMethod) -> None:
    """Say how long it takes by this way of payment, in business days after the shop's yes."""
    days = (await outside.orders.policies()).refund_days.get(method)
    name = words.word("payments", "methods", method, turn.language)
    if days is None:
        turn.say("utter_refund_same_way", method=name)
    elif days <= 1:
        turn.say("utter_refund_takes_a_day", method=name)
    else:
        turn.say("utter_refund_takes", method=name, days=str(days))


async def say_of_all(turn: Turn, outside: Outside) -> None:
    """Say how long it takes by each way to pay, as far as the shop tells."""
    known = (await outside.orders.policies()).refund_days
    if not known:
        turn.say("utter_refund_depends")
        return
    times = [_within(turn, way, days) for way, days in known.items() if way in _PAID_WITH]
    turn.say("utter_refund_times", times=words.listed(times, turn.language))


async def say_of_order(turn: Turn, outside: Outside, number: str) -> None:
    """The same for what an order was paid with, as far as that is known."""
    money = await outside.orders.payments_of(number)
    if money is None or money.latest is None:
        turn.say("utter_refund_depends")
    else:
        await say(turn, outside, money.latest.method)


def _within(turn: Turn, way: PaymentMethod, days: int) -> str:
    """As in `Pix em até 1 dia útil`."""
    key = "day" if days <= 1 else "days"
    sentence = words.word("refunds", "within", key, turn.language)
    method = words.word("payments", "methods", way, turn.language)
    return sentence.format(method=method, days=days)

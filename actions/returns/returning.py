"""Something goes back: for its money, or for another one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.returns import asides, return_asking, return_doing, sizes_aside, variants, withdrawing
from actions.returns.return_wish import Wish, first_of, left_halfway, remembered
from actions.talk import asking, choosing, interrupting, people
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import reasons
from actions.wording.choices import number_in
from actions.wording.plain import plain
from order_system.model import Order
from order_system.vocabulary import ReturnKind

_EXCHANGE = re.compile(
    r"\b(?:troc\w+|outro (?:tamanho|numero)|exchange|swap|another size|different size"
    r"|replacement)\b"
)
_MONEY = re.compile(
    r"\b(?:dinheiro|reembolso|estorno|devol\w+|valor de volta|refund|money|return)\b"
)
_NO_PHOTO = re.compile(
    r"\b(?:(?:nao|sem) (?:tenho|tem|consigo|da|posso|vou|quero|foto)\w*|no (?:photo|picture|pic)"
    r"|(?:can.?t|cannot|don.?t have|do not have|won.?t)\b.*)"
)
_CONTINUES = re.compile(
    r"\b(?:continu\w+|termin\w+|retom\w+|finaliz\w+|de onde pare\w*|onde paramos|finish|resume"
    r"|carry on|go on|where (?:i|we) left)\b"
)
_ALL = re.compile(r"\b(?:tod[oa]s|tudo|ambos|ambas|os dois|as duas|all|both|everything)\b")
_ANSWERED = frozenset({"affirm", "deny", "menu_choice", "nlu_fallback", "out_of_scope"})
# Never the name of a size or a colour, whether asked with a question mark or without.
_ELSEWHERE = frozenset({"data_request", "invoice", "opt_out", "refund_status", "store_hours"})


class ActionReturnItem(Act):
    """Sends something back for its money."""

    def name(self) -> str:
        """As in the domain."""
        return "action_return_item"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the order, then ask for what is missing; or take an open return back."""
        if withdrawing.is_meant(turn):
            return await withdrawing.begin(turn, self.outside)
        return await _begin(turn, self.outside, ReturnKind.REFUND)


class ActionExchangeItem(Act):
    """Sends something back for another size or colour."""

    def name(self) -> str:
        """As in the domain."""
        return "action_exchange_item"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the order, then ask for what is missing; or take an open exchange back."""
        if withdrawing.is_meant(turn):
            return await withdrawing.begin(turn, self.outside)
        return await _begin(turn, self.outside, ReturnKind.EXCHANGE)


async def tell(turn: Turn, outside: Outside, order: Order) -> list[EventType]:
    """Go on with the order, which is the shopper's."""
    kind = {"return_item": ReturnKind.REFUND, "exchange_item": ReturnKind.EXCHANGE}.get(turn.intent)
    before = remembered(turn)
    wish = before or first_of(turn, kind or ReturnKind(_kind_of(turn)))
    if kind and (before is None or before.step != "order"):
        wish = first_of(turn, kind)
    elif before:
        # "O da bota" chose the order, and tells the piece as well.
        wish = replace(wish, words=f"{wish.words} {plain(turn.words)}")
    return await return_asking.go_on(turn, outside, wish.of(order))


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Read the answer to the open question; None when the message is about something else."""
    wish = remembered(turn)
    if wish is None or (turn.is_button and turn.intent not in _ANSWERED):
        return None
    handled = await interrupting.handled(turn, outside, wish.topic, wish.order)
    if handled is not None:
        return handled
    if wish.step != "item" and interrupting.means_other_item(turn):
        return await return_asking.go_on(turn, outside, replace(wish, items=(), words=""))
    aside = await asides.answered(turn, outside, wish)
    if aside is not None:
        ask_again(turn)
        return aside.asking(aside.step, aside.offered)
    heard = wish.hearing(turn)
    answered = await _STEPS[wish.step](turn, outside, heard)
    return answered if answered is not None else await _aside(turn, outside, heard)


def ask_again(turn: Turn) -> None:
    """Say the open question once more."""
    wish = remembered(turn)
    if wish is None:
        return
    if wish.step == "order":
        turn.say("utter_ask_order_number")
        return
    offered = return_asking.in_language(turn, wish)
    is_exchange = wish.step == "confirm" and wish.is_exchange
    said = "utter_exchange_again_confirm" if is_exchange else _AGAIN[wish.step]
    turn.say(said, buttons=choosing.buttons(offered) or None)


async def resume(turn: Turn, outside: Outside, left: Wish) -> list[EventType]:
    """Go on with what was left halfway, as far as the shop still has it so."""
    wish = replace(left, step="order", offered={})
    turn.tracker.slots["flow"] = _flow_of(wish)
    return _with_flow(await asking.about(turn, outside, wish.topic, wish.order), wish)


async def _begin(turn: Turn, outside: Outside, kind: ReturnKind) -> list[EventType]:
    left = left_halfway(turn)
    if left and _CONTINUES.search(plain(turn.words)):
        return await resume(turn, outside, left)
    wish = first_of(turn, kind)
    events = await asking.about(turn, outside, wish.topic, turn.order_number)
    return _with_flow(events, wish)


async def _order(turn: Turn, outside: Outside, wish: Wish) -> list[EventType] | None:
    offered = turn.offered_orders
    place = number_in(turn.text) if turn.intent == "menu_choice" else None
    if offered and place and 1 <= place <= len(offered):
        return await asking.about(turn, outside, wish.topic, offered[place - 1])
    return None


async def _item(turn: Turn, outside: Outside, wish: Wish) -> list[EventType] | None:
    picked = choosing.chosen(turn, wish.offered)
    lines = tuple(ref for ref in wish.offered if ref != return_asking.ALL)
    if picked == return_asking.ALL or (
        picked is None and not wish.is_exchange and _ALL.search(plain(turn.text))
    ):
        return await return_asking.go_on(turn, outside, replace(wish, items=lines))
    if picked is None:
        return None
    return await return_asking.go_on(turn, outside, replace(wish, items=(picked,)))


async def _quantity(turn: Turn, outside: Outside, wish: Wish) -> list[EventType] | None:
    most = len(wish.offered)
    count = most if _ALL.search(plain(turn.text)) else number_in(turn.text)
    if count is None or not 1 <= count <= most:
        return None
    return await return_asking.go_on(turn, outside, replace(wish, quantity=count))


async def _reason(turn: Turn, outside: Outside, wish: Wish) -> list[EventType] | None:
    picked = choosing.chosen(turn, wish.offered)
    if reasons.reason_in(turn.text) is None or turn.is_button:
        if picked is None:
            return None
        wish = replace(wish, reason=picked)
    if _EXCHANGE.search(plain(turn.text)) and not turn.is_button:
        wish = replace(wish, kind=ReturnKind.EXCHANGE.value, sizes=tuple(turn.values_of("size")))
    return await return_asking.go_on(turn, outside, wish)


async def _photo(turn: Turn, outside: Outside, wish: Wish) -> list[EventType] | None:
    if turn.images:
        return await return_asking.go_on(turn, outside, wish)
    if turn.intent == "deny" or _NO_PHOTO.search(plain(turn.text)):
        # People may decide without one; the bot may not.
        return await people.call(
            turn,
            outside.desk,
            "needs_people",
            "utter_handed_over_without_photo",
            told=wish.told,
        )
    if reasons.reason_in(turn.text) and not turn.is_button:
        ask_again(turn)  # what is wrong is known; what it looks like isn't
        return wish.asking("photo")
    return None


async def _kind(turn: Turn, outside: Outside, wish: Wish) -> list[EventType] | None:
    picked = choosing.chosen(turn, wish.offered) or _kind_said(turn)
    if picked is None:
        return None
    sizes = tuple(turn.values_of("size")) or wish.sizes
    settled = replace(wish, kind=picked, is_settled=True, sizes=sizes)
    return await return_asking.go_on(turn, outside, settled)


async def _variant(turn: Turn, outside: Outside, wish: Wish) -> list[EventType] | None:
    picked = choosing.chosen(turn, wish.offered)
    if picked == variants.MONEY or (picked is None and _kind_said(turn) == "refund"):
        return await return_asking.go_on(turn, outside, _for_money(wish))
    if picked is not None and (turn.is_button or not turn.values_of("size")):
        return await return_asking.go_on(turn, outside, variants.picked(wish, picked))
    is_other_matter = turn.intent not in {*_ANSWERED, "exchange_item", "product_availability"}
    asked = replace(wish, words=plain(turn.words), sizes=tuple(turn.values_of("size")))
    is_asked = "?" in turn.text or turn.intent in _ELSEWHERE
    if is_other_matter and not asked.sizes and is_asked:
        return None
    return await return_asking.go_on(turn, outside, asked)


async def _confirm(turn: Turn, outside: Outside, wish: Wish) -> list[EventType] | None:
    if interrupting.agrees(turn, wish.topic):
        return await return_doing.open_it(turn, outside, wish)
    said = _kind_said(turn)
    if said and said != wish.kind:
        changed = _for_money(wish) if said == "refund" else replace(wish, kind=said)
        return await return_asking.go_on(
            turn, outside, replace(changed, sizes=tuple(turn.values_of("size")), is_settled=True)
        )
    other = variants.named_instead(turn, wish)
    if other is None and not turn.is_button and reasons.reason_in(turn.text):
        other = wish  # a reason that comes late may open another way
    if other is not None:
        return await return_asking.go_on(turn, outside, other)
    if interrupting.declines(turn):
        turn.say("utter_flow_left")
        return people.forget_questions()
    return None


async def _aside(turn: Turn, outside: Outside, wish: Wish) -> list[EventType] | None:
    """What is no answer but belongs here: a picture or a reason early, a question about sizes."""
    if turn.images:
        turn.say("utter_return_photo_kept")
    elif reasons.reason_in(turn.text) and not turn.is_button and "?" not in turn.text:
        pass  # the reason is kept
    elif not sizes_aside.are_asked_for(turn) or not await sizes_aside.say(turn, outside, wish):
        return None
    ask_again(turn)
    return wish.asking(wish.step, wish.offered)


_AGAIN = {
    "item": "utter_return_again_item",
    "quantity": "utter_return_again_quantity",
    "reason": "utter_return_again_reason",
    "photo": "utter_return_again_photo",
    "kind": "utter_return_again_kind",
    "variant": "utter_exchange_again_variant",
    "confirm": "utter_return_again_confirm",
}
_STEPS = {
    "order": _order,
    "item": _item,
    "quantity": _quantity,
    "reason": _reason,
    "photo": _photo,
    "kind": _kind,
    "variant": _variant,
    "confirm": _confirm,
}


def _for_money(wish: Wish) -> Wish:
    return replace(wish.without_variant(), kind=ReturnKind.REFUND.value, is_settled=True, sizes=())


def _kind_said(turn: Turn) -> str | None:
    """Whether the words ask for money or for another piece; None when for neither or both."""
    if turn.is_button:
        return None
    said = plain(turn.text)
    wants_exchange, wants_money = _EXCHANGE.search(said), _MONEY.search(said)
    if bool(wants_exchange) == bool(wants_money):
        return None
    return (ReturnKind.EXCHANGE if wants_exchange else ReturnKind.REFUND).value


def _kind_of(turn: Turn) -> str:
    kind = ReturnKind.EXCHANGE if turn.topic == "exchange" else ReturnKind.REFUND
    return kind.value


def _with_flow(events: list[EventType], wish: Wish) -> list[EventType]:
    """With the wish remembered while it isn't known yet which order it is about."""
    pending = [each["value"] for each in events if each.get("name") == "pending"]
    if not pending or pending[-1] not in {"order_number", "order_choice", "order_email"}:
        return events
    return [*events, SlotSet("flow", _flow_of(wish))]


def _flow_of(wish: Wish) -> dict[str, Any]:
    asked = wish.asking("order")
    return next(each["value"] for each in asked if each["name"] == "flow")

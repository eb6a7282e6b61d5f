"""The next question of a return: which item, how many, why, a photo, what instead, all right?"""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk.events import EventType

from actions.returns import refusing, return_status, variants
from actions.returns.return_wish import Case, Wish, all_described
from actions.talk import choosing, people, refund_times
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import dates, reasons
from actions.wording.pieces import described
from order_system import texts
from order_system.returns import Ground
from order_system.vocabulary import Basis, Payer, ReturnKind, ReturnReason

ALL = "all"
_ALL = {"pt": "Todos os itens", "en": "All items"}
_EVERYTHING = ("tudo", "todos os", "todas as", "everything", "all of", "all items", "whole order")
_KINDS = {
    "pt": {"exchange": "Trocar o tamanho", "refund": "Dinheiro de volta"},
    "en": {"exchange": "Change the size", "refund": "Money back"},
}


async def go_on(turn: Turn, outside: Outside, wish: Wish) -> list[EventType]:
    """Ask for what is missing; once nothing is, read it back."""
    order = await outside.orders.by_number(wish.order or "")
    options = await outside.orders.return_options(wish.order or "")
    if order is None or options is None:
        return await hand_over(turn, outside, wish)
    case = Case(order, options)
    if (wish.asks_status and not wish.items) or not case.open_items:
        said = await return_status.say(turn, outside, case)
        if said is not None:
            return said
    if wish.asks_refund:
        await refund_times.say_of_order(turn, outside, wish.order or "")
        wish = replace(wish, asks_refund=False)
    wish = with_item(case, wish)
    if not wish.items:
        return _ask_item(turn, case, wish)
    wish = _collected(turn, case, wish)
    if not wish.quantity and len(wish.items) == 1 and case.left_of(wish.items[0]) > 1:
        return _ask_quantity(turn, case, wish)
    return await _ask_rest(turn, outside, case, wish)


async def _ask_rest(turn: Turn, outside: Outside, case: Case, wish: Wish) -> list[EventType]:
    ground = _ground(case, wish)
    is_any_given = any(one.is_given for each in case.options_of(wish) for one in each.grounds)
    wants_reason = wish.why is ReturnReason.NONE and ground.basis is not Basis.REGRET
    if wants_reason and is_any_given and not (wish.is_exchange and ground.is_given):
        return ask_reason(turn, wish)
    if ground.refusal is not None:
        return await refusing.of_return(turn, outside, case, wish, ground.refusal)
    if ground.needs_photo and not wish.photos:
        turn.say("utter_return_ask_photo")
        return wish.asking("photo")
    if _may_be_exchanged(case, wish):
        offered = _KINDS[turn.language]
        turn.say("utter_return_ask_kind", buttons=choosing.buttons(offered))
        return wish.asking("kind", offered)
    if wish.is_exchange:
        chosen = await variants.settle(turn, outside, case, wish, ground)
        if not isinstance(chosen, Wish):
            return chosen
        wish = _collected(turn, case, chosen)
    return _confirm(turn, case, wish, ground)


async def say_cost(turn: Turn, outside: Outside, wish: Wish) -> bool:
    """Say what sending it back costs, once it is known what goes back; returns whether it is."""
    order = await outside.orders.by_number(wish.order or "")
    options = await outside.orders.return_options(wish.order or "")
    if order is None or options is None:
        return False
    case = Case(order, options)
    meant = with_item(case, wish)
    if not meant.items:  # what goes for every piece needs no choice first
        each = [replace(wish, items=(item.ref,)) for item in case.open_items]
        if len({_paid_by(_ground(case, one)) for one in each}) != 1:
            return False
        meant = each[0]
    return _say_who_pays(turn, _ground(case, meant))


def with_item(case: Case, wish: Wish) -> Wish:
    """With the line that is the only one, or that the first words name."""
    refs = [item.ref for item in case.open_items]
    known = tuple(ref for ref in wish.items if ref in refs)
    if known:
        return replace(wish, items=known)
    if len(refs) == 1:
        return replace(wish, items=(refs[0],))
    if any(word in wish.words for word in _EVERYTHING) and not wish.is_exchange:
        return replace(wish, items=tuple(refs))
    names = {item.ref: f"{item.name} {item.category or ''}" for item in case.open_items}
    named = choosing.named(wish.words, names)
    return replace(wish, items=(named,) if named else ())


def in_language(turn: Turn, wish: Wish) -> dict[str, str]:
    """What is offered, in the language of the turn, which may be another one by now."""
    if wish.step == "reason":
        return reasons.titles(turn.language)
    if wish.step == "kind":
        return _KINDS[turn.language]
    ours = {ALL: _ALL, variants.MONEY: variants.MONEY_BACK}
    return {
        key: ours[key][turn.language] if key in ours else title
        for key, title in wish.offered.items()
    }


async def hand_over(turn: Turn, outside: Outside, wish: Wish) -> list[EventType]:
    """Give it to people, with all that was collected."""
    return await people.call(turn, outside.desk, "needs_people", told=wish.told or None)


def ask_reason(turn: Turn, wish: Wish) -> list[EventType]:
    """Ask why."""
    offered = reasons.titles(turn.language)
    turn.say("utter_return_ask_reason", buttons=choosing.buttons(offered))
    return wish.asking("reason", offered)


def _ask_item(turn: Turn, case: Case, wish: Wish) -> list[EventType]:
    offered = {item.ref: described(item) for item in case.open_items}
    if not wish.is_exchange:
        offered[ALL] = _ALL[turn.language]
    said = "utter_exchange_ask_item" if wish.is_exchange else "utter_return_ask_item"
    turn.say(said, buttons=choosing.buttons(offered), order_number=wish.order)
    return replace(wish, version=case.order.version).asking("item", offered)


def _ask_quantity(turn: Turn, case: Case, wish: Wish) -> list[EventType]:
    left = case.left_of(wish.items[0])
    turn.say("utter_return_ask_quantity", quantity=str(left), item=case.items_of(wish)[0].name)
    return wish.asking("quantity", {str(n): str(n) for n in range(1, left + 1)})


def _confirm(turn: Turn, case: Case, wish: Wish, ground: Ground) -> list[EventType]:
    """Read it back, with the right it stands on, who pays the way, and what the shop asks for."""
    _say_who_pays(turn, ground)
    conditions = [texts.in_language(one, turn.language) for one in case.options.conditions]
    if conditions and wish.why not in reasons.FAULTS:
        turn.say("utter_return_conditions", conditions="; ".join(conditions))
    items = all_described(case, wish)
    if not wish.is_exchange:
        turn.say("utter_return_confirm", items=items, order_number=wish.order)
    elif wish.size or wish.color:
        turn.say(
            "utter_exchange_confirm",
            items=items,
            order_number=wish.order,
            instead=wish.variant_name,
        )
    else:
        turn.say("utter_exchange_confirm_same", items=items, order_number=wish.order)
    return replace(wish, version=case.order.version).asking("confirm")


def _say_who_pays(turn: Turn, ground: Ground) -> bool:
    """Say what sending it back costs; returns whether the shop has a rule for it."""
    if ground.basis is Basis.REGRET and ground.until:
        until = dates.written(ground.until, turn.language, dates.today())
        turn.say("utter_return_by_regret", until=until)
    elif ground.shipping_paid_by is Payer.SHOP:
        turn.say("utter_return_free")
    elif ground.shipping_paid_by is Payer.SHOPPER:
        turn.say("utter_return_paid")
    else:
        return False
    return True


def _paid_by(ground: Ground) -> tuple[object, ...]:
    """What is said of the cost follows from this."""
    return ground.basis is Basis.REGRET and ground.until, ground.shipping_paid_by


def _ground(case: Case, wish: Wish) -> Ground:
    """The ground for all lines chosen: that of the first line which has none, else the first's."""
    kind = ReturnKind(wish.kind)
    found = [each.best(kind, wish.why) for each in case.options_of(wish)]
    return next((ground for ground in found if not ground.is_given), found[0])


def _may_be_exchanged(case: Case, wish: Wish) -> bool:
    """Whether money is wanted for a piece of the wrong size that could be exchanged."""
    if wish.is_exchange or wish.is_settled or wish.why not in reasons.SIZES:
        return False
    if len(wish.items) != 1 or not case.items_of(wish)[0].product:
        return False
    return case.options_of(wish)[0].best(ReturnKind.EXCHANGE).is_given


def _collected(turn: Turn, case: Case, wish: Wish) -> Wish:
    """With what is known in words for people."""
    titles = reasons.titles(turn.language)
    told = {
        "order_number": wish.order or "",
        "item": all_described(case, wish),
        "return_reason": titles.get(wish.reason, ""),
        "wanted_size": wish.variant_name,
        "photos": str(len(wish.photos)) if wish.photos else "",
    }
    return replace(wish, told={name: words for name, words in told.items() if words})

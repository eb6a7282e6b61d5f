"""Promo codes: whether one works, why not, and which ones run."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from rasa_sdk.events import EventType, SlotSet

from actions.money import paying
from actions.talk import flows, interrupting, people
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts, dates
from actions.wording.plain import plain
from order_system.catalogue import Promo, PromoAnswer
from order_system.model import Money
from order_system.refusals import Refusal, Why
from order_system.texts import in_language

_WORD = re.compile(r"[^\W_]{3,30}")
_TOLD = re.compile(
    r"\b(?:cupom|cupon|coupon|codigo|code|voucher|promo)\b(?: (?:de desconto|promocional|is|e))?"
    r"[ :\"']+([a-z0-9]{4,30})\b"
)
# Words that may follow "the code" and are none.
_NO_CODE = """
code codes codigos codigo cupom cupons coupon coupons voucher promo promocao discount
para nao tem dos das que desse desta deste esta este meu minha valido invalido funciona
ainda algum alguma ativo disponivel primeira compra frete gratis loja site hoje desconto
descontos promocional expirou venceu apareceu recebi quando como onde porque
that does doesn does not dont isn isnt this works working valid invalid still from with have
please available today first order free shipping expired what when where active says said
give gives gave your mine they there here been was will can cant would
"""
_NO_CODES = frozenset(_NO_CODE.split())
_TROUBLE = re.compile(
    r"nao (?:ta |esta )?(?:funcion|aceit|apli|entr|deu|da\b|pega|vale)|invalid|erro|recus|expir"
    r"|venc|aplic|us[ao]r?\b|n(?:o|')t (?:work|accept|apply)|not (?:work|valid|accept)|reject"
    r"|doesnt|wont|error|apply|redeem|meu cupom|my (?:code|coupon|promo|voucher)"
)
_REFUSED = {
    Why.PROMO_UNKNOWN: "utter_promo_unknown",
    Why.PROMO_NOT_YET: "utter_promo_not_yet",
    Why.PROMO_OVER: "utter_promo_over",
    Why.PROMO_USED_UP: "utter_promo_used_up",
    Why.PROMO_BELOW_MINIMUM: "utter_promo_below_minimum",
    Why.PROMO_FIRST_ORDER_ONLY: "utter_promo_first_order_only",
    Why.PROMO_NOT_IN_COUNTRY: "utter_promo_not_in_country",
    Why.PROMO_NOT_FOR_CATEGORY: "utter_promo_not_for_category",
}
_NO_MEANING = frozenset({"", "nlu_fallback", "out_of_scope", "promo_code", "menu_choice"})
_MOST_LISTED = 5
_A_MOMENT = timedelta(seconds=1)


class ActionCheckPromo(Act):
    """Checks a code, or says which ones run."""

    def name(self) -> str:
        """As in the domain."""
        return "action_check_promo"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Check the code of the message; ask for it when one gives trouble; else list what runs."""
        if turn.flow.get("name") == "promo" and (taken := await take(turn, self.outside)):
            return taken
        if paying.is_about_codes_to_pay(turn):
            return await paying.begin(turn, self.outside)
        code = _code_in(turn.text)
        if code:
            return await _check(turn, self.outside, code)
        if _TROUBLE.search(plain(turn.text)):
            asked = {"name": "promo", "asks": "code"}
            turn.say("utter_ask_promo_code")
            return [SlotSet("pending", flows.PENDING), SlotSet("flow", asked)]
        return await _list(turn, self.outside)


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Check the code that was asked for."""
    if interrupting.leaves(turn) or turn.intent == "deny":
        turn.say("utter_promo_without_code")
        return [*people.forget_questions(), *await _list(turn, outside)]
    words = _WORD.findall(turn.text)
    # Any word may be a code, but one that means something by itself only in a code's letters.
    alone = words[0] if len(words) == 1 and turn.intent in _NO_MEANING else None
    code = _code_in(turn.text) or alone
    return await _check(turn, outside, code) if code and not turn.is_button else None


def ask_again(turn: Turn) -> None:
    """Ask for the code once more."""
    turn.say("utter_ask_promo_code")


async def follow_up(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Answer for a code that stands in a message about nothing else; None where it is no code."""
    code = _code_in(turn.text)
    if code is None or code not in turn.text or turn.values_of("tracking_code"):
        return None
    found = await outside.orders.promo(code, phone=turn.phone)
    return None if found.promo is None else _say(turn, found)


async def _check(turn: Turn, outside: Outside, code: str) -> list[EventType]:
    return _say(turn, await outside.orders.promo(code, phone=turn.phone))


def _say(turn: Turn, found: PromoAnswer) -> list[EventType]:
    if found.promo is not None and found.refusal is None:
        _say_valid(turn, found.promo)
        return _over()
    _say_no(turn, found)
    if found.promo is not None:
        return _over()
    # Mistyped, perhaps: the next message may be the code once more.
    asked = {"name": "promo", "asks": "code", "told": {"promo_code": found.code}}
    return [*_over(), SlotSet("pending", flows.PENDING), SlotSet("flow", asked)]


def _say_valid(turn: Turn, promo: Promo) -> None:
    turn.say("utter_promo_valid", code=promo.code, summary=_summary(turn, promo))
    if promo.ends_at:
        turn.say("utter_promo_until", until=_day(turn, promo))
    if promo.minimum:
        turn.say("utter_promo_minimum", minimum=amounts.written(promo.minimum, turn.language))


def _say_no(turn: Turn, found: PromoAnswer) -> None:
    refusal = found.refusal or Refusal(Why.PROMO_UNKNOWN)
    facts = refusal.facts
    said = _REFUSED.get(refusal.why, "utter_promo_refused")
    needed = {
        "utter_promo_not_yet": "from",
        "utter_promo_over": "until",
        "utter_promo_below_minimum": "minimum",
    }
    if needed.get(said, "") not in {"", *facts}:
        said = "utter_promo_refused"
    turn.say(
        said,
        code=found.code,
        summary=_summary(turn, found.promo) if found.promo else "",
        day=_written(turn, facts.get("from") or facts.get("until")),
        minimum=_money(turn, facts.get("minimum"), facts.get("currency")),
    )


async def _list(turn: Turn, outside: Outside) -> list[EventType]:
    running = (await outside.orders.promos())[:_MOST_LISTED]
    lines = [f"• {promo.code}: {_summary(turn, promo)}{_ending(turn, promo)}" for promo in running]
    if lines:
        turn.say("utter_promos_running", promos="\n".join(lines))
    else:
        turn.say("utter_promos_none")
    return _over()


def _ending(turn: Turn, promo: Promo) -> str:
    until = {"pt": "até", "en": "until"}[turn.language]
    return f" ({until} {_day(turn, promo)})" if promo.ends_at else ""


def _code_in(text: str) -> str | None:
    """The code in a message: letters with figures, capitals among small letters, or so called."""
    words = _WORD.findall(text)
    mixed = [word for word in words if re.search(r"[^\W\d]{2}", word) and re.search(r"\d", word)]
    if mixed:
        return mixed[0].upper()
    shouted = [word for word in words if word.isupper() and word.isalpha() and len(word) > 4]
    if shouted and (not text.isupper() or len(words) == 1) and plain(shouted[0]) not in _NO_CODES:
        return shouted[0]
    told = [word for word in _TOLD.findall(plain(text)) if word not in _NO_CODES]
    return told[0].upper() if told else None


def _summary(turn: Turn, promo: Promo) -> str:
    return in_language(promo.summary, turn.language).rstrip(".")


def _day(turn: Turn, promo: Promo) -> str:
    """The last day: a code that ends at midnight doesn't work on the day that begins then."""
    if promo.ends_at is None:
        return ""
    last = dates.day_of(promo.ends_at - _A_MOMENT)
    return dates.written(last, turn.language, dates.today())


def _written(turn: Turn, day: str | None) -> str:
    try:
        return dates.written(date.fromisoformat(day or ""), turn.language, dates.today())
    except ValueError:
        return day or ""


def _money(turn: Turn, amount: str | None, currency: str | None) -> str:
    if not amount or not currency:
        return ""
    return amounts.written(Money(Decimal(amount), currency), turn.language)


def _over() -> list[EventType]:
    return [SlotSet("pending", None), SlotSet("flow", None), SlotSet("failed_attempts", 0)]

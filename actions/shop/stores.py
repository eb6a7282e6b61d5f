"""Where the shop is and when: every place, the one asked about, or a single day."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk.act import Act
from actions.talk.turn import Turn
from actions.wording import dates, opening_hours
from actions.wording.plain import plain
from order_system.addresses import Address
from order_system.stores import Store
from order_system.texts import in_language

_NOW = re.compile(r"\b(?:agora|abert[oa]s?|atendendo|now|open right|currently|still open)\b")
_SOON = timedelta(days=14)
_FEW = frozenset(("loja", "lojas", "shop", "store", "atendimento", "customer", "service"))
# What cities are called for short.
_NICKNAMES = {
    "bh": "belo horizonte",
    "belo": "belo horizonte",
    "sp": "sao paulo",
    "sampa": "sao paulo",
}
_NICKNAME = re.compile(r"\b(?:bh|belo(?! horizonte)|sp|sampa)\b")
_PHONE = re.compile(r"\b(?:telefone|fone|ligar|phone|call)\b")
# What a shop doesn't tell of itself.
_UNKNOWN = re.compile(
    r"\b(?:estaciona\w*|valet|parking|park|wheelchair|cadeirante|acessibilidade|elevador|pet"
    r"|cachorro|dogs?|banheiro|toilets?|provador\w*|fitting rooms?|vagas? (?:de|para|pra) carro)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:lojas?|unidades?|filia(?:l|is)|stores?|shops?|branch(?:es)?|loja fisica)\b.{0,12}"
    r"\b(?:em|no|na|in|near)\s+([a-z]{3,})"
)
_DAYS_AND_MORE = """
domingo sabado segunda terca quarta quinta sexta feriado feriados natal ano dia momento shopping
brasil brazil the your this person town city store shop loja sunday monday tuesday wednesday
thursday friday saturday christmas total algum alguma outro outra que qual quais which what
"""
_NO_PLACE = frozenset(_DAYS_AND_MORE.split())
_LETTERS = 4  # of a word that can name a place


class ActionShowStores(Act):
    """Says hours and places."""

    def name(self) -> str:
        """As in the domain."""
        return "action_show_stores"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Answer for the place and the day that the message names, else for all."""
        stores = await self.outside.orders.stores()
        named = [store for store in stores if _is_named(store, turn.text)]
        day = _day(turn)
        if not stores:
            turn.say("utter_stores_unknown")
            return []
        said = plain(turn.text)
        if _UNKNOWN.search(said):
            turn.say("utter_store_detail_unknown")
            return [SlotSet("pending", "talk_to_human")]
        if _PHONE.search(said) and _say_phones(turn, named or stores):
            return []
        if not named and _names_elsewhere(said):
            turn.say("utter_no_store_there")
        if day is not None:
            _say_day(turn, named or stores, day)
        else:
            _say_week(turn, named or stores)
        return []


def _say_phones(turn: Turn, stores: Sequence[Store]) -> bool:
    """Say under which numbers they are called; returns whether there are any."""
    known = [store for store in stores if store.phone]
    for store in known:
        name = in_language(store.name, turn.language)
        turn.say("utter_store_phone", store=name, phone=store.phone)
    return bool(known)


def _say_week(turn: Turn, stores: Sequence[Store]) -> None:
    now = datetime.fromtimestamp(time.time(), timezone.utc)
    today = dates.today()
    asks_now = bool(_NOW.search(plain(turn.text)))
    for store in stores:
        if asks_now:
            _say_now(turn, store, now)
            continue
        week = opening_hours.week(store, turn.language)
        name = in_language(store.name, turn.language)
        if store.address is None:
            turn.say("utter_service_hours", store=name, hours=week)
        else:
            turn.say("utter_store_hours", store=name, hours=week, address=_line(store.address))
    for day in _special_days(stores, today):
        _say_special(turn, stores, day, today)


def _say_now(turn: Turn, store: Store, now: datetime) -> None:
    name = in_language(store.name, turn.language)
    if store.is_open(now):
        turn.say("utter_store_open_now", store=name)
        return
    opens = store.opens_next(now)
    if opens is not None:
        moment = dates.moment(opens, turn.language, dates.today())
        turn.say("utter_store_closed_now", store=name, opens=moment)


def _say_day(turn: Turn, stores: Sequence[Store], day: date) -> None:
    about: dict[str, Any] = {
        "weekday": opening_hours.weekday(day, turn.language),
        "day": dates.written(day, turn.language, dates.today()),
    }
    if len(stores) > 1 and not any(store.hours_on(day) for store in stores):
        turn.say("utter_stores_closed_on", **about)
        return
    for store in stores:
        hours = store.hours_on(day)
        name = in_language(store.name, turn.language)
        if hours:
            written = opening_hours.of_day(hours, turn.language)
            turn.say("utter_store_open_on", store=name, hours=written, **about)
        else:
            turn.say("utter_store_closed_on", store=name, **about)


def _say_special(turn: Turn, stores: Sequence[Store], day: date, today: date) -> None:
    written = dates.written(day, turn.language, today)
    for store in stores:
        special = store.special.get(day)
        if special is None:
            continue
        name = in_language(store.name, turn.language)
        because = in_language(special.because, turn.language)
        if special.hours:
            hours = opening_hours.of_day(special.hours, turn.language)
            said = "utter_store_special_hours"
            turn.say(said, store=name, day=written, hours=hours, because=because)
        else:
            turn.say("utter_store_special_closed", store=name, day=written, because=because)


def _special_days(stores: Sequence[Store], today: date) -> list[date]:
    return sorted({day for one in stores for day in one.special if today <= day <= today + _SOON})


def _day(turn: Turn) -> date | None:
    """The day that the message asks about."""
    found = next(iter(turn.values_of("date")), None)
    return dates.meant(found, dates.today()) if found else None


def _is_named(store: Store, text: str) -> bool:
    """Whether the message names this place: by its name, its district or its city."""
    said = _NICKNAME.sub(lambda found: _NICKNAMES[found[0]], plain(text))
    place = store.address
    names = [*store.name.values(), *([place.city, place.district] if place else [])]
    known = {word for name in names for word in re.findall(r"\w+", plain(name))} - _FEW
    return any(
        len(word) >= _LETTERS and re.search(rf"\b{re.escape(word)}\b", said) for word in known
    )


def _names_elsewhere(said: str) -> bool:
    """Whether a shop in some place is asked for, and not on some day."""
    found = _ELSEWHERE.search(said)
    return found is not None and found[1] not in _NO_PLACE


def _line(address: Address) -> str:
    street = f"{address.street}, {address.number}" if address.number else address.street
    city = f"{address.city}/{address.state}" if address.state else address.city
    return ", ".join(part for part in (street, address.district, city) if part)

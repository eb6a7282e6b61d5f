"""A notice in words: a plain message within the 24 hours, the shop's template after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from order_system.model import Order
from sla_service.conversations.purposes import Purpose
from sla_service.conversations.wording import Wording
from sla_service.proactive.kinds import NoticeKind
from sla_service.proactive.plan import Language, TemplateDocument
from sla_service.tickets import scores
from sla_service.whatsapp import templates
from sla_service.whatsapp.compose import Composed, compose
from sla_service.whatsapp.templates import Template
from sla_service.whatsapp.values import Option, Reply

OPEN_LIST = "utter_desk_rate_open"
RATED = "utter_desk_order_rated"
RATED_LOW = "utter_desk_order_rated_low"
TALK = "utter_desk_rated_talk"
WANTS_PERSON = "/talk_to_human"
_SENTENCE = "utter_desk_order_{}"
_LATE_AGAIN = "utter_desk_order_delayed_again"
_SCORE = "utter_desk_score_{}"
_PAYLOAD = "/rate_purchase"
_WITH_ARRIVAL = (NoticeKind.SHIPPED, NoticeKind.DELAYED)
_WITH_PARCEL = (NoticeKind.SHIPPED, NoticeKind.DELAYED, NoticeKind.OUT_FOR_DELIVERY)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told, and to whom."""

    id: int
    kind: NoticeKind
    order: str
    language: Language
    name: str | None
    facts: Mapping[str, Any]
    is_first: bool
    """They were never told anything before."""
    is_again: bool = False
    """They were told the same of this order before: it is late once more."""


def facts(order: Order) -> dict[str, str]:
    """What sentences need of an order's latest parcel; nothing of the person."""
    if not order.shipments:
        return {}
    parcel = order.shipments[-1]
    known = {
        "carrier": parcel.carrier,
        "tracking": parcel.number,
        "url": parcel.url,
        "eta": parcel.eta and parcel.eta.isoformat(),
    }
    return {name: value for name, value in known.items() if value}


def plainly(notice: Notice, wording: Wording) -> Composed:
    """The message within the 24 hours."""
    text = "\n".join(_sentences(notice, wording))
    if notice.kind is NoticeKind.HOW_WAS_IT:
        options = tuple(
            Option(wording.say(_SCORE.format(one), notice.language), payload(notice.id, one))
            for one in scores.SCORES
        )
        label = wording.say(OPEN_LIST, notice.language)
        return _ours(notice, compose([Reply(text, options)], list_label=label)[0])
    return _ours(notice, compose([Reply(text)], list_label="")[0])


def by_template(
    notice: Notice,
    document: TemplateDocument,
    template: Template,
    nameless: Mapping[Language, str],
    wording: Wording,
) -> Composed:
    """The message after the 24 hours. Raises templates.Unfillable."""
    known = {
        **notice.facts,
        "order": notice.order,
        "name": _first_name(notice.name) or nameless[notice.language],
    }
    if "eta" in notice.facts:
        known["eta"] = _day(notice, wording)
    values = {
        key: filling[1:] if filling.startswith("=") else str(known.get(filling, ""))
        for key, filling in document.values.items()
    }
    composed = templates.fill(template, values)
    if notice.kind is NoticeKind.HOW_WAS_IT:
        composed = _with_scores(composed, notice.id)
    return _ours(notice, composed)


def payload(notice_id: int, score: int) -> str:
    """What comes back when a shopper gives this score to what a notice asked about."""
    return _PAYLOAD + orjson.dumps({"notice": notice_id, "score": score}).decode()


def pressed(said: str | None) -> tuple[int, int] | None:
    """The notice and the score of a button that was pressed; None: it is none of ours."""
    if said is None or not said.startswith(_PAYLOAD + "{"):
        return None
    try:
        told = orjson.loads(said.removeprefix(_PAYLOAD))
        notice_id, score = int(told["notice"]), int(told["score"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
    return (notice_id, score) if score in scores.SCORES else None


def _sentences(notice: Notice, wording: Wording) -> Sequence[str]:
    language, known = notice.language, notice.facts
    sentence = _LATE_AGAIN if notice.is_again else _SENTENCE.format(notice.kind.value)
    said = [wording.say(sentence, language, order=notice.order)]
    if notice.kind in _WITH_ARRIVAL and "eta" in known:
        said.append(wording.say("utter_desk_order_eta", language, date=_day(notice, wording)))
    if notice.kind in _WITH_PARCEL and "url" in known:
        said.append(wording.say("utter_desk_order_link", language, url=known["url"]))
    elif notice.kind in _WITH_PARCEL and "tracking" in known:
        said.append(wording.say("utter_desk_order_code", language, tracking=known["tracking"]))
    if notice.is_first:
        said.append(wording.say("utter_desk_order_stop", language))
    return said


def _day(notice: Notice, wording: Wording) -> str:
    day = date.fromisoformat(notice.facts["eta"])
    month = wording.say("utter_desk_months", notice.language).split("|")[day.month - 1]
    return wording.say("utter_desk_order_day", notice.language, day=day.day, month=month)


def _first_name(name: str | None) -> str:
    """The first of somebody's names, as far as it can stand in a template."""
    return (name or "").split()[0][:60] if (name or "").strip() else ""


def _with_scores(composed: Composed, notice_id: int) -> Composed:
    """The template's quick replies bear the five scores, the best first."""
    sent = dict(composed.body["template"])
    sent["components"] = [
        *sent.get("components", ()),
        *(
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": str(place),
                "parameters": [{"type": "payload", "payload": payload(notice_id, score)}],
            }
            for place, score in enumerate(scores.SCORES)
        ),
    ]
    return replace(composed, body={**composed.body, "template": sent})


def _ours(notice: Notice, composed: Composed) -> Composed:
    """Marked as what needs consent, down to the moment of sending."""
    told = {"purpose": Purpose.PROACTIVE.value, "order": notice.order, "notice": notice.kind.value}
    return replace(composed, content={**composed.content, **told})

"""What a contact is told about the wait for a person, in designers' words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sla_service.conversations.wording import Wording
from sla_service.handoff.tables import Reason
from sla_service.handoff.waiting import Wait, WaitKind

_SAID = {
    Reason.URGENT: "utter_desk_handed_over_urgent",
    Reason.FRAUD: "utter_desk_handed_over_fraud",
    Reason.LEGAL: "utter_desk_handed_over_legal",
    Reason.COMPLAINT: "utter_desk_handed_over_complaint",
    Reason.ESCALATION: "utter_desk_handed_over_escalation",
    Reason.LOW_CONFIDENCE: "utter_desk_handed_over_unsure",
    Reason.BOT_DOWN: "utter_desk_handed_over_bot_down",
}
_OTHERWISE = "utter_desk_handed_over"
_WEEK = 7


def handed_over(
    wording: Wording, reason: Reason, wait: Wait, language: str | None, *, at: datetime, ticket: int
) -> str:
    """The whole message: why people answer now, how long it will take, and the ticket's number."""
    return wording.say(
        _SAID.get(reason, _OTHERWISE),
        language,
        wait=about_wait(wording, wait, language, at=at),
        ticket=ticket,
    )


def about_wait(wording: Wording, wait: Wait, language: str | None, *, at: datetime) -> str:
    """A sentence or two about how long it will take."""
    match wait.kind:
        case WaitKind.MINUTES if wait.minutes is not None:
            return wording.say("utter_desk_wait_minutes", language, minutes=wait.minutes)
        case WaitKind.MINUTES:
            return wording.say("utter_desk_wait_long", language)
        case WaitKind.CLOSED if wait.opens_at is not None:
            when = _when(wording, wait.opens_at, wait.time_zone or "UTC", language, at)
            return wording.say("utter_desk_wait_closed", language, when=when)
        case WaitKind.NOW:
            return wording.say("utter_desk_wait_now", language)
    return wording.say("utter_desk_wait_unknown", language)


def _when(wording: Wording, opens: datetime, zone: str, language: str | None, at: datetime) -> str:
    """“amanhã às 9h”, as near as people say it."""
    local, today = opens.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(zone)).date()
    days = (local.date() - today).days
    time = _time(local, language)
    if days <= 1:
        return wording.say(("utter_desk_today", "utter_desk_tomorrow")[days], language, time=time)
    if days < _WEEK:
        day = wording.say("utter_desk_weekdays", language).split("|")[local.weekday()]
        return wording.say("utter_desk_on_weekday", language, day=day, time=time)
    month = wording.say("utter_desk_months", language).split("|")[local.month - 1]
    return wording.say("utter_desk_on_date", language, day=local.day, month=month, time=time)


def _time(local: datetime, language: str | None) -> str:
    if language == "en":
        return f"{local.hour}:{local.minute:02}"
    return f"{local.hour}h{local.minute:02}" if local.minute else f"{local.hour}h"

"""What a notice, or a digest of many, says: a subject, a text, and the same as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from sla_service.notify.values import Notice, NoticeKind
from sla_service.notify.words import Words

_LISTED = 20
_TWO_DAYS = 48 * 60  # minutes; up to then hours say more than days
_SUBJECT = 200
_CALM = (NoticeKind.WARNED, NoticeKind.MENTIONED, NoticeKind.ACTION_DUE)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is written."""

    team: str
    words: Words
    time_zone: str
    desk_url: str
    """Where the console is; a notice's link is a path there."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to people."""

    subject: str
    text: str
    html: str
    is_alarming: bool


def compose(notices: Sequence[Notice], reader: Reader, at: datetime) -> Letter:
    """The message that tells these notices at this moment."""
    alarming = any(notice.kind not in _CALM for notice in notices)
    if len(notices) == 1:
        values = _values(notices[0], reader, at)
        kind = notices[0].kind.value
        subject = reader.words.say(kind, "subject", **values)
        lines = reader.words.lines(kind, "text", **values)
        return _letter(subject, lines, [], str(values["link"]), reader, is_alarming=alarming)
    ordered = sorted(notices, key=lambda notice: (_due(notice), notice.ticket_id))
    listed = [
        (reader.words.say("lines", notice.kind.value, **values), str(values["link"]))
        for notice in ordered[:_LISTED]
        for values in [_values(notice, reader, at)]
    ]
    counted = {"count": len(ordered), "team": reader.team}
    first = ordered[0].facts.get("number") or ordered[0].ticket_id
    subject = reader.words.say("digest", "subject", number=first, **counted)
    lines = reader.words.lines("digest", "text", **counted)
    if len(ordered) > _LISTED:
        more = reader.words.say("digest", "more", count=len(ordered) - _LISTED)
        listed.append((more, f"{reader.desk_url}/console"))
    return _letter(subject, lines, listed, "", reader, is_alarming=alarming)


def _values(notice: Notice, reader: Reader, at: datetime) -> dict[str, object]:
    facts, words = notice.facts, reader.words
    link = str(facts.get("link") or "")
    return {
        "number": facts.get("number") or notice.ticket_id,
        "topic": facts.get("subject") or "",
        "metric": words.name("metrics", str(facts.get("metric") or "resolution")),
        "tier": words.name("tiers", str(facts.get("tier") or "agent")),
        "priority": words.name("priorities", str(facts.get("priority") or "")),
        "policy": facts.get("policy") or "",
        "reason": facts.get("reason") or "",
        "by": facts.get("by") or "",
        "text": facts.get("text") or "",
        "team": reader.team,
        "due": moment(_due(notice), at, reader.time_zone, words),
        "relative": distance(_due(notice), at, words),
        "link": f"{reader.desk_url}{link}" if link.startswith("/") else "",
    }


def _due(notice: Notice) -> datetime:
    """When it was promised, as far as that is known."""
    try:
        due = datetime.fromisoformat(str(notice.facts.get("due_at") or ""))
    except ValueError:
        return notice.at
    return due if due.tzinfo else due.replace(tzinfo=UTC)


def moment(instant: datetime, at: datetime, time_zone: str, words: Words) -> str:
    """An instant as the team's clock shows it, with the day unless it is today."""
    zone = ZoneInfo(time_zone)
    local = instant.astimezone(zone)
    clock = f"{local:%H:%M}"
    if local.date() == at.astimezone(zone).date():
        return words.say("time", "today", clock=clock)
    return words.say(
        "time", "other_day", clock=clock, day=local.day, month=words.month(local.month)
    )


def distance(instant: datetime, at: datetime, words: Words) -> str:
    """How far an instant is, in whole minutes: `in 12 min`, `12 min ago`."""
    minutes = abs(instant - at) // timedelta(minutes=1)
    if minutes == 0:
        return words.say("time", "now")
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        span = words.say("time", "minutes", minutes=minutes)
    elif minutes >= _TWO_DAYS:
        span = words.say("time", "days", days=hours // 24)
    elif rest:
        span = words.say("time", "hours_minutes", hours=hours, minutes=rest)
    else:
        span = words.say("time", "hours", hours=hours)
    return words.say("time", "ahead" if instant > at else "ago", span=span)


def _letter(
    subject: str,
    lines: Sequence[str],
    listed: Sequence[tuple[str, str]],
    link: str,
    reader: Reader,
    *,
    is_alarming: bool,
) -> Letter:
    text = [*lines, *(f"- {line}{f' {to}' if to else ''}" for line, to in listed)]
    said = [f"<p>{escape(line)}</p>" for line in lines if line != link]
    if listed:
        said.append(f"<ul>{''.join(f'<li>{_anchor(to, line)}</li>' for line, to in listed)}</ul>")
    if link:
        said.append(f"<p>{_anchor(link, reader.words.say('open'))}</p>")
    return Letter(
        subject=" ".join(subject.split())[:_SUBJECT],
        text="\n".join(text),
        html=f"<!doctype html><html><body>{''.join(said)}</body></html>",
        is_alarming=is_alarming,
    )


def _anchor(to: str, said: str) -> str:
    return f'<a href="{escape(to, quote=True)}">{escape(said)}</a>' if to else escape(said)

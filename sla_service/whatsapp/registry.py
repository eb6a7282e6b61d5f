"""What is known of templates: kept from lists and from news, in whichever order they come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from sla_service.database.sessions import Connection, rows
from sla_service.whatsapp import templates
from sla_service.whatsapp.templates import Template

APPROVED = "APPROVED"
# What a send that is refused tells of its template, sooner than any news of it.
_TOLD_BY_REFUSAL = {132001: "DELETED", 132015: "PAUSED", 132016: "DISABLED"}
# News is called what happened to it; a few of these are no status.
_NO_STATUS = frozenset({"FLAGGED", "PENDING_DELETION", "IN_APPEAL", "LOCKED", "UNLOCKED"})
_STATUS_OF = {"REINSTATED": APPROVED, "UNPAUSED": APPROVED, "ENABLED": APPROVED}


@dataclass(frozen=True, slots=True)
class Registered:
    """A template, and what the channel last told of it."""

    name: str
    language: str
    category: str
    status: str
    quality: str | None
    reason: str | None
    body: str
    is_usable: bool
    updated_at: datetime


async def keep(
    connection: Connection, account: str, listed: Sequence[Mapping[str, Any]], asked_at: datetime
) -> None:
    """Keep what the channel listed when it was asked; what it doesn't list is gone.

    What was told since it was asked counts for more.
    """
    named = {
        (str(one["name"]), str(one["language"])): one
        for one in listed
        if one.get("name") and one.get("language")
    }
    await rows(
        connection,
        _KEEP,
        {
            "account": account,
            "asked_at": asked_at,
            "names": [name for name, _ in named],
            "languages": [language for _, language in named],
            "categories": [str(one.get("category", "")).lower() for one in named.values()],
            "statuses": [str(one.get("status", "")).upper() for one in named.values()],
            "qualities": [_quality(one.get("quality_score")) for one in named.values()],
            "reasons": [_reason(one.get("rejected_reason")) for one in named.values()],
            "contents": [Jsonb(dict(one)) for one in named.values()],
        },
    )


async def hear(connection: Connection, content: Mapping[str, Any]) -> None:
    """Keep what an update tells of a template; what it doesn't tell stays as it was.

    By what it holds and not by its field's name: samples of one are called like another.
    """
    told = content["template"]
    name, language = told.get("message_template_name"), told.get("message_template_language")
    if not name or not language:
        return
    event = str(told.get("event") or "").upper()
    info = told.get("disable_info") or told.get("rejection_info") or told.get("other_info") or {}
    reason = _reason(told.get("reason")) or _reason(info.get("reason") or info.get("title"))
    is_status = bool(event) and "new_quality_score" not in told and event not in _NO_STATUS
    await rows(
        connection,
        _HEAR,
        {
            "account": str(content.get("account") or ""),
            "name": str(name),
            "language": str(language),
            "status": _STATUS_OF.get(event, event) if is_status else None,
            "reason": reason,
            "quality": _quality(told.get("new_quality_score")),
            "category": _category(told),
        },
    )


async def refused(connection: Connection, body: Mapping[str, Any], code: int | None) -> None:
    """A send was refused: what that tells of its template is known to everybody from now on."""
    template = body.get("template")
    if code in _TOLD_BY_REFUSAL and isinstance(template, dict):
        values = {
            "name": template.get("name"),
            "language": (template.get("language") or {}).get("code"),
            "status": _TOLD_BY_REFUSAL[code],
        }
        await rows(connection, _REFUSED, values)


async def usable(connection: Connection, account: str) -> tuple[Template, ...]:
    """The templates that may be sent and whose texts are all that is to be filled in."""
    found = await rows(connection, _USABLE, {"account": account})
    read = (templates.read({**row.content, "status": APPROVED}) for row in found)
    return tuple(one for one in read if one)


async def registered(connection: Connection, account: str) -> list[Registered]:
    """All that is known of an account's templates; what is gone is left out."""
    found = await rows(connection, _REGISTERED, {"account": account})
    return [
        Registered(
            row.name,
            row.language,
            row.category,
            row.status,
            row.quality,
            row.reason,
            row.body or "",
            row.content is not None
            and templates.read(row.content | {"status": row.status}) is not None,
            row.updated_at,
        )
        for row in found
    ]


async def find(connection: Connection, account: str, name: str, language: str) -> Template | None:
    """A template that may be sent now; None when it may not, or nothing is known of it."""
    values = {"account": account, "name": name, "language": language}
    found = await rows(connection, _FIND, values)
    return templates.read({**found[0].content, "status": APPROVED}) if found else None


async def status(connection: Connection, account: str, name: str, language: str) -> str | None:
    """What is known of a template's status; None: there is none."""
    values = {"account": account, "name": name, "language": language}
    found = await rows(connection, _STATUS, values)
    return str(found[0].status) if found else None


async def is_stopped(connection: Connection, name: str) -> bool:
    """Whether it is known of a template that it may not be sent in any language."""
    found = await rows(connection, _STOPPED, {"name": name})
    return bool(found[0].is_stopped)


def _category(told: Mapping[str, Any]) -> str | None:
    new = told.get("new_category") or told.get("message_template_category")
    return str(new).lower() if new else None


def _quality(told: Any) -> str | None:
    score = told.get("score") if isinstance(told, dict) else told
    return str(score).upper() if score else None


def _reason(told: Any) -> str | None:
    return str(told)[:300] if told and str(told).upper() != "NONE" else None


_KEEP = """
WITH listed AS (
  SELECT * FROM unnest(%(names)s::text[], %(languages)s::text[], %(categories)s::text[],
                       %(statuses)s::text[], %(qualities)s::text[], %(reasons)s::text[],
                       %(contents)s::jsonb[])
           AS l(name, language, category, status, quality, reason, content)
), gone AS (
  UPDATE whatsapp_templates t SET status = 'DELETED', reason = NULL, updated_at = now()
  WHERE account_id = %(account)s AND status <> 'DELETED'
    AND (told_at IS NULL OR told_at < %(asked_at)s)
    AND NOT EXISTS (
      SELECT FROM listed l WHERE l.name = t.name AND l.language = t.language
    )
)
INSERT INTO whatsapp_templates AS t
  (account_id, name, language, category, status, quality, reason, content, seen_at)
SELECT %(account)s, name, language, category, status, quality, reason, content, %(asked_at)s
FROM listed ORDER BY name, language
ON CONFLICT (account_id, name, language) DO UPDATE
SET category = CASE WHEN t.told_at >= %(asked_at)s THEN t.category ELSE excluded.category END,
    status = CASE WHEN t.told_at >= %(asked_at)s THEN t.status ELSE excluded.status END,
    quality = CASE WHEN t.told_at >= %(asked_at)s THEN t.quality
                   ELSE COALESCE(excluded.quality, t.quality) END,
    reason = CASE WHEN t.told_at >= %(asked_at)s OR excluded.status = t.status
                  THEN COALESCE(t.reason, excluded.reason) ELSE excluded.reason END,
    updated_at = CASE WHEN (t.told_at IS NULL OR t.told_at < %(asked_at)s)
                           AND (excluded.status, excluded.category) <> (t.status, t.category)
                      THEN now() ELSE t.updated_at END,
    content = excluded.content, seen_at = excluded.seen_at
"""

_HEAR = """
INSERT INTO whatsapp_templates AS t
  (account_id, name, language, category, status, quality, reason, told_at)
VALUES (%(account)s, %(name)s, %(language)s, COALESCE(%(category)s, ''),
        COALESCE(%(status)s, 'UNKNOWN'), %(quality)s, %(reason)s, clock_timestamp())
ON CONFLICT (account_id, name, language) DO UPDATE
SET category = COALESCE(%(category)s, t.category), status = COALESCE(%(status)s, t.status),
    quality = COALESCE(%(quality)s, t.quality),
    reason = CASE WHEN %(status)s::text IS NULL THEN t.reason ELSE %(reason)s END,
    told_at = clock_timestamp(), updated_at = clock_timestamp()
"""

_REFUSED = """
UPDATE whatsapp_templates
SET status = %(status)s, told_at = clock_timestamp(), updated_at = clock_timestamp()
WHERE name = %(name)s AND language = %(language)s AND status = 'APPROVED'
"""

_USABLE = """
SELECT content FROM whatsapp_templates
WHERE account_id = %(account)s AND status = 'APPROVED' AND content IS NOT NULL
ORDER BY name, language
"""

_REGISTERED = """
SELECT name, language, category, status, quality, reason, content, updated_at, (
  SELECT part ->> 'text' FROM jsonb_array_elements(content -> 'components') AS part
  WHERE upper(part ->> 'type') = 'BODY' LIMIT 1
) AS body
FROM whatsapp_templates WHERE account_id = %(account)s AND status <> 'DELETED'
ORDER BY name, language
"""

_FIND = """
SELECT content FROM whatsapp_templates
WHERE account_id = %(account)s AND name = %(name)s AND language = %(language)s
  AND status = 'APPROVED' AND content IS NOT NULL
"""

_STATUS = """
SELECT status FROM whatsapp_templates
WHERE account_id = %(account)s AND name = %(name)s AND language = %(language)s
"""

_STOPPED = """
SELECT count(*) > 0 AND bool_and(status <> 'APPROVED') AS is_stopped
FROM whatsapp_templates WHERE name = %(name)s
"""

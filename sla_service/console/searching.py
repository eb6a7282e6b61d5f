"""What people type to find a conversation again, and where it is looked for."""

import re
import unicodedata
from typing import Any

from sla_service.conversations.numbers_said import HAS_NUMBERS, NUMBERS, sought_numbers
from sla_service.conversations.phones import beginnings, endings
from sla_service.conversations.plain_words import plain, plain_sql

_SHORTEST_PHONE = 4
_SHORTEST_IN_MESSAGES = 3  # signs: fewer make no use of the index, and find everything
_NEWEST = 500
_SIGNS = re.compile(r"([\\%_])")


def condition(query: str) -> tuple[str, dict[str, Any]] | None:
    """What a conversation `c` must fulfil, with its values; None where nothing is looked for.

    Names, usernames, numbers, ticket numbers and subjects, and what was said lately, without
    regard to case and accents. A phone number is found by how it begins or ends, a number that
    was said by how it begins; where nothing is found so, by any part of what was said.
    """
    sought = unicodedata.normalize("NFC", query.replace("\x00", "").strip())
    if not sought:
        return None
    digits = re.sub(r"\D", "", sought)
    is_number = re.fullmatch(r"#?[\d\s().+-]+", sought) is not None
    values = {
        "sought": sought,
        "words": f"%{_SIGNS.sub(r'\\\1', plain(sought))}%",
        "ticket": int(digits) if is_number and 0 < len(digits) <= 18 else None,
    }
    places = [_WHO, _TICKETS, _SUBJECTS]
    if is_number and len(digits) >= _SHORTEST_PHONE:
        has_any, phones = _phones(digits)
        places.append(_PHONES.format(has_any=has_any))
        values |= phones
    numbers = sought_numbers(sought) if is_number else None
    if numbers is not None:
        found = _NUMBERS_FIRST.format(places=" UNION ".join([*places, _NUMBERS]))
        values["numbers"] = numbers
    else:
        said = [_MESSAGES] if len(sought) >= _SHORTEST_IN_MESSAGES else []
        found = " UNION ".join([*places, *said])
    # As an array they are looked up one by one, however many PostgreSQL expects.
    return f"c.id = ANY(ARRAY({found}))", values


def _phones(digits: str) -> tuple[str, dict[str, Any]]:
    """That a contact's number begins or ends so, and the values."""
    sides = [("p.phone_key", part) for part in beginnings(digits)]
    sides += [("reverse(p.phone_key)", part[::-1]) for part in endings(digits)]
    # Digits sort alike everywhere: what begins with these comes before these and nines.
    has_any = " OR ".join(
        f"{key} BETWEEN :phone{nth} AND :phone{nth} || '{'9' * 20}'"
        for nth, (key, _) in enumerate(sides)
    )
    return has_any, {f"phone{nth}": part for nth, (_, part) in enumerate(sides)}


# Of each place the newest are looked at: a word that everybody says would find everything there is.
# Behind an OFFSET, a contact's conversations are looked up one by one.
_WHO = f"""
SELECT f.id FROM (
  SELECT p.id FROM contacts p
  WHERE {plain_sql("p.name")} LIKE :words OR {plain_sql("p.username")} LIKE :words
     OR p.bsuid = :sought
  ORDER BY p.id DESC LIMIT {_NEWEST}
) p CROSS JOIN LATERAL (SELECT id FROM conversations WHERE contact_id = p.id OFFSET 0) f
"""  # noqa: S608 - our own words

_PHONES = f"""
SELECT f.id FROM (
  SELECT p.id FROM contacts p WHERE {{has_any}} ORDER BY p.id DESC LIMIT {_NEWEST}
) p CROSS JOIN LATERAL (SELECT id FROM conversations WHERE contact_id = p.id OFFSET 0) f
"""  # noqa: S608 - our own words

_TICKETS = "SELECT conversation_id FROM tickets WHERE number = CAST(:ticket AS bigint)"

_SUBJECTS = f"""
SELECT conversation_id FROM (
  SELECT conversation_id FROM tickets WHERE {plain_sql("subject")} LIKE :words
  ORDER BY id DESC LIMIT {_NEWEST}
) opened
"""  # noqa: S608 - our own words

_MESSAGES = f"""
SELECT conversation_id FROM (
  SELECT conversation_id FROM messages
  WHERE text <> '' AND revoked_at IS NULL AND plain_text LIKE :words
  ORDER BY id DESC LIMIT {_NEWEST}
) said
"""  # noqa: S608 - our own words

_NUMBERS = f"""
SELECT conversation_id FROM (
  SELECT conversation_id FROM messages
  WHERE {HAS_NUMBERS} AND {NUMBERS} @@ CAST(:numbers AS tsquery) AND revoked_at IS NULL
  ORDER BY id DESC LIMIT {_NEWEST}
) told
"""  # noqa: S608 - our own words

# Digits from the midst of a number take long to find where many were said.
_NUMBERS_FIRST = f"""
WITH found AS MATERIALIZED ({{places}})
SELECT id FROM found
UNION ALL
SELECT conversation_id FROM ({_MESSAGES}) midst WHERE NOT EXISTS (SELECT FROM found)
"""  # noqa: S608 - our own words

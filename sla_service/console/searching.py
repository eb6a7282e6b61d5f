"""What people type to find a conversation again, and where it is looked for."""

import re
import unicodedata
from typing import Any

from sla_service.conversations.phones import phone_key
from sla_service.conversations.plain_words import plain, plain_sql

_SHORTEST_PHONE = 4
_SHORTEST_IN_MESSAGES = 3  # signs: fewer make no use of the index, and find everything
_NEWEST = 500
_SIGNS = re.compile(r"([\\%_])")


def condition(query: str) -> tuple[str, dict[str, Any]] | None:
    """What a conversation `c` must fulfil, with its values; None where nothing is looked for.

    Names, usernames, numbers, ticket numbers and subjects, and what was said lately, without
    regard to case and accents.
    """
    sought = unicodedata.normalize("NFC", query.replace("\x00", "").strip())
    if not sought:
        return None
    digits = re.sub(r"\D", "", sought)
    is_number = re.fullmatch(r"#?[\d\s().+-]+", sought) is not None
    phones = []
    if is_number and len(digits) >= _SHORTEST_PHONE:
        # A Brazilian number is typed with or without country code and ninth digit.
        phones = sorted({digits, phone_key(digits), phone_key(f"55{digits}")})
    values = {
        "sought": sought,
        "words": f"%{_SIGNS.sub(r'\\\1', plain(sought))}%",
        **{f"phone{nth}": f"%{phone}%" for nth, phone in enumerate(phones)},
        "ticket": int(digits) if is_number and 0 < len(digits) <= 18 else None,
    }
    places = [_WHO, *(_NUMBER.format(nth=nth) for nth in range(len(phones))), _TICKETS, _SUBJECTS]
    if len(sought) >= _SHORTEST_IN_MESSAGES:
        places.append(_MESSAGES)
    # As an array they are looked up one by one, however many PostgreSQL expects.
    return f"c.id = ANY(ARRAY({' UNION '.join(places)}))", values


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

_NUMBER = f"""
SELECT f.id FROM (
  SELECT p.id FROM contacts p WHERE p.phone_key LIKE :phone{{nth}} OR p.wa_id LIKE :phone{{nth}}
  ORDER BY p.id DESC LIMIT {_NEWEST}
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

"""A delivery's body without what it says of one contact; everybody else's part stays as it was."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson

from sla_service.whatsapp.payload import UnreadableBody, opened, split

_ERASED = {"erased": True}
_LISTS = ("messages", "statuses", "contacts", "user_id_update")
_IDS = ("from", "from_user_id", "id", "recipient_id", "recipient_user_id", "wa_id", "user_id")


def marks(content: Mapping[str, Any]) -> frozenset[str]:
    """What tells, in an update's content, whom it is about: numbers, user ids, message ids."""
    found: set[str] = set()
    for part in content.values():
        if isinstance(part, dict):
            for name in _IDS:
                value = part.get(name)
                values = value.values() if isinstance(value, dict) else (value,)
                found |= {one for one in values if isinstance(one, str) and one}
    return frozenset(found)


def without(body: bytes, needles: Collection[str]) -> tuple[bytes, list[int]]:
    """The body with every part gone that names one of `needles`, and the places of its updates.

    The other updates keep their places. A body that can't be read goes as a whole.
    """
    try:
        updates = split(body)
    except UnreadableBody:
        return b"", []
    wanted = tuple(needle for needle in needles if needle)
    places = [place for place, one in enumerate(updates) if _names(one.content, wanted)]
    envelope = opened(body)
    for entry in _dicts(envelope.get("entry")):
        for change in _dicts(entry.get("changes")):
            value = change.get("value")
            if isinstance(value, dict):
                for name in _LISTS:
                    if name in value:
                        value[name] = _rest(value[name], wanted)
    return orjson.dumps(_blanked(envelope, wanted)), places


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _rest(listed: Any, needles: tuple[str, ...]) -> Any:
    """A list with a blank in place of each element that names a needle."""
    if not isinstance(listed, list):
        return _ERASED if _names(listed, needles) else listed
    return [_ERASED if _names(one, needles) else one for one in listed]


def _names(value: Any, needles: tuple[str, ...]) -> bool:
    if isinstance(value, str):
        return any(needle in value for needle in needles)
    if isinstance(value, dict):
        return any(_names(one, needles) for one in value.values())
    if isinstance(value, list):
        return any(_names(one, needles) for one in value)
    return False


def _blanked(value: Any, needles: tuple[str, ...]) -> Any:
    """Whatever still names a needle, in a shape that nobody expected."""
    if isinstance(value, str):
        return "" if _names(value, needles) else value
    if isinstance(value, dict):
        return {key: _blanked(one, needles) for key, one in value.items()}
    if isinstance(value, list):
        return [_blanked(one, needles) for one in value]
    return value

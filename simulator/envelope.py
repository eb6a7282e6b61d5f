"""Puts updates into the envelope Meta posts, one or many at a time."""

import json
from typing import Any

from simulator.world import Json


def update(waba_id: str, field: str, value: Json, *, at: int | None = None) -> Json:
    """Make one update: what would fill a POST of its own."""
    return {"waba": waba_id, "field": field, "value": value, "time": at}


def payload(updates: list[Json]) -> Json:
    """Wrap updates; several are spread over values, changes and entries in turn, as Meta may."""
    entries: list[Json] = []
    for number, one in enumerate(updates):
        if number % 3 == 1 and _joins_value(entries, one):
            continue
        change = {"field": one["field"], "value": one["value"]}
        if number % 3 != 0 and _joins_entry(entries, one, change):
            continue
        entry: Json = {"id": one["waba"]}
        if one["time"] is not None:
            entry["time"] = one["time"]
        entries.append({**entry, "changes": [change]})
    return {"object": "whatsapp_business_account", "entry": entries}


def encoded(body: Any, *, escape: bool) -> bytes:
    """Write the bytes that are signed and sent; Meta escapes what is not ASCII."""
    return json.dumps(body, ensure_ascii=escape, separators=(",", ":")).encode()


def _joins_value(entries: list[Json], one: Json) -> bool:
    """Add messages or statuses to the last value of the same kind."""
    if not entries or entries[-1]["id"] != one["waba"]:
        return False
    last = entries[-1]["changes"][-1]
    for kind in ("messages", "statuses"):
        if last["field"] == one["field"] and kind in last["value"] and kind in one["value"]:
            value = dict(last["value"])
            value[kind] = value[kind] + one["value"][kind]
            contacts = list(value.get("contacts", []))
            contacts += [c for c in one["value"].get("contacts", []) if c not in contacts]
            if contacts:
                value["contacts"] = contacts
            last["value"] = value
            return True
    return False


def _joins_entry(entries: list[Json], one: Json, change: Json) -> bool:
    if not entries or entries[-1]["id"] != one["waba"] or entries[-1].get("time") != one["time"]:
        return False
    entries[-1]["changes"].append(change)
    return True

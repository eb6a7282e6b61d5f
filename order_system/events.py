"""What a shop tells of its own accord: events of orders, signed as Standard Webhooks are."""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from order_system.decoding import decode_order
from order_system.model import Order
from order_system.protocol import OrderSystemRefused
from order_system.reading import instant, malformed, mapping, text
from order_system.vocabulary import EventKind

TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class OrderEvent:
    """Something that happened to an order; `id` is the same however often it is brought."""

    id: str
    kind: EventKind
    raw_kind: str
    at: datetime
    order: Order


class EventNotSigned(Exception):
    """The event isn't signed by the shop, or is too old to be believed."""


def sign(secret: str, event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers an event comes with; the secret as `whsec_…`."""
    seconds = str(int(at.timestamp()))
    return {
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": "v1," + _digest(secret, event_id, seconds, body),
    }


def verify(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, now: datetime
) -> None:
    """Raise EventNotSigned unless one of the secrets signed exactly these bytes just now."""
    given = {name.lower(): value for name, value in headers.items()}
    event_id, seconds = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not event_id or not re.fullmatch(r"[0-9]{1,11}", seconds):
        raise EventNotSigned
    age = now - datetime.fromtimestamp(int(seconds), timezone.utc)
    if abs(age) > TOLERANCE:
        raise EventNotSigned
    signatures = [
        signature.removeprefix("v1,").encode()
        for signature in given.get("webhook-signature", "").split()
        if signature.startswith("v1,")
    ]
    expected = [_digest(secret, event_id, seconds, body).encode() for secret in secrets]
    if not any(hmac.compare_digest(one, two) for one in signatures for two in expected):
        raise EventNotSigned


def decode_event(headers: Mapping[str, str], body: bytes) -> OrderEvent:
    """The event in a verified body; raises OrderSystemRefused for what can't be read."""
    try:
        data = mapping(json.loads(body), "event")
    except (ValueError, RecursionError):
        raise OrderSystemRefused("malformed JSON") from None
    given = {name.lower(): value for name, value in headers.items()}
    if not given.get("webhook-id"):
        raise malformed("webhook-id")
    kind = text(data, "type", "event")
    return OrderEvent(
        id=given["webhook-id"],
        kind=EventKind.read(kind),
        raw_kind=kind,
        at=instant(data.get("timestamp"), "event.timestamp"),
        order=decode_order(mapping(data.get("data"), "event.data").get("order"), "event.order"),
    )


def _digest(secret: str, event_id: str, seconds: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise ValueError("a webhook secret is whsec_ and base64") from None
    signed = b".".join((event_id.encode(), seconds.encode(), body))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()

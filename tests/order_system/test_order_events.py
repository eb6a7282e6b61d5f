"""Events of orders: believed when the shop signed them just now, and only then."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from standardwebhooks import Webhook

from order_system.events import EventNotSigned, decode_event, sign, verify
from order_system.protocol import OrderSystemRefused
from order_system.vocabulary import EventKind

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + "A" * 32
NOW = datetime(2026, 11, 25, 15, 0, tzinfo=timezone.utc)


def _body(order: dict[str, Any], kind: str = "order.shipped") -> bytes:
    event = {"type": kind, "timestamp": "2026-11-25T15:00:00Z", "data": {"order": order}}
    return json.dumps(event).encode()


def test_what_the_shop_signed_is_read(order_json: dict[str, Any]) -> None:
    body = _body(order_json)
    headers = sign(SECRET, "evt_1", NOW, body)
    verify(headers, body, [OTHER, SECRET], now=NOW)
    event = decode_event(headers, body)
    assert (event.id, event.kind, event.at) == ("evt_1", EventKind.SHIPPED, NOW)
    assert event.order.display_number == "48213"


def test_the_signature_is_that_of_standard_webhooks(order_json: dict[str, Any]) -> None:
    body = _body(order_json)
    theirs = Webhook(SECRET).sign("evt_1", NOW, body.decode())
    assert sign(SECRET, "evt_1", NOW, body)["webhook-signature"] == theirs
    headers = {
        "Webhook-Id": "evt_1",
        "Webhook-Timestamp": str(int(NOW.timestamp())),
        "Webhook-Signature": f"v1a,zzz v1,AAAA {theirs}",
    }
    verify(headers, body, [SECRET], now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "evt_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "1"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,é"},
    ],
)
def test_what_somebody_changed_is_not_believed(
    order_json: dict[str, Any], change: dict[str, str]
) -> None:
    body = _body(order_json)
    headers = sign(SECRET, "evt_1", NOW, body) | change
    with pytest.raises(EventNotSigned):
        verify(headers, body, [SECRET], now=NOW)


@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_an_old_or_early_event_is_not_believed(order_json: dict[str, Any], late: timedelta) -> None:
    body = _body(order_json)
    headers = sign(SECRET, "evt_1", NOW, body)
    with pytest.raises(EventNotSigned):
        verify(headers, body, [SECRET], now=NOW + late)


def test_another_body_or_secret_is_not_believed(order_json: dict[str, Any]) -> None:
    body = _body(order_json)
    headers = sign(SECRET, "evt_1", NOW, body)
    for wrong_body, secrets in ((body + b" ", [SECRET]), (body, [OTHER]), (body, [])):
        with pytest.raises(EventNotSigned):
            verify(headers, wrong_body, secrets, now=NOW)


def test_a_kind_of_the_shop_s_own_is_kept(order_json: dict[str, Any]) -> None:
    event = decode_event({"webhook-id": "evt_1"}, _body(order_json, "order.gift_wrapped"))
    assert (event.kind, event.raw_kind) == (EventKind.OTHER, "order.gift_wrapped")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"type": "order.shipped"}', b"\xff"])
def test_a_body_that_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(OrderSystemRefused, match="malformed"):
        decode_event({"webhook-id": "evt_1"}, body)

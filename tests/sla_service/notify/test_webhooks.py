"""Programs are told in a way they can check, again until they heard it, and only where we may."""

import asyncio
import contextlib
from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from sla_service.calls import is_within
from sla_service.notify import endpoints, outgoing, sending
from sla_service.notify.endpoints import EndpointRefused
from sla_service.notify.outgoing import NoSuchDelivery, StillUnderWay
from sla_service.notify.signing import new_secret
from sla_service.notify.values import NoticeKind
from sla_service.settings import Settings
from tests.sla_service.notify.conftest import DUE, Notifier, notice, settings_of
from tests.sla_service.notify.outside import Listener

_STATES = "SELECT state, attempts, last_status, last_error FROM webhook_deliveries ORDER BY key"


async def test_a_webhook_is_signed_and_says_what_happened(
    notifier: Notifier, listener: Listener
) -> None:
    secret = await notifier.endpoint(listener.url)
    told = await notifier.tell(notice())
    assert await sending.send(notifier.database, notifier.settings, told) == 1
    assert listener.verified(secret) == {
        "type": "sla.breached",
        "timestamp": "2026-11-26T11:20:00Z",
        "data": {
            "key": "1001:first_response:1:breached",
            "kind": "breached",
            "ticket_id": 1001,
            "number": 1001,
            "subject": "Pedido atrasado",
            "metric": "first_response",
            "due_at": "2026-11-26T11:20:00Z",
            "policy": "padrão",
            "priority": "high",
            "link": "/console?conversation=1001",
        },
    }
    assert listener.ids() == list(told.deliveries)
    assert await notifier.rows(_STATES) == [("delivered", 1, 204, None)]
    with pytest.raises(WebhookVerificationError):
        listener.verified(new_secret())


async def test_while_a_secret_is_changed_both_are_good(
    notifier: Notifier, listener: Listener
) -> None:
    secrets = [await notifier.endpoint(listener.url)]
    for number in (1, 2):
        async with notifier.database.transaction() as session:
            secrets.append(await endpoints.change_secret(session, 1))
        await notifier.send(notice(number))
        for live in secrets[-2:]:
            assert listener.verified(live)["data"]["number"] == number
    with pytest.raises(WebhookVerificationError):
        listener.verified(secrets[0])


async def test_an_endpoint_hears_only_of_what_it_wants(
    notifier: Notifier, listener: Listener
) -> None:
    secret = await notifier.endpoint(listener.url, "sla.escalated")
    await notifier.send(notice(), notice(kind=NoticeKind.ESCALATED))
    assert len(listener.heard) == 1
    assert listener.verified(secret)["type"] == "sla.escalated"


async def test_a_failed_webhook_is_tried_again_under_the_same_id(
    notifier: Notifier, listener: Listener
) -> None:
    secret = await notifier.endpoint(listener.url)
    listener.statuses += [500, 302, 429]
    await notifier.send(notice())
    assert await notifier.send_due() == 0
    pauses = []
    for _ in range(3):
        ((pause,),) = await notifier.rows("SELECT due_at - now() FROM webhook_deliveries")
        pauses.append(pause)
        await notifier.time_passes()
        await notifier.send_due()
    assert len(set(listener.ids())) == 1
    assert len(listener.heard) == 4
    for place in range(4):
        listener.verified(secret, place)
    assert pauses[0] < timedelta(seconds=7)
    assert timedelta(minutes=4) <= pauses[1] < timedelta(minutes=7)
    assert await notifier.rows(_STATES) == [("delivered", 4, 204, None)]


async def test_a_webhook_that_nobody_takes_is_given_up_and_can_be_replayed(
    notifier: Notifier, listener: Listener
) -> None:
    notifier.settings = settings_of(notifier.database.url, webhook_attempts=2)
    secret = await notifier.endpoint(listener.url)
    listener.statuses += [500, 500]
    (webhook_id,) = (await notifier.tell(notice())).deliveries
    await notifier.send_due()
    await notifier.time_passes()
    await notifier.send_due()
    assert await notifier.rows(_STATES) == [("given_up", 2, 500, "HTTP 500")]
    async with notifier.database.transaction() as session:
        await outgoing.replay(session, webhook_id)
    await notifier.send_due()
    assert listener.ids() == [webhook_id] * 3
    assert listener.verified(secret)["data"]["number"] == 1001
    assert await notifier.rows(_STATES) == [("delivered", 1, 204, None)]


async def test_a_crash_between_sending_and_marking_repeats_the_same_id(
    notifier: Notifier, listener: Listener
) -> None:
    await notifier.endpoint(listener.url)
    listener.answers.clear()
    told = await notifier.tell(notice())
    sent = asyncio.create_task(sending.send(notifier.database, notifier.settings, told))
    await listener.hears.wait()
    async with notifier.database.transaction() as session:
        with pytest.raises(StillUnderWay):
            await outgoing.replay(session, told.deliveries[0])
    sent.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sent
    listener.answers.set()
    assert await notifier.send_due() == 0
    await notifier.time_passes()
    await notifier.send_due()
    assert listener.ids() == list(told.deliveries) * 2


async def test_an_endpoint_that_is_gone_is_told_nothing_more(
    notifier: Notifier, listener: Listener
) -> None:
    await notifier.endpoint(listener.url)
    listener.statuses += [500, 410]
    await notifier.send(notice(1))
    await notifier.send(notice(2))
    await notifier.send(notice(3))
    await notifier.time_passes()
    assert await notifier.send_due() == 0
    assert len(listener.heard) == 2
    assert await notifier.rows("SELECT is_active, disabled_reason FROM webhook_endpoints") == [
        (False, "it answered 410 Gone")
    ]
    assert await notifier.rows(_STATES) == [
        ("given_up", 1, 500, "the endpoint is disabled"),
        ("given_up", 1, 410, "the endpoint says it is gone"),
    ]
    async with notifier.database.transaction() as session:
        assert (await endpoints.activate(session, 1)).is_active
    await notifier.send(notice(4))
    assert len(listener.heard) == 3


async def test_a_redirect_is_not_followed(notifier: Notifier, listener: Listener) -> None:
    await notifier.endpoint(listener.url)
    listener.statuses.append(307)
    await notifier.send(notice())
    assert len(listener.heard) == 1
    assert await notifier.rows(_STATES) == [("failed", 1, 307, "HTTP 307")]


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_this_machine_is_out_of_reach_whatever_it_is_called(
    notifier: Notifier, listener: Listener, host: str
) -> None:
    port = listener.url.split(":")[2]
    await notifier.endpoint(f"http://{host}:{port}")
    notifier.settings = settings_of(notifier.database.url, reach="private")
    await notifier.send(notice())
    assert listener.heard == []
    ((state, _, _, error),) = await notifier.rows(_STATES)
    assert state in {"given_up", "failed"}
    assert "out of reach" in error or error.startswith("NotReached")


@pytest.mark.parametrize(
    ("address", "reach", "is_allowed"),
    [
        ("93.184.215.14", "public", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "public", True),
        ("10.1.2.3", "public", False),
        ("192.168.0.9", "public", False),
        ("100.64.0.1", "public", False),
        ("fd00::1", "public", False),
        ("127.0.0.1", "public", False),
        ("::1", "public", False),
        ("10.1.2.3", "private", True),
        ("fd00::1", "private", True),
        ("127.0.0.1", "private", False),
        ("::ffff:127.0.0.1", "private", False),
        ("127.8.9.1", "loopback", True),
        ("::1", "loopback", True),
        ("169.254.169.254", "loopback", False),
        ("::ffff:169.254.169.254", "loopback", False),
        ("fe80::1%eth0", "loopback", False),
        ("64:ff9b::a9fe:a9fe", "loopback", False),
        ("2002:7f00:1::", "loopback", False),
        ("::7f00:1", "loopback", False),
        ("0.0.0.0", "loopback", False),  # noqa: S104
        ("::", "loopback", False),
        ("224.0.0.1", "loopback", False),
        ("255.255.255.255", "loopback", False),
        ("2130706433", "loopback", False),
        ("example.com", "loopback", False),
    ],
)
def test_how_near_an_address_may_be(address: str, reach: str, is_allowed: bool) -> None:
    assert is_within(reach, address) is is_allowed  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "events", "why"),
    [
        ("http://shop.example/hook", (), "https://"),
        ("ftp://shop.example/hook", (), "https://"),
        ("https:///hook", (), "https://"),
        ("https://user:pass@shop.example/hook", (), "password"),
        ("https://169.254.169.254/latest", (), "reach"),
        ("https://[::1", (), "not an address"),
        ("https://shop.example:port/", (), "not an address"),
        ("https://shop.example/hook", ("sla.delighted",), "sla.delighted"),
    ],
)
async def test_an_endpoint_is_refused_with_its_reason(
    notifier: Notifier, url: str, events: tuple[str, ...], why: str
) -> None:
    strict = notifier.settings.model_copy(update={"demo": False})
    assert isinstance(strict, Settings)
    async with notifier.database.transaction() as session:
        with pytest.raises(EndpointRefused) as refused:
            await endpoints.add(session, url, events, strict)
    assert why in refused.value.details["why"]


def test_a_secret_is_long_and_the_library_reads_it() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert Webhook(first).sign("msg_1", DUE, "{}") != Webhook(second).sign("msg_1", DUE, "{}")


async def test_there_is_nothing_to_replay_under_a_strange_id(notifier: Notifier) -> None:
    for name in ("msg_0", "send_7", "x", "send_x", "msg_' OR 1=1"):
        async with notifier.database.transaction() as session:
            with pytest.raises(NoSuchDelivery):
                await outgoing.replay(session, name)

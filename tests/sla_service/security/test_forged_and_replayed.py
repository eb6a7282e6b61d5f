"""Webhooks: nobody else's are believed, and none counts twice or breaks anything."""

import gzip
import json
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from order_system.events import EventNotSigned, sign, verify
from sla_service import clock
from sla_service.database.sessions import Database
from sla_service.whatsapp import payload, signature
from tests.sla_service.proactive.shop import SECRET as SHOP_SECRET
from tests.sla_service.proactive.shop import agrees, open_shop, order, tell, told
from tests.sla_service.whatsapp import samples
from tests.sla_service.world import SECRET, Desk, World, written

_KEYS = (SECRET.encode(), b"the one before")
_ENVELOPE = samples.envelope(samples.change(messages=[written("oi", "wamid.A1")]))
_BODY = json.dumps(_ENVELOPE).encode()


@given(at=st.integers(0, len(_BODY) - 1), byte=st.integers(0, 255))
def test_a_body_of_which_one_byte_is_another_is_not_the_one_that_was_signed(
    at: int, byte: int
) -> None:
    assume(_BODY[at] != byte)
    changed = _BODY[:at] + bytes([byte]) + _BODY[at + 1 :]
    assert not signature.is_genuine(changed, signature.sign(_BODY, _KEYS[0]), _KEYS)


@given(header=st.text(max_size=80) | st.from_regex(r"sha256=[0-9a-f]{0,70}", fullmatch=True))
def test_a_guessed_signature_opens_nothing(header: str) -> None:
    assert not signature.is_genuine(_BODY, header, _KEYS)


@pytest.mark.parametrize("key", [b"", b"sha256", SHOP_SECRET.encode()])
async def test_what_another_secret_signed_is_not_metas(desk: Desk, key: bytes) -> None:
    assert (await desk.post(_BODY, signature.sign(_BODY, key))).status_code == 403
    assert await desk.rows("SELECT 1 FROM whatsapp_deliveries") == []


async def test_a_delivery_that_is_brought_again_is_heard_once(desk: Desk) -> None:
    for _ in range(3):
        assert (await desk.post(_BODY)).status_code == 200
        await desk.settle()
    assert len(await desk.rows("SELECT 1 FROM messages WHERE author = 'contact'")) == 1
    assert len(desk.world.turns) == len(desk.world.sent) == 1


async def test_a_message_in_another_envelope_is_still_the_same_message(desk: Desk) -> None:
    for spare in ("a", "b"):
        again = json.dumps({**_ENVELOPE, "spare": spare}).encode()
        assert (await desk.post(again)).status_code == 200
        await desk.settle()
    assert len(desk.world.turns) == 1


async def test_an_event_that_is_brought_again_is_told_once(
    database: Database, world: World
) -> None:
    async with open_shop(database, world) as desk:
        await desk.deliver(written("Oi!", "wamid.IN1"))
        await desk.settle()
        await agrees(desk)
        desk.world.sent.clear()
        for _ in range(3):
            assert (await tell(desk, "shipped", order(), event_id="evt_same")).status_code == 204
            await desk.settle()
        assert len(told(desk.world)) == 1


@pytest.mark.parametrize(
    ("ago", "is_believed"), [(0, True), (4, True), (6, False), (-4, True), (-6, False)]
)
def test_an_event_that_was_recorded_earlier_is_too_old(ago: int, is_believed: bool) -> None:
    now = clock.now()
    headers = sign(SHOP_SECRET, "evt_1", now - timedelta(minutes=ago), b"{}")
    assert _is_believed(headers, b"{}") is is_believed


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-id": "evt_2"},
        {"webhook-timestamp": str(int(clock.now().timestamp()) + 7)},
        {"webhook-signature": "v1a,AAAA v2,AAAA"},
        {"webhook-signature": ""},
    ],
    ids=["id", "time", "scheme", "none"],
)
def test_a_signature_is_good_for_its_event_alone(changes: dict[str, str]) -> None:
    headers = sign(SHOP_SECRET, "evt_1", clock.now(), b"{}")
    assert _is_believed(headers, b"{}")
    assert not _is_believed({**headers, **changes}, b"{}")
    assert not _is_believed(headers, b"{ }")


async def test_a_packed_body_is_never_unpacked(desk: Desk) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    headers = {
        "X-Hub-Signature-256": signature.sign(bomb, SECRET.encode()),
        "Content-Encoding": "gzip",
    }
    answer = await desk.http.post("/webhooks/whatsapp", content=bomb, headers=headers)
    assert answer.status_code == 200
    [kept] = await desk.rows("SELECT length(body) AS size FROM whatsapp_deliveries")
    assert kept.size == len(bomb)


@pytest.mark.parametrize("depth", [150, 260, 600, 1015, 50_000])
@pytest.mark.parametrize("leaf", ["1", '"\\u0000"', '"\\ud83d"'], ids=["plain", "nul", "half"])
def test_however_deeply_a_body_is_nested_it_is_read_or_told_apart(depth: int, leaf: str) -> None:
    nested = "[" * depth + leaf + "]" * depth
    message = f'{{"id": "x", "from": "1", "t": {nested}}}'
    for inner in (nested, message):
        value = f'{{"field": "messages", "value": {{"messages": [{inner}]}}}}'
        for body in (f'{{"entry": [{inner}]}}', f'{{"entry": [{{"changes": [{value}]}}]}}'):
            try:
                updates = payload.split(body.encode())
            except payload.UnreadableBody:
                assert depth > 150
            else:
                assert len(updates) == 1


async def test_a_nested_body_holds_up_no_other(desk: Desk) -> None:
    assert (await desk.post(b'{"entry": [' + b"[" * 900 + b"]" * 901 + b"}")).status_code == 200
    assert (await desk.post(_BODY)).status_code == 200
    await desk.settle()
    assert len(desk.world.turns) == 1


def _is_believed(headers: dict[str, str], body: bytes) -> bool:
    try:
        verify(headers, body, [SHOP_SECRET], now=clock.now())
    except EventNotSigned:
        return False
    return True

"""What we owe is sent once, in order, and every refusal of Meta is understood."""

import time
from datetime import timedelta

import httpx2
import pytest

from sla_service.conversations import delivery, lanes
from sla_service.whatsapp.failures import Failure, FailureClass, classify
from tests.sla_service.whatsapp import samples
from tests.sla_service.world import NUMBER, Desk, World, refusal, written

_NOW = int(time.time())


async def test_two_messages_of_a_turn_leave_in_order(desk: Desk, world: World) -> None:
    picture = {"text": "Veja", "image": "https://shop.example/chart.png"}
    world.bot = lambda _: httpx2.Response(
        200,
        json={
            "language": "pt",
            "stage": "asked",
            "replies": [{"text": "Oi"}, picture, {"text": "Mais algo?"}],
        },
    )
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    assert [body["type"] for body in world.sent] == ["text", "image", "text"]
    assert await desk.rows("SELECT count(*) FROM outbox") == [(0,)]


async def test_a_temporary_refusal_is_tried_again_and_said_once(desk: Desk, world: World) -> None:
    world.answers = [refusal(131016, 500), refusal(131056)]
    await desk.deliver(written("oi", "wamid.A1"))
    for _ in range(4):
        await desk.settle()
        await _hurry(desk)
    assert [body["text"]["body"] for body in world.sent] == ["eco: oi"] * 3
    assert await _states(desk) == [("sent", None)]


async def test_a_channel_that_is_away_for_long_is_waited_for(desk: Desk, world: World) -> None:
    world.answers = [refusal(131016, 500)] * 12
    await desk.deliver(written("oi", "wamid.A1"))
    for _ in range(13):
        await desk.settle()
        await _hurry(desk)
    assert len(world.sent) == 13
    assert await _states(desk) == [("sent", None)]


async def test_a_permanent_refusal_is_shown_and_not_repeated(desk: Desk, world: World) -> None:
    world.answers = [refusal(131026)]
    await desk.deliver(written("oi", "wamid.A1"))
    for _ in range(3):
        await desk.settle()
        await _hurry(desk)
    assert len(world.sent) == 1
    ((state, failure),) = await _states(desk)
    assert state == "failed"
    assert failure["class"] == "permanent"
    assert failure["code"] == 131026


async def test_an_expired_token_stops_the_account_and_loses_nothing(
    desk: Desk, world: World
) -> None:
    world.answers = [refusal(190, 401)]
    await desk.deliver(written("oi", "wamid.A1", at=_NOW))
    await desk.settle()
    await desk.deliver(written("e aí?", "wamid.A2", at=_NOW + 1))
    await _hurry(desk)
    await desk.settle()
    assert len(world.sent) == 1
    assert await desk.rows("SELECT stopped_at IS NOT NULL FROM whatsapp_accounts") == [(True,)]
    async with desk.database.step() as connection:
        assert await delivery.resume(connection, NUMBER)
        assert not await delivery.resume(connection, NUMBER)
    await desk.settle()
    assert [body["text"]["body"] for body in world.sent[1:]] == ["eco: oi", "eco: e aí?"]


async def test_a_throughput_limit_holds_the_number_for_as_long_as_it_says(
    desk: Desk, world: World
) -> None:
    world.answers = [refusal(130429)]
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    other = {"profile": {"name": "Bia"}, "wa_id": "5511900000001", "user_id": "BR.2"}
    await desk.deliver(written("oi", "wamid.B1", sender=other), contact=other)
    await desk.settle()
    assert len(world.sent) == 1
    assert await desk.rows("SELECT max(due_at) < now() + interval '5 s' FROM outbox") == [(True,)]


async def test_a_lost_answer_is_settled_by_the_status_and_not_sent_again(
    desk: Desk, world: World
) -> None:
    world.answers = [ConnectionResetError()]
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    attached = world.sent[0]["biz_opaque_callback_data"]
    told = samples.status("wamid.REAL", "delivered", biz_opaque_callback_data=attached)
    await desk.deliver_value({"statuses": [told]})
    await _hurry(desk)
    await desk.settle()
    assert len(world.sent) == 1
    assert await desk.rows("SELECT wamid, state FROM messages WHERE author = 'bot'") == [
        ("wamid.REAL", "delivered")
    ]


async def test_a_lost_answer_is_not_sent_again_while_its_status_waits_to_be_taken_in(
    desk: Desk, world: World
) -> None:
    world.answers = [ConnectionResetError()]
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    attached = world.sent[0]["biz_opaque_callback_data"]
    told = samples.status("wamid.REAL", "delivered", biz_opaque_callback_data=attached)
    await desk.deliver_value({"statuses": [told]})
    await desk.rows(
        "UPDATE whatsapp_updates SET due_at = now() - interval '1 minute' "
        "WHERE state = 'waiting' RETURNING place"
    )
    await _hurry(desk)
    async with desk.database.step() as connection:
        (claim,), _ = await lanes.claim(connection, limit=5, lease=timedelta(seconds=9))
        assert await delivery.begin(connection, claim, desk.settings.whatsapp) is None
    await desk.rows("UPDATE conversations SET leased_until = NULL RETURNING id")
    await _hurry(desk)
    await desk.settle()
    assert len(world.sent) == 1


async def test_a_lost_answer_without_a_status_is_sent_again_later(desk: Desk, world: World) -> None:
    world.answers = [ConnectionResetError()]
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    assert len(world.sent) == 1
    ((wait,),) = await desk.rows("SELECT due_at - now() FROM outbox")
    assert wait > timedelta(seconds=20)
    await _hurry(desk)
    await desk.settle()
    assert len(world.sent) == 2


async def test_after_24_hours_nothing_free_is_sent(desk: Desk, world: World) -> None:
    long_ago = _NOW - 25 * 3600
    await desk.deliver(written("oi", "wamid.A1", at=long_ago))
    await desk.settle()
    assert world.sent == []
    ((state, failure),) = await _states(desk)
    assert (state, failure) == ("refused", {"class": "needs_template"})


async def test_a_contact_without_a_number_is_answered_by_user_id(desk: Desk, world: World) -> None:
    priya = {"profile": {"name": "Priya", "username": "priya.n"}, "user_id": "GB.77"}
    await desk.deliver(written("hi", "wamid.P1", sender=priya), contact=priya)
    await desk.settle()
    assert world.sent[0]["recipient"] == "GB.77"
    assert "to" not in world.sent[0]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (["sent", "delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["failed", "sent"], "failed"),
        (["failed", "delivered"], "delivered"),
        (["delivered", "failed"], "delivered"),
        (["read", "read", "unheard_of"], "read"),
    ],
    ids=" ".join,
)
async def test_statuses_only_move_forward(
    desk: Desk, world: World, order: list[str], expected: str
) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    for name in order:
        errors = {"errors": [{"code": 131026}]} if name == "failed" else {}
        await desk.deliver_value({"statuses": [samples.status("wamid.OUT1", name, **errors)]})
        await desk.settle()
    ((state, _),) = await _states(desk)
    assert state == expected


async def test_a_status_that_comes_before_its_message_waits_for_it(
    desk: Desk, world: World
) -> None:
    await desk.deliver_value({"statuses": [samples.status("wamid.OUT1", "delivered")]})
    await desk.settle()
    assert await desk.rows("SELECT state FROM whatsapp_updates") == [("waiting",)]
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    await desk.rows("UPDATE whatsapp_updates SET due_at = now() RETURNING 1")
    await desk.settle()
    assert await _states(desk) == [("delivered", None)]


async def test_what_the_old_owner_composed_is_refused_at_the_door(desk: Desk, world: World) -> None:
    world.answers = [refusal(131016, 500)]
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    await desk.rows(
        "UPDATE conversations SET owner = 'agent', owner_fence = owner_fence + 1 RETURNING 1"
    )
    await _hurry(desk)
    await desk.settle()
    assert len(world.sent) == 1
    assert await _states(desk) == [("refused", {"class": "outdated_owner"})]


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (190, 401, FailureClass.STOP_ACCOUNT),
        (200, 403, FailureClass.STOP_ACCOUNT),
        (131042, 400, FailureClass.STOP_ACCOUNT),
        (130429, 400, FailureClass.SLOW_DOWN),
        (131056, 400, FailureClass.RETRY_RECIPIENT),
        (131047, 400, FailureClass.NEEDS_TEMPLATE),
        (131026, 400, FailureClass.PERMANENT),
        (132015, 400, FailureClass.PERMANENT),
        (131016, 500, FailureClass.RETRY),
        (999999, 503, FailureClass.RETRY),
        (None, 502, FailureClass.UNSETTLED),
        (None, 404, FailureClass.PERMANENT),
    ],
)
def test_errors_are_classed_by_code(code: int | None, status: int, expected: FailureClass) -> None:
    assert classify(code, status, "").kind is expected


def test_the_pair_limit_backs_off_by_powers_of_four() -> None:
    failure = classify(131056, 400, "")
    assert [failure.delay(n) for n in (1, 2, 3)] == [
        timedelta(seconds=1),
        timedelta(seconds=4),
        timedelta(seconds=16),
    ]


async def _states(desk: Desk) -> list[tuple[str, dict[str, object] | None]]:
    return await desk.rows("SELECT state, failure FROM messages WHERE author = 'bot'")


async def _hurry(desk: Desk) -> None:
    """Let the time pass that a message or a conversation waits for."""
    await desk.rows("UPDATE outbox SET due_at = now() - interval '1 s' RETURNING 1")
    await desk.rows("UPDATE conversations SET due_at = now() - interval '1 s' RETURNING 1")


@pytest.mark.parametrize("kind", [FailureClass.RETRY, FailureClass.RETRY_RECIPIENT])
@pytest.mark.parametrize("code", [None, 4, 131016, 131057])
def test_however_often_it_failed_it_is_tried_again_within_two_hours(
    kind: FailureClass, code: int | None
) -> None:
    for attempts in (1, 50, 1500):
        assert Failure(kind, code, "").delay(attempts) <= timedelta(hours=2)

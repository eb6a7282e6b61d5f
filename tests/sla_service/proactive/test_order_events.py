"""Events are taken once whoever brings them; what was told is known to the bot and to people."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import ValidationError

from order_system.events import sign
from sla_service import clock
from sla_service.database.sessions import Database
from sla_service.settings import OrderEventSettings
from sla_service.worker import Worker
from tests.sla_service.people import ALICE, BRUNO
from tests.sla_service.proactive.shop import (
    DELIVERED,
    OLD_SECRET,
    SECRET,
    SHIPPED,
    ana_writes,
    notices,
    open_shop,
    order,
    tell,
    told,
)
from tests.sla_service.world import ANA, Desk, World, written


async def test_the_purchase_is_rated_some_days_later(shop: Desk) -> None:
    await tell(shop, "delivered", ago=timedelta(hours=1))
    await shop.settle()
    assert told(shop.world) == [DELIVERED]
    await shop.rows(
        "UPDATE order_notices SET due_at = now(), happened_at = now() - interval '1 minute' "
        "WHERE kind = 'how_was_it' RETURNING id"
    )
    await shop.settle()
    rows = shop.world.sent[-1]["interactive"]["action"]["sections"][0]["rows"]
    pressed = written("", "wamid.IN9")
    pressed |= {
        "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": rows[4]["id"], "title": "1"}},
    }
    turns = len(shop.world.turns)
    await shop.deliver(pressed)
    await shop.settle()
    (found,) = await shop.rows("SELECT score FROM order_notices WHERE kind = 'how_was_it'")
    assert found.score == 1
    thanks = shop.world.sent[-1]["interactive"]
    assert thanks["action"]["buttons"][0]["reply"]["id"] == "/talk_to_human"
    assert len(shop.world.turns) == turns, "the bot is not asked what a score means"


async def test_the_bot_knows_which_order_an_answer_is_about(shop: Desk) -> None:
    await tell(shop, "shipped")
    await shop.settle()
    await ana_writes(shop, "cadê?", "wamid.IN2")
    assert shop.world.turns[-1]["about_order"] == "48213"
    await ana_writes(shop, "e aí?", "wamid.IN3")
    assert shop.world.turns[-1]["about_order"] is None, "the bot remembers by itself"


async def test_an_old_secret_is_good_while_it_is_being_changed(shop: Desk) -> None:
    assert (await tell(shop, "shipped", secret=OLD_SECRET)).status_code == 204
    other = "whsec_" + "A" * 32
    assert (await tell(shop, "delivered", secret=other)).status_code == 403
    await shop.settle()
    assert told(shop.world) == [SHIPPED]


async def test_what_can_not_be_read_is_parked_and_can_be_tried_again(shop: Desk) -> None:
    body = b'{"type": "order.shipped", "timestamp": "2026-11-26T10:00:00Z", "data": {}}'
    assert (await tell(shop, "", body=body, event_id="evt_x")).status_code == 204
    await tell(shop, "delivered")
    await shop.settle()
    assert told(shop.world) == [DELIVERED], "it holds up nothing"
    browser = await shop.sign_in(ALICE)
    (parked,) = (await browser.get("/api/order-events/parked")).json()
    assert (parked["webhook_id"], parked["attempts"]) == ("evt_x", 1)
    assert "event.order" in parked["error"]
    again = f"/api/order-events/{parked['id']}/replay"
    assert (await browser.post(again)).status_code == 204
    await shop.settle()
    (parked,) = (await browser.get("/api/order-events/parked")).json()
    assert (await browser.post("/api/order-events/999/replay")).status_code == 404


async def test_everybody_who_answers_sees_what_was_told_and_what_was_not(shop: Desk) -> None:
    await tell(shop, "shipped")
    await shop.settle()
    await tell(shop, "shipped", order("48300", phone="+5511900001111"))
    await shop.settle()
    browser = await shop.sign_in(BRUNO)
    page = (await browser.get("/api/order-notices")).json()
    seen = [(one["order"], one["state"], one["reason"]) for one in page["items"]]
    assert seen == [("48300", "dropped", "unknown_shopper"), ("48213", "sent", None)]
    query = {"conversation": 1, "state": "sent"}
    only = (await browser.get("/api/order-notices", params=query)).json()
    assert [one["contact_name"] for one in only["items"]] == [ANA["profile"]["name"]]
    thread = (await browser.get("/api/conversations/1/messages")).json()["messages"]
    assert thread[-1]["author"] == "desk"
    assert SHIPPED in thread[-1]["text"]


async def test_notices_go_along_when_two_threads_turn_out_to_be_one_persons(
    database: Database, world: World
) -> None:
    async with open_shop(database, world, plan={"opt_in": "checkout"}) as desk:
        unseen = {"profile": {"name": "Ana"}, "user_id": "BR.8842017735519024"}
        await desk.deliver(written("oi", "wamid.U1", sender=unseen), contact=unseen)
        await desk.settle()
        await tell(desk, "shipped", order(phone="+5511987650001"))
        await desk.settle()
        assert [row.id for row in await desk.rows("SELECT id FROM contacts ORDER BY id")] == [1, 2]
        await desk.deliver(written("cadê?", "wamid.U2"))
        await desk.settle()
        (notice,) = await desk.rows("SELECT conversation_id FROM order_notices")
        (thread,) = await desk.rows("SELECT id FROM conversations")
        assert notice.conversation_id == thread.id


async def test_news_of_one_order_is_told_in_the_order_in_which_it_happened(shop: Desk) -> None:
    await tell(shop, "delayed", ago=timedelta(hours=1))
    await tell(shop, "shipped", ago=timedelta(hours=3))
    await shop.settle()
    assert [line.split()[3] for line in told(shop.world)] == ["saiu", "vai"]


async def test_two_workers_tell_each_notice_once(shop: Desk) -> None:
    for number in range(48213, 48225):
        await tell(shop, "shipped", order(str(number)))
    other = Worker(
        shop.settings, shop.database, shop.worker.attendant.bot, shop.worker.attendant.graph
    )
    await asyncio.gather(*(one.announcer.once() for one in (shop.worker, other) for _ in range(3)))
    await shop.settle()
    assert len(shop.world.sent) == len(set(told(shop.world))) == 12


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 204),
        ({"webhook-signature": "v1,AAAA"}, 403),
        ({"webhook-signature": "v1,é"}, 403),
        ({"webhook-timestamp": "0"}, 403),
        ({"webhook-timestamp": "99999999999"}, 403),
        ({"webhook-timestamp": "999999999999"}, 403),
        ({"webhook-timestamp": "now"}, 403),
        ({"webhook-id": ""}, 403),
    ],
)
async def test_what_the_shop_did_not_sign_just_now_leaves_no_trace(
    shop: Desk, changes: dict[str, str], status: int
) -> None:
    body = b"{}"
    signed = sign(SECRET, "evt_1", clock.now(), body)
    headers = [(name, value.encode()) for name, value in (signed | changes).items()]
    answer = await shop.http.post("/webhooks/orders", content=body, headers=headers)
    assert answer.status_code == status
    kept = await shop.rows("SELECT id FROM order_events")
    assert len(kept) == (status == 204)


async def test_an_event_that_is_too_large_is_refused(database: Database, world: World) -> None:
    async with open_shop(database, world, order_events={"max_body_bytes": 100}) as desk:
        assert (await tell(desk, "", body=b"x" * 101)).status_code == 413


async def test_without_a_secret_no_event_is_taken(desk: Desk) -> None:
    assert (await tell(desk, "shipped")).status_code == 403


@pytest.mark.parametrize("secret", ["whsec_short", "not base64!", "whsec_QUJD"])
def test_a_secret_that_is_none_is_told_at_the_start(secret: str) -> None:
    with pytest.raises(ValidationError, match="whsec_ and base64"):
        OrderEventSettings(secrets=secret)  # type: ignore[arg-type]


async def _asked_later(desk: Desk) -> str | None:
    """An order arrives, days pass, and this is why it is not asked how it was."""
    await tell(desk, "delivered")
    await desk.settle()
    await desk.rows(
        "UPDATE order_notices SET due_at = now(), happened_at = now() - interval '1 minute' "
        "WHERE kind = 'how_was_it' RETURNING id"
    )
    await desk.settle()
    return (await notices(desk))["how_was_it"][1]


@pytest.mark.parametrize("state", ["cancelled", "returned"])
async def test_nobody_is_asked_how_a_purchase_was_that_went_back(shop: Desk, state: str) -> None:
    shop.world.orders.append(order() | {"state": state})
    assert await _asked_later(shop) == "sent_back"
    assert told(shop.world) == [DELIVERED]


async def test_while_the_shop_is_silent_the_question_waits(shop: Desk) -> None:
    shop.world.is_shop_open = False
    await _asked_later(shop)
    assert (await notices(shop))["how_was_it"] == ("wanted", None)
    shop.world.is_shop_open = True
    await shop.settle()
    assert len(shop.world.sent) == 2

"""What the shop tells of an order reaches its shopper once, while it is news, and as they wish."""

from datetime import timedelta
from typing import Any

import pytest

from sla_service.database.sessions import Database
from tests.sla_service.people import BRUNO
from tests.sla_service.proactive.shop import (
    DELIVERED,
    KINDS,
    SHIPPED,
    agrees,
    ana_writes,
    news_of_template,
    notices,
    open_shop,
    order,
    tell,
    told,
    window_closes,
)
from tests.sla_service.world import Desk, World, refusal


async def test_what_happens_to_an_order_is_told_once_however_often_it_is_brought(
    shop: Desk,
) -> None:
    for event_id in ("evt_a", "evt_a", "evt_b"):
        assert (await tell(shop, "shipped", event_id=event_id)).status_code == 204
        await shop.settle()
    (sent,) = shop.world.sent
    assert sent["text"]["body"] == "\n".join(
        [
            SHIPPED,
            "Previsão de chegada: 2 de dezembro.",
            "Acompanhe aqui: https://rastreio.example/BR123456789BR",
            "Para não receber mais avisos, responda PARAR.",
        ]
    )
    await shop.settle()
    assert await notices(shop) == {"shipped": ("sent", None)}
    (kept,) = await shop.rows(
        "SELECT count(*) AS n, bool_and(body IS NULL) AS bare FROM order_events"
    )
    assert (kept.n, kept.bare) == (2, True), "nothing personal is kept of what was processed"


async def test_how_to_stop_is_said_with_the_first_notice_alone(shop: Desk) -> None:
    await tell(shop, "shipped")
    await shop.settle()
    await tell(shop, "delivered")
    await shop.settle()
    first, second = (body["text"]["body"] for body in shop.world.sent)
    assert "PARAR" in first
    assert second == DELIVERED


@pytest.mark.parametrize("phone", ["+5511987650001", "551187650001", "(11) 98765-0001"])
async def test_the_shopper_is_found_with_and_without_the_ninth_digit(
    shop: Desk, phone: str
) -> None:
    await tell(shop, "shipped", order(phone=phone))
    await shop.settle()
    assert [body["to"] for body in shop.world.sent] == ["+5511987650001"], "as Meta spells it"
    assert len(await shop.rows("SELECT id FROM contacts")) == 1


async def test_after_a_day_the_template_of_their_language_tells_it(shop: Desk) -> None:
    await window_closes(shop)
    await tell(shop, "shipped")
    await shop.settle()
    (sent,) = shop.world.sent
    assert sent["template"] == {
        "name": "pedido_enviado",
        "language": {"code": "pt_BR"},
        "components": [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "parameter_name": "nome", "text": "Ana"},
                    {"type": "text", "parameter_name": "pedido", "text": "48213"},
                ],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "0",
                "parameters": [{"type": "text", "text": "BR123456789BR"}],
            },
        ],
    }


async def test_a_paused_template_waits_until_it_may_be_sent_again(shop: Desk) -> None:
    await window_closes(shop)
    await news_of_template(shop, event="PAUSED", reason="NONE")
    await shop.settle()
    await tell(shop, "shipped")
    for _ in range(3):
        await shop.worker.step()
    assert shop.world.sent == []
    assert await notices(shop) == {"shipped": ("wanted", "template_not_usable")}
    await news_of_template(shop, event="APPROVED")
    await shop.settle()
    assert told(shop.world) == ["pedido_enviado"]


async def test_a_template_that_meta_refuses_as_paused_is_known_to_be_so(shop: Desk) -> None:
    await window_closes(shop)
    shop.world.answers.append(refusal(132015))
    await tell(shop, "shipped")
    for _ in range(5):
        await shop.worker.step()
    assert await notices(shop) == {"shipped": ("wanted", "template_not_usable")}
    (row,) = await shop.rows("SELECT status FROM whatsapp_templates WHERE name = 'pedido_enviado'")
    assert row.status == "PAUSED"


async def test_without_a_template_nothing_is_sent_and_that_is_seen(shop: Desk) -> None:
    await window_closes(shop)
    await tell(shop, "out_for_delivery")
    for _ in range(3):
        await shop.worker.step()
    assert shop.world.sent == []
    assert await notices(shop) == {"out_for_delivery": ("wanted", "template_not_usable")}


@pytest.mark.parametrize("kind", KINDS)
async def test_who_did_not_agree_is_not_told(shop: Desk, kind: str) -> None:
    await agrees(shop, granted=False)
    await tell(shop, kind)
    await shop.settle()
    assert shop.world.sent == []
    assert (await notices(shop))[kind] == ("dropped", "no_consent")


async def test_nobody_is_made_known_by_an_order_alone(shop: Desk) -> None:
    await tell(shop, "shipped", order(phone="+5511900001111"))
    await tell(shop, "shipped", order("48999", phone=None))
    await shop.settle()
    assert shop.world.sent == []
    found = await shop.rows("SELECT order_number, reason FROM order_notices ORDER BY id")
    assert [(row.order_number, row.reason) for row in found] == [
        ("48213", "unknown_shopper"),
        ("48999", "no_phone"),
    ]
    assert len(await shop.rows("SELECT id FROM contacts")) == 1


async def test_where_buying_means_agreeing_a_new_shopper_is_told_by_template(
    database: Database, world: World
) -> None:
    async with open_shop(database, world, plan={"opt_in": "checkout"}) as desk:
        await tell(desk, "shipped", order(phone="+5511900001111"))
        await desk.settle()
        (sent,) = world.sent
        assert (sent["to"], sent["template"]["name"]) == ("+5511900001111", "pedido_enviado")
        (word,) = await desk.rows("SELECT channel, cause, wording, is_granted FROM consents")
        assert (word.channel, word.cause, word.is_granted) == ("checkout", "order 48213", True)
        await agrees(desk, granted=False)
        await tell(desk, "delivered", order(phone="+5511900001111"))
        await desk.settle()
        assert (await notices(desk))["delivered"] == ("dropped", "no_consent"), "a no stands"


async def test_old_news_is_not_told(shop: Desk) -> None:
    await tell(shop, "delivered")
    await tell(shop, "out_for_delivery", ago=timedelta(hours=2))
    await tell(shop, "shipped", ago=timedelta(hours=20))
    await shop.settle()
    assert told(shop.world) == [DELIVERED]
    await tell(shop, "shipped", order("48300"), ago=timedelta(hours=30))
    await shop.settle()
    assert told(shop.world) == [DELIVERED]
    found = await shop.rows("SELECT order_number, kind, reason FROM order_notices ORDER BY id")
    assert [(row.kind, row.reason) for row in found if row.order_number == "48300"] == [
        ("shipped", "too_late")
    ]


async def test_what_was_owed_and_not_yet_sent_is_taken_back_when_it_is_old_news(
    shop: Desk,
) -> None:
    await shop.rows(
        "INSERT INTO whatsapp_accounts (phone_number_id, stopped_at, stop_reason) "
        "VALUES ('700100200300', now(), 'card') RETURNING 1"
    )
    await tell(shop, "out_for_delivery")
    await shop.worker.announcer.once()
    assert (await notices(shop))["out_for_delivery"] == ("owed", None)
    await tell(shop, "delivered")
    await shop.worker.announcer.once()
    assert (await notices(shop))["out_for_delivery"] == ("dropped", "old_news")
    await shop.rows("DELETE FROM whatsapp_accounts RETURNING 1")
    await shop.settle()
    assert told(shop.world) == [DELIVERED]


async def test_quiet_hours_end_before_anybody_is_told(database: Database, world: World) -> None:
    quiet = {"from": "00:00", "until": "23:59", "time_zone": "Etc/UTC"}
    async with open_shop(database, world, plan={"quiet": quiet}) as desk:
        await ana_writes(desk)
        await tell(desk, "shipped")
        await desk.settle()
        assert world.sent == []
        assert await notices(desk) == {"shipped": ("wanted", "quiet_hours")}
        (due,) = await desk.rows("SELECT due_at > now() AS later FROM order_notices")
        assert due.later
        await tell(desk, "delivered")
        await desk.settle()
        found = await notices(desk)
        assert found["shipped"] == ("dropped", "old_news")
        assert found["delivered"] == ("wanted", "quiet_hours")


async def test_while_people_talk_with_the_shopper_a_notice_waits(shop: Desk) -> None:
    browser = await shop.sign_in(BRUNO)
    taken = await browser.post("/api/conversations/1/assignment", json={"agent": "me"})
    assert taken.status_code == 200
    await tell(shop, "shipped")
    for _ in range(3):
        await shop.worker.step()
    assert told(shop.world) == []
    assert await notices(shop) == {"shipped": ("wanted", "people_talk")}
    assert (await browser.post("/api/conversations/1/bot", json={})).status_code < 300
    await shop.settle()
    assert SHIPPED in told(shop.world)


async def test_a_kind_that_is_off_is_not_told(database: Database, world: World) -> None:
    plan: dict[str, Any] = {"kinds": {"shipped": {"active": False}, "delivered": {}}}
    async with open_shop(database, world, plan=plan) as desk:
        await ana_writes(desk)
        for kind in KINDS:
            await tell(desk, kind)
            await desk.settle()
        assert told(world) == [DELIVERED]
        assert (await notices(desk))["shipped"] == ("dropped", "turned_off")

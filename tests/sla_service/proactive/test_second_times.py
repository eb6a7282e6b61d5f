"""An order may be late twice, and a notice that did not get there is told again while it may."""

from datetime import timedelta
from typing import Any

import pytest

from sla_service.database.sessions import Database
from tests.sla_service.proactive.shop import (
    SHIPPED,
    ana_writes,
    notices,
    open_shop,
    order,
    tell,
    told,
)
from tests.sla_service.whatsapp import samples
from tests.sla_service.world import Desk, World, refusal

LATE = "Seu pedido 48213 vai chegar mais tarde do que o combinado. Desculpe por isso."
LATE_AGAIN = "A entrega do seu pedido 48213 mudou de data mais uma vez. Desculpe de verdade."


async def _late(desk: Desk, day: str | None, ago: int = 0) -> None:
    shipments = [{**order()["shipments"][0], "eta": day}]
    await tell(desk, "delayed", order(shipments=shipments), ago=timedelta(hours=ago))


async def test_a_second_delay_is_told_and_no_delay_twice(shop: Desk) -> None:
    for day in ("2026-12-05", "2026-12-05", "2026-12-09", "2026-12-09", "2026-12-05"):
        await _late(shop, day)
        await shop.settle()
    assert told(shop.world) == [LATE, LATE_AGAIN]
    assert "9 de dezembro" in shop.world.sent[1]["text"]["body"]


async def test_a_delay_without_a_day_is_told_once(shop: Desk) -> None:
    for day in (None, None, "2026-12-05", None):
        await _late(shop, day)
        await shop.settle()
    assert told(shop.world) == [LATE, LATE_AGAIN]


async def test_of_two_delays_that_wait_the_later_is_told(database: Database, world: World) -> None:
    quiet = {"from": "00:00", "until": "23:59", "time_zone": "Etc/UTC"}
    async with open_shop(database, world, plan={"quiet": quiet}) as desk:
        await ana_writes(desk)
        await _late(desk, "2026-12-09", ago=1)
        await _late(desk, "2026-12-05", ago=3)
        await desk.settle()
        found = await desk.rows("SELECT occasion, reason FROM order_notices ORDER BY id")
        assert [(row.occasion, row.reason) for row in found] == [
            ("2026-12-09", "quiet_hours"),
            ("2026-12-05", "old_news"),
        ]


async def _status(desk: Desk, place: int, name: str, code: int | None = None) -> None:
    errors: dict[str, Any] = {"errors": [{"code": code, "title": "no"}]} if code else {}
    told_of = samples.status(f"wamid.OUT{place}", name, **errors)
    await desk.deliver_value({"statuses": [told_of]})
    for _ in range(4):
        await desk.worker.step()


async def _told_place(desk: Desk) -> int:
    """The place of the last message among all that were sent."""
    (row,) = await desk.rows(
        "SELECT wamid FROM messages WHERE wamid IS NOT NULL ORDER BY id DESC LIMIT 1"
    )
    return int(row.wamid.removeprefix("wamid.OUT"))


@pytest.mark.parametrize("got", ["delivered", "read"])
async def test_what_was_taken_for_failed_and_got_there_is_told(shop: Desk, got: str) -> None:
    await tell(shop, "shipped")
    await shop.settle()
    place = await _told_place(shop)
    await _status(shop, place, "failed", 131026)
    assert await notices(shop) == {"shipped": ("failed", "refused")}
    await _status(shop, place, got)
    assert await notices(shop) == {"shipped": ("sent", None)}
    assert told(shop.world) == [SHIPPED]


async def test_what_may_pass_is_told_again(shop: Desk) -> None:
    await tell(shop, "shipped")
    await shop.settle()
    await _status(shop, await _told_place(shop), "failed", 131000)
    assert told(shop.world) == [SHIPPED, SHIPPED]
    assert await notices(shop) == {"shipped": ("sent", None)}


async def test_a_message_that_gets_there_during_the_pause_is_not_told_again(
    database: Database, world: World
) -> None:
    async with open_shop(database, world, order_events={"pause": 600}) as desk:
        await ana_writes(desk)
        await tell(desk, "shipped")
        await desk.settle()
        place = await _told_place(desk)
        await _status(desk, place, "failed", 131016)
        assert await notices(desk) == {"shipped": ("owed", "trying_again")}
        await _status(desk, place, "delivered")
        await desk.rows("UPDATE order_notices SET due_at = now() RETURNING 1")
        await desk.settle()
        assert await notices(desk) == {"shipped": ("sent", None)}
        assert told(world) == [SHIPPED]


async def test_what_fails_again_and_again_has_failed_in_the_end(shop: Desk) -> None:
    await tell(shop, "shipped")
    await shop.settle()
    for _ in range(6):
        await _status(shop, await _told_place(shop), "failed", 131000)
    assert told(shop.world) == [SHIPPED] * 4
    assert await notices(shop) == {"shipped": ("failed", "refused")}


async def test_a_final_refusal_is_not_tried_again(shop: Desk) -> None:
    shop.world.answers.append(refusal(131026))
    await tell(shop, "shipped")
    await shop.settle()
    await shop.settle()
    assert told(shop.world) == [SHIPPED]
    assert await notices(shop) == {"shipped": ("failed", "refused")}

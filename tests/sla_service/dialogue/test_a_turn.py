"""From a webhook to the answer: what a shopper writes is answered once."""

from tests.sla_service.world import Desk, World, written


async def test_a_message_is_stored_heard_and_answered(desk: Desk, world: World) -> None:
    assert (await desk.deliver(written("oi", "wamid.A1"))).status_code == 200
    await desk.settle()
    assert [body["text"]["body"] for body in world.sent] == ["eco: oi"]
    assert world.sent[0]["to"] == "+5511987650001"
    assert world.turns[0]["message_id"] == "wamid.A1"
    assert world.turns[0]["contact"] == {"name": "Ana Souza", "phone": "5511987650001"}

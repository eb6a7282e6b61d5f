"""A contact's messages are taken in the order they came in, whatever befalls one of them."""

from tests.sla_service.world import Desk, written

BETO = {"profile": {"name": "Beto"}, "wa_id": "5511987650002", "user_id": "BR.2"}


async def _arrives(desk: Desk, *wamids: str) -> None:
    for wamid in wamids:
        assert (await desk.deliver(written(wamid, wamid))).status_code == 200


async def _taken(desk: Desk) -> list[str]:
    """What is in Ana's thread, in the order in which it was put there."""
    found = await desk.rows("SELECT text FROM messages WHERE author = 'contact' ORDER BY id")
    return [row.text for row in found]


async def test_what_follows_an_update_in_others_hands_stays_behind_it(desk: Desk) -> None:
    await _arrives(desk, "A1", "A2", "A3")
    async with desk.database.step() as other:
        await other.execute("SELECT FROM whatsapp_updates WHERE key = 'm:A2' FOR UPDATE")
        await desk.worker.intake.drain()
        assert await _taken(desk) == ["A1"]
    await desk.worker.intake.drain()
    assert await _taken(desk) == ["A1", "A2", "A3"]


async def test_what_follows_an_update_that_another_worker_put_off_waits_too(
    desk: Desk,
) -> None:
    """A batch fails for Beto's poison, and is taken one by one; meanwhile, another had bad luck."""
    poison = {**written("B1", "B1", sender=BETO), "timestamp": "never"}
    await desk.deliver(poison, contact=BETO)
    await _arrives(desk, "A1", "A2")
    async with desk.database.connection() as connection:
        await connection.execute(_PUT_OFF)
    await desk.worker.intake.drain()
    assert await _taken(desk) == []
    await desk.rows("UPDATE whatsapp_updates SET due_at = now() WHERE key <> 'm:B1' RETURNING 1")
    await desk.worker.intake.drain()
    assert await _taken(desk) == ["A1", "A2"]


_PUT_OFF = """
CREATE FUNCTION put_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE whatsapp_updates SET due_at = now() + interval '1 hour' WHERE key = 'm:A1';
  RETURN NULL;
END $$;
CREATE TRIGGER put_off AFTER UPDATE ON whatsapp_updates FOR EACH ROW
WHEN (NEW.key = 'm:B1') EXECUTE FUNCTION put_off();
"""

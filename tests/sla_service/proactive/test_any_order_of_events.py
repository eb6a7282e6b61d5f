"""However events are brought: each notice is told at most once, and never as old news."""

import re
from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sla_service.database.sessions import Database
from sla_service.proactive.kinds import NoticeKind
from tests.sla_service.proactive.shop import KINDS, agrees, notices, open_shop, order, tell
from tests.sla_service.world import World, written

_HOURS_AGO = {"shipped": 20, "delayed": 15, "out_for_delivery": 6, "delivered": 1}
_OLD_AFTER = {
    "shipped": ("out_for_delivery", "delivered"),
    "delayed": ("out_for_delivery", "delivered"),
    "out_for_delivery": ("delivered",),
}
_LINES = {
    "saiu da loja": "shipped",
    "mais tarde": "delayed",
    "mais uma vez": "delayed",
    "saiu para entrega": "out_for_delivery",
    "foi entregue": "delivered",
}
_BROUGHT = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(1, 2), st.booleans()), min_size=1, max_size=8
)


@given(brought=_BROUGHT)
@example(brought=[("delivered", 1, True), ("shipped", 1, True), ("out_for_delivery", 1, True)])
@example(brought=[("out_for_delivery", 1, True), ("delayed", 1, True), ("delayed", 1, False)])
@example(brought=[("delayed", 2, True), ("delayed", 1, False), ("delayed", 2, True)])
@example(brought=[(kind, event, True) for kind in KINDS for event in (1, 1, 2)])
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_each_notice_is_told_at_most_once_and_never_after_what_outdates_it(
    database: Database, world: World, brought: list[tuple[str, int, bool]]
) -> None:
    number = await _fresh(database)
    world.sent.clear()
    async with open_shop(database, world) as desk:
        await desk.deliver(written("Oi!", f"wamid.{number}"))
        await desk.settle()
        await agrees(desk)
        world.sent.clear()
        for kind, event, is_settled in brought:
            # The second event of a kind is another delay, and else the same news once more.
            ago = timedelta(hours=_HOURS_AGO[kind]) - timedelta(minutes=event)
            told_of = order(str(number), eta=f"2026-12-0{event}" if kind == "delayed" else None)
            await tell(desk, kind, told_of, event_id=f"{number}-{kind}-{event}", ago=ago)
            if is_settled:
                await desk.settle()
        await desk.settle()
        texts = [(_kind(body), _day(body)) for body in _texts(world)]
        assert len(texts) == len(set(texts))
        said = [NoticeKind(kind) for kind, _ in texts]
        for place, one in enumerate(said):
            assert not any(_is_old(one, before) for before in said[:place]), said
        known = await notices(desk)
        assert known.keys() - {"how_was_it"} == {kind for kind, _, _ in brought}
        assert all(
            state in ("sent", "owed") or (state, why) == ("dropped", "old_news")
            for kind, (state, why) in known.items()
            if kind != "how_was_it"
        )


async def _fresh(database: Database) -> int:
    """Forget the orders of the example before, and number the next one."""
    async with database.step() as connection:
        await connection.execute("DELETE FROM order_notices")
        found = await connection.execute("SELECT 50000 + count(*) FROM order_events")
        row = await found.fetchone()
        assert row is not None
        return int(row[0])


def _texts(world: World) -> list[str]:
    return [
        body.get("text", {}).get("body") or body["interactive"]["body"]["text"]
        for body in world.sent
    ]


def _day(text: str) -> str | None:
    """Which day a delay promises; nothing else is news by its day."""
    found = re.search(r"Previsão de chegada: (.+)\.", text)
    return found[1] if found and _kind(text) == "delayed" else None


def _kind(line: str) -> str:
    return next(kind for words, kind in _LINES.items() if words in line)


def _is_old(kind: NoticeKind, before: NoticeKind) -> bool:
    return before.value in _OLD_AFTER.get(kind.value, ())

"""What a desk does all day, one piece at a time: prepared first, then done while it is measured."""

import itertools
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from bench import past, promised, webhooks
from bench.readings import READINGS
from bench.side import Prepare, Side, Work
from sla_service import clock
from sla_service.conversations import replying
from sla_service.conversations.replying import Speaker
from sla_service.handoff import holding
from sla_service.notify import sending
from sla_service.operations import gauges
from sla_service.whatsapp.compose import compose
from sla_service.whatsapp.values import Reply

_AGENT = 1


async def _store(side: Side, nth: int) -> Work:
    return partial(side.write, side.recent(nth))


async def _take_recent(side: Side, nth: int) -> Work:
    await side.worker.intake.drain()  # what others only stored is not taken in here
    await side.write(side.recent(nth + 1000))
    return side.worker.intake.drain


async def _take_long_ago(side: Side, nth: int) -> Work:
    await side.write(side.long_ago(nth))
    return side.worker.intake.drain


async def _take_new(side: Side, _: int) -> Work:
    await side.write(50_000_000 + next(side.numbers) % 40_000_000)
    return side.worker.intake.drain


async def _take_held(side: Side, nth: int) -> Work:
    await side.write(side.held(nth))
    return side.worker.intake.drain


async def _take_status(side: Side, nth: int) -> Work:
    contact = side.recent(nth)
    told = webhooks.statuses(past.phone(contact), f"wamid.P{contact * 10 + 9}", "delivered", "read")
    await side.inbox.store(told)
    return side.worker.intake.drain


async def _turn(side: Side, nth: int) -> Work:
    await side.worker.intake.drain()
    await _settled(side)
    await side.write(side.long_ago(nth + 5000))
    await side.worker.intake.drain()
    return side.attend


async def _settled(side: Side) -> None:
    while (await side.worker._claim(32))[0]:  # noqa: SLF001 - what was left by others
        side.server.execute("UPDATE conversations SET due_at = NULL WHERE due_at IS NOT NULL")
        side.server.execute("DELETE FROM outbox")
        side.server.execute("UPDATE messages SET is_waiting = false WHERE is_waiting")
        side.server.execute("UPDATE turns SET closed_at = now() WHERE closed_at IS NULL")


async def _reply(side: Side, nth: int) -> Work:
    await side.worker.intake.drain()
    await _settled(side)
    await side.write(side.held(nth))
    await side.worker.intake.drain()
    said = compose([Reply("Já vou ver isso para você.", ())], list_label="")

    async def say() -> None:
        async with side.database.step() as connection:
            held = await holding.hold(connection, side.held(nth))
            await replying.reply(
                connection,
                held.conversation_id,
                Speaker(_AGENT, f"bench{next(side.numbers)}"),
                said,
                owner_fence=held.fence,
                ticket_id=held.ticket_id,
                window=timedelta(hours=24),
                at=clock.now(),
            )
        await side.attend()

    return say


async def _sweep_idle(side: Side, _: int) -> Work:
    return side.worker.sweep.once


async def _sweep_due(side: Side, nth: int) -> Work:
    first = side.conversations - past.OPEN + 1
    due = range(first + nth % 10, first + past.OPEN, 10)
    side.server.execute("DELETE FROM sla_events WHERE ticket_id = ANY (%s)", [list(due)])
    promised.arm(side.server, due, "now() - interval '1 second'")
    return side.worker.sweep.once


async def _idle_loops(side: Side, _: int) -> Work:
    async def all_of_them() -> None:
        worker = side.worker
        await worker.intake.drain()
        await worker._claim(32)  # noqa: SLF001 - what its loop does
        await worker.upkeep.once()
        await worker.assigner.once()
        await worker.returning.once()
        await worker.fetcher.once()
        await worker.announcer.once()
        await sending.send_due(side.database, side.settings)

    await all_of_them()
    return all_of_them


async def _forget(side: Side, _: int) -> Work:
    return partial(side.worker.retention.once, clock.now())


async def _gauges(side: Side, _: int) -> Work:
    async def read() -> None:
        async with side.database.connection() as connection:
            await gauges.read(connection)

    return read


async def _words(side: Side, nth: int) -> Work:
    """What the index of words costs: a hundred messages, as its pages take them in."""
    side.server.execute("SELECT gin_clean_pending_list('ix_messages_words')")
    values = [
        side.recent(nth),
        list(itertools.islice(past.sentences(), nth * 100, nth * 100 + 100)),
    ]
    side.server.execute(_SAY_ALL, values)

    async def clean() -> None:
        side.server.execute("SELECT gin_clean_pending_list('ix_messages_words')")

    return clean


_SAY_ALL = """
INSERT INTO messages (conversation_id, author, kind, text, content, said_at)
SELECT %s, 'contact', 'text', said, '{}', now() FROM unnest(%s::text[]) said
"""


COSTS: Mapping[str, Prepare] = {
    "a webhook is stored": _store,
    "a message of a contact of this month is taken in": _take_recent,
    "a message of a contact of long ago is taken in": _take_long_ago,
    "a message of a new contact is taken in": _take_new,
    "a message to people is taken in": _take_held,
    "statuses are taken in": _take_status,
    "the index of words takes in 100 messages": _words,
    "a turn: claimed, ended and sent": _turn,
    "an agent's reply: said and sent": _reply,
    "a sweep with nothing due": _sweep_idle,
    "a sweep with 30 tickets due": _sweep_due,
    "the worker's loops with nothing to do": _idle_loops,
    "forgetting": _forget,
    "figures for Prometheus": _gauges,
    **READINGS,
}

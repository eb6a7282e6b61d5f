"""A promise at risk moves the conversation up the chain, and people are told once."""

from typing import Any

import pytest
from sqlalchemy import text

from sla_service.database.sessions import Database
from sla_service.handoff.escalation import Escalation
from sla_service.sla.sweep import Sweep
from tests.sla_service.handoff.shop import reception_of
from tests.sla_service.sla.shop import with_policies
from tests.sla_service.world import Desk, World, says, written

IMPATIENT = """
policies:
  - name: impaciente
    targets: {first_response: 1 h, resolution: 24 h}
    starts: handoff
    escalation:
      - {tier: bot, after: 0.001 s}
      - {tier: agent, after: 1 h}
      - {tier: senior, after: 1 h}
"""
PATIENT = """
policies:
  - name: paciente
    targets: {first_response: 1 h, resolution: 24 h}
    escalation: [{tier: bot, after: 1 h}]
"""


async def _ticket(desk: Desk) -> Any:
    return (
        await desk.rows(
            "SELECT t.*, c.owner FROM tickets t JOIN conversations c "
            "ON c.id = t.conversation_id ORDER BY t.id DESC"
        )
    )[0]


async def _change(desk: Desk, query: str) -> None:
    async with desk.database.transaction() as session:
        await session.execute(text(query))


@pytest.mark.parametrize(
    ("said", "stage"), [("Não entendi", "lost"), ("De qual pedido você fala?", "calling")]
)
async def test_what_the_bot_does_not_solve_in_time_goes_to_people(
    desk: Desk, database: Database, world: World, said: str, stage: str
) -> None:
    await with_policies(database, IMPATIENT)
    world.bot = lambda _: says(said, stage=stage)
    await desk.deliver(written("asdf", "wamid.1"))
    await desk.settle()

    assert (await _ticket(desk)).owner == "queue"
    reasons = [row.reason for row in await desk.rows("SELECT reason FROM handoffs")]
    assert reasons == ["escalation"]
    told = await desk.rows("SELECT team, kind, facts FROM notices ORDER BY id")
    assert [(row.team, row.kind) for row in told] == [("agent", "escalated")]
    clock = await desk.rows("SELECT * FROM sla_clocks WHERE metric = 'first_response'")
    assert [row.state for row in clock] == ["running"]  # people have it: their promise began


async def test_a_chunk_that_is_repeated_tells_nobody_twice(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, IMPATIENT)
    world.bot = lambda _: says("Não entendi", stage="lost")
    await desk.deliver(written("asdf", "wamid.1"))
    await desk.settle()
    ids = [row.id for row in await desk.rows("SELECT id FROM sla_effects")]
    before = await desk.rows("SELECT id, key, team FROM notices ORDER BY id")

    await Escalation(database, reception_of(desk)).handle(effects=ids)

    assert await desk.rows("SELECT id, key, team FROM notices ORDER BY id") == before
    assert len(await desk.rows("SELECT id FROM handoffs")) == 1


async def test_what_was_solved_before_anybody_could_act_stays_with_the_bot(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, IMPATIENT)
    await desk.deliver(written("oi", "wamid.1"))
    await desk.worker.intake.drain()
    await Sweep(database).once()  # the bot's time is over, and the job waits
    await _change(desk, "UPDATE tickets SET status = 'resolved', resolved_at = now()")
    ids = [row.id for row in await desk.rows("SELECT id FROM sla_effects")]
    assert ids
    await Escalation(database, reception_of(desk)).handle(effects=ids)
    assert (await _ticket(desk)).owner == "bot"


async def test_an_effect_that_cannot_be_handled_does_not_hold_up_the_others(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, IMPATIENT)
    for number in (1, 2):
        sender = {"profile": {"name": "Ana"}, "wa_id": f"551198765000{number}"}
        await desk.deliver(written("oi", f"wamid.{number}", sender=sender), contact=sender)
    await desk.worker.intake.drain()
    await Sweep(database).once()
    ids = [row.id for row in await desk.rows("SELECT id FROM sla_effects ORDER BY id")]
    await _change(desk, "UPDATE conversations SET owner = 'nobody' WHERE id = 1")
    with pytest.raises(ValueError, match="nobody"):
        await Escalation(database, reception_of(desk)).handle(effects=ids)
    owners = await desk.rows("SELECT owner FROM conversations ORDER BY id")
    assert [row.owner for row in owners] == ["nobody", "queue"]


@pytest.mark.parametrize(
    ("stage", "status"), [("asked", "pending"), ("lost", "open"), ("calling", "open")]
)
async def test_a_question_waits_for_the_contact_and_a_lost_bot_does_not(
    desk: Desk, database: Database, world: World, stage: str, status: str
) -> None:
    await with_policies(database, PATIENT)
    world.bot = lambda _: says("Qual é o número do pedido?", stage=stage)
    await desk.deliver(written("cadê meu pedido", "wamid.1"))
    await desk.settle()
    ticket = await _ticket(desk)
    assert ticket.status == status
    clocks = await desk.rows("SELECT state FROM sla_clocks WHERE metric = 'escalation'")
    assert [row.state for row in clocks] == ["paused" if stage == "asked" else "running"]


async def test_what_the_bot_answered_and_the_contact_left_at_that_is_solved(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, PATIENT)
    world.bot = lambda _: says("Seu pedido chega amanhã.", intent="track_order")
    await desk.deliver(written("cadê meu pedido", "wamid.1"))
    await desk.settle()
    assert (await _ticket(desk)).status == "open"

    await _change(desk, "UPDATE tickets SET settles_at = now()")
    await desk.settle()

    assert (await _ticket(desk)).status == "resolved"
    states = await desk.rows("SELECT metric, state FROM sla_clocks ORDER BY metric")
    assert [(row.metric, row.state) for row in states] == [
        ("escalation", "cancelled"),
        ("first_response", "cancelled"),
        ("resolution", "fulfilled"),
    ]


async def test_a_contact_who_comes_back_is_not_solved_behind_their_back(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, PATIENT)
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    world.bot = lambda _: says("Não entendi", stage="lost")
    await desk.deliver(written("ainda não chegou", "wamid.2"))
    await desk.settle()
    ticket = await _ticket(desk)
    assert (ticket.status, ticket.settles_at) == ("open", None)


async def test_a_ticket_learns_what_it_is_about_and_pleasantries_change_nothing(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(
        database,
        """
policies:
  - {name: rastreio, match: {intent: track_order}, targets: {resolution: 2 h}}
  - {name: outros, targets: {resolution: 24 h}}
""",
    )
    for number, intent in enumerate(("greet", "track_order", "thank"), 1):
        world.bot = lambda _, intent=intent: says("ok", intent=intent)
        await desk.deliver(written("…", f"wamid.{number}"))
        await desk.settle()
    (clock,) = await desk.rows("SELECT policy, target FROM sla_clocks WHERE metric = 'resolution'")
    assert (clock.policy, clock.target) == ("rastreio", 2 * 3600 * 10**6)

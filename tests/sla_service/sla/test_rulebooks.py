"""Versions of the policies in the database."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_service.database.sessions import Database, rows
from sla_service.sla import documents, rulebooks
from sla_service.sla.instants import instant, moment
from sla_service.sla.library import NoRulebook, Shelf
from sla_service.sla.policy import Metric
from sla_service.sla.problems import PolicyErrors

SHIPPED = Path(__file__).parents[3] / "sla_policies.yml"
_FIVE = "policies: [{name: five, targets: {first_response: 5 min}}]  # a promise\n"
_TEN = "policies: [{name: ten, targets: {first_response: 10 min}}]\n"


async def test_a_version_is_kept_as_it_was_written_and_as_what_it_means(database: Database) -> None:
    async with database.step() as connection:
        number = await rulebooks.store(connection, _FIVE, comment="summer", by="Carla")
        stored = await rulebooks.stored(connection, number)
        (version,) = await rulebooks.versions(connection)
    assert stored.source == _FIVE
    assert documents.thaw(stored.document) == documents.parse(_FIVE)
    assert (version.comment, version.created_by) == ("summer", "Carla")
    assert (version.activated_at, version.is_active) == (None, False)


async def test_the_same_content_is_the_same_version_however_it_is_worded(
    database: Database,
) -> None:
    reworded = "# reworded\npolicies:\n- {targets: {first_response: PT5M}, name: five}\n"
    async with database.step() as connection:
        first = await rulebooks.store(connection, _FIVE)
        assert await rulebooks.store(connection, _TEN) != first
        assert await rulebooks.store(connection, reworded, activate=True) == first
        assert (await rulebooks.stored(connection)).source == reworded
        assert len(await rulebooks.versions(connection)) == 2


async def test_the_version_that_was_activated_last_is_in_force(database: Database) -> None:
    async with database.step() as connection:
        with pytest.raises(NoRulebook):
            await rulebooks.stored(connection)
        first = await rulebooks.store(connection, _FIVE, activate=True)
        second = await rulebooks.store(connection, _TEN)
        assert (await rulebooks.stored(connection)).id == first
        await rulebooks.put_in_force(connection, second)
        assert (await rulebooks.stored(connection)).id == second
        await rulebooks.put_in_force(connection, first)
        active = {one.id: one.is_active for one in await rulebooks.versions(connection)}
        assert active == {first: True, second: False}
        book, _ = await Shelf(connection).active()
        assert (book.id, [one.name for one in book.policies]) == (first, ["five"])


async def test_what_is_in_force_already_keeps_its_beginning(database: Database) -> None:
    async with database.step() as connection:
        number = await rulebooks.store(connection, _FIVE, activate=True)
        before = await rulebooks.versions(connection)
        await rulebooks.put_in_force(connection, number)
        assert await rulebooks.versions(connection) == before


async def test_a_version_that_is_not_there_can_not_be_put_in_force(database: Database) -> None:
    with pytest.raises(NoRulebook):
        async with database.step() as connection:
            await rulebooks.put_in_force(connection, 4711)


async def test_a_faulty_text_is_not_kept(database: Database) -> None:
    async with database.step() as connection:
        with pytest.raises(PolicyErrors):
            await rulebooks.store(connection, "policies: [{nome: five}]")
        assert await rulebooks.versions(connection) == []


async def test_many_that_start_at_once_find_one_default(database: Database) -> None:
    async def start() -> None:
        async with database.step() as connection:
            await rulebooks.ensure_default(connection, SHIPPED)

    await asyncio.gather(*(start() for _ in range(4)))
    async with database.step() as connection:
        (version,) = await rulebooks.versions(connection)
        assert version.is_active
        assert (await rulebooks.stored(connection)).source == SHIPPED.read_text("utf-8")


async def test_the_default_does_not_touch_a_shop_s_own_policies(database: Database) -> None:
    async with database.step() as connection:
        await rulebooks.store(connection, _FIVE, activate=True)
        await rulebooks.ensure_default(connection, SHIPPED)
        assert (await rulebooks.stored(connection)).source == _FIVE
        assert len(await rulebooks.versions(connection)) == 1


async def test_a_deadline_hangs_on_the_version_and_on_no_library(database: Database) -> None:
    """The stored version says which days are holidays, whatever a newer library knows."""
    async with database.step() as connection:
        number = await rulebooks.store(connection, SHIPPED.read_text("utf-8"))
        # As if it was stored before Independence Day became a holiday:
        await rows(
            connection,
            "UPDATE sla_rulebooks SET digest = 'older', "
            "document = document #- '{calendars,loja,closed,2027-09-07}'",
        )
        book = await Shelf(connection).fetch(number)
        same = await rulebooks.store(connection, SHIPPED.read_text("utf-8"))
    assert same != number  # imported again, the text says what is known now
    monday = instant(datetime(2027, 9, 6, 20, 50, tzinfo=UTC))
    usual = next(one for one in book.policies if one.name == "padrao")
    due = book.calendar(usual, Metric.FIRST_RESPONSE).add(monday, 20 * 60_000_000)
    assert moment(due) == datetime(2027, 9, 7, 12, 10, tzinfo=UTC)

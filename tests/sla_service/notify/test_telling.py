"""A notice is written once for its team, whatever is repeated, and acknowledged once."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from sla_service.database.wake import Channel
from sla_service.notify import notices
from sla_service.notify.notices import NoSuchNotice
from sla_service.notify.values import NoticeKind, Told
from tests.sla_service.notify.conftest import DUE, Notifier, notice
from tests.sla_service.notify.outside import Listener, Mailbox


async def test_a_team_without_channels_is_told_in_the_console(notifier: Notifier) -> None:
    told = await notifier.tell(notice(team="nobody-set-this-up"))
    assert told == Told(notices=(1,))


async def test_telling_again_changes_nothing(
    notifier: Notifier, mailbox: Mailbox, listener: Listener
) -> None:
    await notifier.team(mailbox.url(), listener.url.replace("http", "json"))
    await notifier.endpoint(listener.url)
    told = await asyncio.gather(*(notifier.tell(notice(), notice(), notice(2)) for _ in range(5)))
    assert sorted(len(one.notices) for one in told) == [0, 0, 0, 0, 2]
    assert sorted(len(one.sends) for one in told) == [0, 0, 0, 0, 4]
    assert sorted(len(one.deliveries) for one in told) == [0, 0, 0, 0, 2]


async def test_two_teams_hear_of_the_same_and_a_program_hears_of_it_once(
    notifier: Notifier, mailbox: Mailbox, listener: Listener
) -> None:
    await notifier.team(mailbox.url())
    await notifier.team(mailbox.url("carla@loja.example"), name="senior")
    await notifier.endpoint(listener.url)
    told = await notifier.tell(notice(), notice(team="senior"))
    assert (len(told.notices), len(told.sends), len(told.deliveries)) == (2, 2, 1)


async def test_what_is_undone_was_never_told(notifier: Notifier) -> None:
    async with notifier.database.step() as connection:
        await notices.tell(connection, [notice()])
        raise psycopg.Rollback
    assert await notifier.rows("SELECT count(*) FROM notices") == [(0,)]


async def test_open_pages_are_told_at_the_commit(notifier: Notifier) -> None:
    listening = await psycopg.AsyncConnection.connect(notifier.database.url, autocommit=True)
    async with listening:
        await listening.execute(f"LISTEN {Channel.ALERTS.value}")
        await notifier.tell(notice())
        await notifier.tell(notice(2), notice(3))
        heard = [note.payload async for note in listening.notifies(timeout=10, stop_after=2)]
    assert heard == ["1", ""]


async def test_who_acknowledges_first_stays_on_record(notifier: Notifier) -> None:
    await notifier.tell(notice())
    for name, minutes in (("Bruno", 1), ("Carla", 2)):
        async with notifier.database.step() as connection:
            at = DUE + timedelta(minutes=minutes)
            taken = await notices.acknowledge(connection, 1, name, at)
            assert (taken.ticket_id, taken.is_news) == (1001, name == "Bruno")
    assert await notifier.rows("SELECT acknowledged_by, acknowledged_at FROM notices") == [
        ("Bruno", DUE + timedelta(minutes=1))
    ]


async def test_what_was_acknowledged_is_not_sent_any_more(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    await notifier.team(mailbox.url())
    await notifier.tell(
        notice(kind=NoticeKind.WARNED), notice(), notice(metric="resolution"), notice(2)
    )
    async with notifier.database.step() as connection:
        await notices.acknowledge(connection, 1, "Bruno", DUE)
    await notifier.send_due()
    assert len(mailbox.arrived) == 2
    assert all("1001: primeira" not in said for said in mailbox.subjects())
    states = "SELECT state, count(*) FROM notice_sends GROUP BY state ORDER BY state"
    assert await notifier.rows(states) == [("dropped", 2), ("sent", 2)]


async def test_there_is_nothing_to_acknowledge_under_a_strange_number(notifier: Notifier) -> None:
    with pytest.raises(NoSuchNotice):
        async with notifier.database.step() as connection:
            await notices.acknowledge(connection, 7, "Bruno", DUE)

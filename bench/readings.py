"""What people ask of a desk: the console's lists, threads and searches, and its reports."""

import itertools
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bench import past
from bench.side import Prepare, Side, Work
from sla_service import clock
from sla_service.console import conversations, counting, threads
from sla_service.console.conversations import Reader, Wanted
from sla_service.reports.attainment import attainment
from sla_service.reports.breaches import breaches
from sla_service.reports.costs import costs
from sla_service.reports.handling_times import handling_times
from sla_service.reports.periods import Period
from sla_service.reports.reading import Group
from sla_service.reports.response_times import response_times
from sla_service.reports.satisfaction import Apart, comments, satisfaction
from sla_service.reports.ticket_history import history
from sla_service.tickets.tables import Priority

_AGENT = 1


def _read(ask: Callable[[Side, AsyncSession, int], Awaitable[object]]) -> Prepare:
    """What the console asks for, in a request's transaction."""

    async def prepare(side: Side, nth: int) -> Work:
        async def request() -> None:
            async with side.database.transaction() as session:
                await session.execute(text("SELECT 1"))
                await ask(side, session, nth)

        return request

    return prepare


def _list(wanted: Wanted) -> Prepare:
    async def ask(_: Side, session: AsyncSession, nth: int) -> object:
        reader = Reader(_AGENT + nth % 4, timedelta(hours=24))
        return await conversations.page(session, reader, wanted, cursor=None, limit=50)

    return _read(ask)


async def _second_page(_: Side, session: AsyncSession, nth: int) -> object:
    reader = Reader(_AGENT + nth % 4, timedelta(hours=24))
    first = await conversations.page(session, reader, Wanted("resolved"), cursor=None, limit=50)
    wanted = Wanted("resolved")
    return await conversations.page(session, reader, wanted, cursor=first.next, limit=50)


def _search(words: str) -> Prepare:
    return _list(Wanted("all", words))


async def _search_order(side: Side, nth: int) -> Work:
    return await _search(str(4_000_000 + side.recent(nth)))(side, nth)


async def _search_phone(side: Side, nth: int) -> Work:
    return await _search(past.phone(side.long_ago(nth))[2:])(side, nth)


_RARE = [words.split() for words in itertools.islice(past.sentences(), 200)]


async def _search_rare(side: Side, nth: int) -> Work:
    return await _search(max(_RARE[nth], key=lambda one: any(map(str.isdigit, one))))(side, nth)


async def _thread(side: Side, session: AsyncSession, nth: int) -> object:
    return await threads.page(session, side.long_ago(nth), before=None, limit=50)


def _this_month() -> Period:
    return Period.of(None, None, at=clock.now())


READINGS: Mapping[str, Prepare] = {
    **{
        f"console: {view}": _list(Wanted(view))
        for view in ("mine", "waiting", "open", "bot", "resolved", "all")
    },
    "console: second page": _read(_second_page),
    "console: narrowed to urgent": _list(Wanted("all", priority=Priority.URGENT)),
    "console: narrowed to a language": _list(Wanted("all", language="en")),
    "console: narrowed to a tag": _list(Wanted("all", tag="troca")),
    "console: narrowed to a tag of nobody's": _list(Wanted("all", tag="ninguém")),
    "console: unread": _list(Wanted("open", unread=True)),
    "console: counts": _read(lambda _, session, __: counting.counts(session)),
    "console: a thread": _read(_thread),
    "console: a ticket's history": _read(
        lambda side, session, nth: history(
            session, 1000 + side.long_ago(nth), before=None, limit=50
        )
    ),
    "search: an order's number": _search_order,
    "search: a phone": _search_phone,
    "search: a name": _search("larissa prado"),
    "search: a word said often": _search("pedido"),
    "search: a word said seldom": _search_rare,
    "search: a word nobody said": _search("xylofonwq"),
    "reports: attainment": _read(
        lambda _, session, __: attainment(session, _this_month(), [], at=clock.now())
    ),
    "reports: attainment by day and hour": _read(
        lambda _, session, __: attainment(
            session, _this_month(), [Group.DAY, Group.HOUR], at=clock.now()
        )
    ),
    "reports: response times by day": _read(
        lambda _, session, __: response_times(session, _this_month(), [Group.DAY])
    ),
    "reports: handling times": _read(
        lambda _, session, __: handling_times(session, _this_month(), at=clock.now())
    ),
    "reports: breaches": _read(
        lambda _, session, __: breaches(session, _this_month(), at=clock.now())
    ),
    "reports: satisfaction by day": _read(
        lambda _, session, __: satisfaction(session, _this_month(), [Apart.DAY])
    ),
    "reports: comments": _read(
        lambda _, session, __: comments(
            session, _this_month(), at_most=3, only_commented=False, before=None, limit=50
        )
    ),
    "reports: costs": _read(
        lambda side, session, _: costs(session, _this_month(), [], side.settings.prices)
    ),
}

FINDS_MORE = frozenset({"search: a name", "search: a word said seldom"})
"""Where a longer past has more to show, up to a bound: told, and not judged."""

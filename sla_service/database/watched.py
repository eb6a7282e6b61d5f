"""A connection whose socket the event loop watches all along, not anew for each statement."""

import asyncio
from collections.abc import Generator
from typing import Any

from psycopg import AsyncConnection, AsyncCursor, Error, OperationalError, errors
from psycopg.abc import PQGen
from psycopg.pq import ConnStatus, TransactionStatus
from psycopg.rows import namedtuple_row
from psycopg.waiting import Ready, Wait

_CALLING_OFF = 5.0  # seconds that the server gets to stop a statement nobody waits for any more


class WatchedConnection(AsyncConnection[Any]):
    """The driver's connection, for statements of a millisecond.

    The driver asks the loop to watch the socket, sets a timer, and takes both back, for each answer
    of the server; on the message path that is nearly as much work as the rest of a statement.
    Whatever is no plain wait for an answer goes the driver's own way.
    """

    _loop: asyncio.AbstractEventLoop | None = None
    _socket = -1
    _answer: asyncio.Future[None] | None = None
    _is_idle = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cursors: dict[type[AsyncCursor[Any]], AsyncCursor[Any]] = {}

    def cursor_of(self, kind: type[AsyncCursor[Any]]) -> AsyncCursor[Any]:
        """The one cursor of this kind, for one statement after the other.

        A new one learns anew how each type is written and read: a quarter of a statement's work.
        """
        known = self._cursors.get(kind)
        if known is None or known.closed:
            known = self._cursors[kind] = kind(self, row_factory=namedtuple_row)
        return known

    async def wait[T](
        self,
        gen: PQGen[T],
        interval: float = 0.1,
        timeout: float | None = None,  # noqa: ASYNC109 - the driver's signature
    ) -> T:
        """As the driver's own."""
        if timeout is not None:
            self._unwatch()
            return await super().wait(gen, interval, timeout)
        try:
            awaited = next(gen)
            while awaited == Wait.R:
                await self._readable()
                awaited = gen.send(Ready.R)
        except StopIteration as done:
            result: T = done.value
            return result
        except asyncio.CancelledError:
            await self._call_off(gen)
            raise
        except Error:
            if self.pgconn.status != ConnStatus.OK:  # the socket is closed, its number anybody's
                self._unwatch()
            raise
        except OSError as error:
            raise OperationalError("the connection's socket is closed") from error
        self._unwatch()
        return await super().wait(_going_on(gen, awaited), interval)

    async def close(self) -> None:
        """As the driver's own."""
        self._unwatch()
        await super().close()

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is None:
            socket = self.pgconn.socket
            loop.add_reader(socket, self._wake)
            self._loop, self._socket = loop, socket
        self._answer, self._is_idle = loop.create_future(), False
        try:
            await self._answer
        finally:
            self._answer = None

    def _wake(self) -> None:
        if self._answer is not None:
            if not self._answer.done():
                self._answer.set_result(None)
        elif self._is_idle:  # nobody reads what came, and the loop would tell of it for ever
            self._unwatch()
        else:  # it may have been told of before it was read
            self._is_idle = True

    def _unwatch(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._socket)
            self._loop = None

    async def _call_off(self, gen: PQGen[Any]) -> None:
        """Have the server stop, so that the connection can be used again; else it is closed."""
        self._unwatch()
        if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
            return
        try:
            await self.cancel_safe(timeout=_CALLING_OFF)
            await super().wait(gen, timeout=_CALLING_OFF)
        except errors.QueryCanceled:
            return
        except BaseException as error:
            self.pgconn.finish()
            if not isinstance(error, Exception):
                raise


def _going_on[T](gen: PQGen[T], awaited: Wait) -> Generator[Wait, Ready | int, T]:
    """A generator that was begun, as one that was not."""
    while True:
        ready = yield awaited
        try:
            awaited = gen.send(ready)
        except StopIteration as done:
            result: T = done.value
            return result

"""What Rasa 3.6.21 does anew for every message and need do only once, each pinned by a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import ClientSession, ClientTimeout, TCPConnector
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

from bot import turn

_Plan = list[tuple[str, tuple[str, ...]]]
_Sessions = dict[tuple[Any, ...], ClientSession]  # by the address and headers of an endpoint

# The action server closes a connection that was silent for 5 seconds: one that we still hold then
# would fail the turn that takes it up.
_IDLE_IN_SECONDS = 2.0
_ANY_NUMBER = 0

_open_session = EndpointConfig.session
_run_by_dask = DaskGraphRunner.run
_plans: WeakKeyDictionary[DaskGraphRunner, dict[tuple[str, ...], _Plan]] = WeakKeyDictionary()
_sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, _Sessions] = WeakKeyDictionary()


@cache
def apply() -> None:
    """Change Rasa, once in a process."""
    Domain.is_empty = _is_empty
    DaskGraphRunner.run = _run
    EndpointConfig.session = _session


async def close() -> None:
    """Close what is open to other servers."""
    for session in _sessions.pop(asyncio.get_running_loop(), {}).values():
        await session.close()


def _is_empty(self: Domain) -> bool:
    """As Rasa's, which builds and checks an empty domain to compare with at every message."""
    return bool(self.as_dict() == _nothing())


@cache
def _nothing() -> dict[str, Any]:
    return Domain.empty().as_dict()


def _run(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """As Rasa's while the bot talks, node by node in an order found once.

    Rasa plans each run of the same few nodes anew and schedules them as if they could run side by
    side. Training, which looks on by hooks, is left alone.
    """
    if any(node._hooks for node in self._instantiated_nodes.values()):  # noqa: SLF001
        result: dict[str, Any] = _run_by_dask(self, inputs, targets)
        return result
    wanted = tuple(targets or self._graph_schema.target_names)
    known: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    if clash := known.keys() & self._instantiated_nodes.keys():
        raise GraphRunError(f"Inputs {sorted(clash)} have names of nodes.")
    try:
        for name, needs in _plan(self, wanted):
            arguments = (known.get(need, need) for need in needs)
            known[name] = self._instantiated_nodes[name](*arguments)
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(known[name] for name in wanted)


def _plan(runner: DaskGraphRunner, wanted: tuple[str, ...]) -> _Plan:
    """The nodes that `wanted` needs, each after what it needs itself."""
    plans = _plans.setdefault(runner, {})
    if wanted not in plans:
        schema = runner._graph_schema.minimal_graph_schema(list(wanted))  # noqa: SLF001
        needs = {name: tuple(node.needs.values()) for name, node in schema.nodes.items()}
        order: dict[str, None] = {}
        for name in wanted:
            _place(name, needs, order)
        plans[wanted] = [(name, needs[name]) for name in order]
    return plans[wanted]


def _place(name: str, needs: dict[str, tuple[str, ...]], order: dict[str, None]) -> None:
    if name in order or name not in needs:
        return
    for need in needs[name]:
        _place(need, needs, order)
    order[name] = None


def _session(self: EndpointConfig) -> AbstractAsyncContextManager[ClientSession]:
    """In a turn, one session with warm connections; Rasa connects anew for each call."""
    if turn.current.get() is None or self.basic_auth:
        stock: ClientSession = _open_session(self)
        return stock
    return _kept(self)


@asynccontextmanager
async def _kept(endpoint: EndpointConfig) -> AsyncIterator[ClientSession]:
    sessions = _sessions.setdefault(asyncio.get_running_loop(), {})
    key = (endpoint.url, *endpoint.headers.items())
    session = sessions.get(key)
    if session is None or session.closed:
        session = sessions[key] = ClientSession(
            headers=endpoint.headers,
            timeout=ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
            connector=TCPConnector(limit=_ANY_NUMBER, keepalive_timeout=_IDLE_IN_SECONDS),
        )
    yield session

"""Counts what the web process is asked, by route, and how long an answer takes to begin."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from time import perf_counter
from typing import Any

from fastapi.routing import iter_route_contexts
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sla_service.operations.exposition import PREFIX

_UNKNOWN = "unknown"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _Times:
    """How long answers of one route took to begin."""

    __slots__ = ("buckets", "sum")

    def __init__(self) -> None:
        self.buckets = [0] * (len(_BUCKETS) + 1)
        self.sum = 0.0


class Requests(Collector):
    """The web process's counters. A label is a route as it is written, never what was asked for.

    One event loop counts, so that plain numbers do: a library's counters, with their locks, cost
    each webhook several times as much.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._counts: dict[tuple[str, str, int], int] = {}
        self._times: dict[str, _Times] = {}
        registry.register(self)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        key = (method if method in _METHODS else _UNKNOWN, route, status)
        self._counts[key] = self._counts.get(key, 0) + 1
        times = self._times.get(route)
        if times is None:
            times = self._times[route] = _Times()
        times.buckets[bisect_left(_BUCKETS, seconds)] += 1
        times.sum += seconds

    def collect(self) -> Iterator[Metric]:
        """What was counted so far."""
        labels = ["method", "route", "status"]
        count = CounterMetricFamily(f"{PREFIX}_http_requests", "Requests answered", labels=labels)
        for (method, route, status), number in self._counts.items():
            count.add_metric([method, route, str(status)], number)
        yield count
        name = f"{PREFIX}_http_answer_seconds"
        took = HistogramMetricFamily(name, "Time until an answer began", labels=["route"])
        bounds = [*map(str, _BUCKETS), "+Inf"]
        for route, times in self._times.items():
            whole = list(zip(bounds, accumulate(times.buckets), strict=True))
            took.add_metric([route], whole, times.sum)
        yield took


class Counting:
    """ASGI middleware: a clock is read twice, and a few numbers grow."""

    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self._app = app
        self._requests = requests
        self._plain: frozenset[str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and count the answer when it begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                took = perf_counter() - began
                route = getattr(scope.get("route"), "path", None) or self._plain_route(scope)
                self._requests.answered(scope["method"], route, message["status"], took)
            await send(message)

        await self._app(scope, receive, told)

    def _plain_route(self, scope: Scope) -> str:
        """The route of what is no function of FastAPI's, as the webhook: it has no parameters."""
        if self._plain is None:
            routes: list[Any] = scope["app"].routes
            self._plain = frozenset(
                one.path for one in iter_route_contexts(routes) if one.path and "{" not in one.path
            )
        return scope["path"] if scope["path"] in self._plain else _UNKNOWN

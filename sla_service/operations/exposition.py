"""Figures in Prometheus' text format: a process's own, and the database's."""

import asyncio
from collections.abc import Iterator

import psycopg
import structlog
from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sla_service.database.sessions import Database
from sla_service.operations import gauges
from sla_service.operations.gauges import Figures, Gauge
from sla_service.operations.version import Version

PREFIX = "balcao"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_log = structlog.get_logger()
_PATIENCE = 5.0  # seconds for the database to answer: a scraper gives up after ten


def registry(version: Version) -> CollectorRegistry:
    """A place for a process's figures, with those of the process itself."""
    disable_created_metrics()  # type: ignore[no-untyped-call] # when one began tells nothing here
    found = CollectorRegistry(auto_describe=True)
    ProcessCollector(registry=found)
    PlatformCollector(registry=found)
    GCCollector(registry=found)
    found.register(_About(version))
    return found


def text(of_process: CollectorRegistry) -> bytes:
    """A process's own figures."""
    return generate_latest(of_process)


async def whole_text(of_process: CollectorRegistry, database: Database) -> bytes:
    """A process's own figures and those of the database, if it answers."""
    shown = CollectorRegistry(auto_describe=False)
    shown.register(_OfDatabase(await _read(database)))
    return text(of_process) + generate_latest(shown)


async def _read(database: Database) -> Figures | None:
    try:
        async with asyncio.timeout(_PATIENCE), database.connection() as connection:
            return await gauges.read(connection)
    except (psycopg.Error, TimeoutError, OSError) as error:
        _log.warning("figures_not_read", error=type(error).__name__)
        return None


class _About(Collector):
    """Which version runs, and which tables it expects."""

    def __init__(self, version: Version) -> None:
        self._version = version

    def collect(self) -> Iterator[Metric]:
        labels = ["version", "commit", "schema"]
        family = GaugeMetricFamily(f"{PREFIX}_build_info", "What runs here", labels=labels)
        it = self._version
        family.add_metric([it.version, it.commit, it.schema], 1)
        yield family


class _OfDatabase(Collector):
    """What the database told just now; nothing but that, when it told nothing."""

    def __init__(self, figures: Figures | None) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        is_up = 0 if self._figures is None else 1
        yield GaugeMetricFamily(f"{PREFIX}_database_up", "The database answered", value=is_up)
        for gauge in gauges.GAUGES if self._figures is not None else ():
            yield self._family(gauge, self._figures or {})

    def _family(self, gauge: Gauge, figures: Figures) -> Metric:
        name, labels = f"{PREFIX}_{gauge.name}", [gauge.label] if gauge.label else []
        family = GaugeMetricFamily(name, gauge.meaning, labels=labels)
        for (which, label), value in figures.items():
            if which == gauge.name:
                family.add_metric([] if label is None else [label], value)
        return family

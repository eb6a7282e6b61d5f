"""A worker's own figures: turns, sends, sweeps and batches, counted by who does the work."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any, Self

from prometheus_client import Counter, Histogram

from sla_service.dialogue.hearing import Heard
from sla_service.dialogue.intake import Intake
from sla_service.dialogue.rasa import Answer, BotClient, Listener
from sla_service.operations import exposition, version
from sla_service.operations.exposition import PREFIX
from sla_service.settings import Settings
from sla_service.sla.sweep import Sweep, Swept
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.failures import Failure, FailureClass
from sla_service.whatsapp.values import Identity

_TURN = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
_SWEEP = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)
_BATCH = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)


class WorkerFigures:
    """What one worker counts, in a registry of its own."""

    def __init__(self, settings: Settings) -> None:
        registry = self.registry = exposition.registry(version.of(settings))

        def counter(name: str, meaning: str, *labels: str) -> Counter:
            return Counter(f"{PREFIX}_{name}", meaning, labels, registry=registry)

        def histogram(name: str, meaning: str, buckets: tuple[float, ...]) -> Histogram:
            return Histogram(f"{PREFIX}_{name}", meaning, buckets=buckets, registry=registry)

        self.turns = counter("turns", "Turns put to the bot", "outcome")
        self.turn_seconds = histogram("turn_seconds", "How long the bot took", _TURN)
        self.sends = counter("sends", "Messages handed to WhatsApp", "outcome")
        self.sweeps = histogram("sweep_seconds", "Time of sweeps that found something", _SWEEP)
        self.swept = counter("swept_tickets", "Tickets in which something became true")
        self.batches = histogram("inbox_batch_updates", "Updates taken in at once", _BATCH)
        for outcome in ("answered", "failed"):
            self.turns.labels(outcome)
        for outcome in ("accepted", *FailureClass):
            self.sends.labels(str(outcome))


class CountedBot(BotClient):
    """The bot's server; its turns are counted."""

    def __init__(self, settings: Settings, figures: WorkerFigures) -> None:
        super().__init__(settings.bot)
        self._figures = figures

    async def hear(self, who: Listener, heard: Heard) -> Answer:
        """As the client does. Raises BotFailed."""
        outcome = "failed"
        began = perf_counter()
        try:
            answer = await super().hear(who, heard)
            outcome = "answered"
        finally:
            self._figures.turns.labels(outcome).inc()
            self._figures.turn_seconds.observe(perf_counter() - began)
        return answer


class CountedGraph(GraphClient):
    """The Graph API; its sends are counted."""

    def __init__(self, settings: Settings, figures: WorkerFigures) -> None:
        super().__init__(settings.whatsapp)
        self._figures = figures

    async def send(
        self, phone_number_id: str, to: Identity, body: dict[str, Any], *, callback: str
    ) -> str:
        """As the client does. Raises Failure."""
        try:
            wamid = await super().send(phone_number_id, to, body, callback=callback)
        except Failure as failure:
            self._figures.sends.labels(failure.kind.value).inc()
            raise
        self._figures.sends.labels("accepted").inc()
        return wamid


@dataclass(frozen=True)
class CountedSweep(Sweep):
    """The sweep; what it found is counted."""

    figures: WorkerFigures

    async def once(self) -> Swept:
        """As the sweep does; one that found nothing is not worth a figure."""
        began = perf_counter()
        swept = await super().once()
        if swept.tickets:
            self.figures.sweeps.observe(perf_counter() - began)
            self.figures.swept.inc(swept.tickets)
        return swept


@dataclass(frozen=True)
class CountedIntake(Intake):
    """The intake; its batches are counted."""

    figures: WorkerFigures

    @classmethod
    def of(cls, one: Intake, figures: WorkerFigures) -> Self:
        """The same intake, counted."""
        return cls(one.database, one.settings, one.receiver, one.worker, figures)

    async def drain(self) -> int:
        """As the intake does."""
        taken = await super().drain()
        if taken:
            self.figures.batches.observe(taken)
        return taken

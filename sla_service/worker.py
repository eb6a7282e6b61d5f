"""The background process: takes what the webhook stored, and works conversations that are due."""

import asyncio
import gc
import secrets
import signal
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from sla_service import log
from sla_service.conversations import lanes, wording
from sla_service.conversations.lanes import Claim, Patience
from sla_service.conversations.media_fetching import Fetcher
from sla_service.conversations.recordings import WRITE_DOWN
from sla_service.database.sessions import Database
from sla_service.database.wake import Channel, listen
from sla_service.dialogue import keywords
from sla_service.dialogue.attending import Attendant
from sla_service.dialogue.ending import Ending
from sla_service.dialogue.intake import Intake
from sla_service.dialogue.noticing import Notice
from sla_service.dialogue.opting import OptingDesk
from sla_service.dialogue.rasa import BotClient
from sla_service.dialogue.receiving import Receiver
from sla_service.handoff import triggers
from sla_service.handoff.assigner import Assigner
from sla_service.handoff.escalation import Escalation
from sla_service.handoff.reception import Reception
from sla_service.handoff.returning import Returning
from sla_service.jobs import queue
from sla_service.jobs.runner import Runner
from sla_service.notify import sending
from sla_service.operations import worker_figures as counted
from sla_service.operations import worker_page
from sla_service.privacy.erasing import Erasing
from sla_service.privacy.fingerprints import Fingerprints
from sla_service.privacy.forgotten import Forgotten
from sla_service.privacy.requests import ERASE
from sla_service.privacy.retention import Retention
from sla_service.proactive.announcer import Announcer
from sla_service.proactive.scoring import PurchaseScores
from sla_service.settings import Settings
from sla_service.sla import applying, recording, rulebooks
from sla_service.sla.sweep import Sweep
from sla_service.tickets.rating_answers import RatingDesk
from sla_service.tickets.upkeep import Upkeep
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.template_list import TemplateList

_log = structlog.get_logger()
_LOOK_AGAIN = 1.0  # seconds between looks when nobody tells: a NOTIFY may be lost
_SWEEP_AGAIN = 0.25  # seconds between sweeps when no deadline is nearer
_SWEEP_AT_MOST = 0.01
_FORGET_AGAIN = 60.0
_HEARD = (Channel.INBOX, Channel.LANES, Channel.CLOCKS, Channel.QUEUE, Channel.ORDERS)


class Worker:
    """One background process; any number of them share the work."""

    def __init__(
        self, settings: Settings, database: Database, bot: BotClient, graph: GraphClient
    ) -> None:
        self._settings = settings
        self._database = database
        patience = Patience(settings.lanes.quiet, settings.lanes.quiet_at_most)
        self._name = secrets.token_hex(4)
        words = wording.load(settings.data_dir)
        reception = Reception(words, triggers.load(settings.data_dir))
        prints = Fingerprints.of(settings)
        receiver = _receiver(settings, patience, reception, prints)
        self.intake = Intake(database, settings.lanes, receiver, self._name)
        self.upkeep = Upkeep(database, settings, words)
        notice = Notice(words if settings.privacy.notice else None)
        ending = Ending(reception, settings.tickets, settings.handoff.low_confidence, notice)
        self.attendant = Attendant(database, settings, bot, graph, ending, patience)
        self.assigner = Assigner(database, settings.handoff)
        self.returning = Returning(database, settings.handoff, settings.tickets)
        self.fetcher = Fetcher(database, graph, settings)
        self.announcer = Announcer.of(database, settings, words)
        self.templates = TemplateList(database, graph, settings.whatsapp.account_id)
        self.retention = Retention(database, settings.privacy, self.fetcher.store)
        self.sweep = Sweep(database)
        self.jobs = Runner(
            database.url,
            {
                recording.HANDLE_EFFECTS: Escalation(database, reception).handle,
                applying.APPLY: partial(applying.go_on, database),
                ERASE: Erasing(database, self.fetcher.store, prints).handle,
                WRITE_DOWN: self.attendant.voices.write_down_for_people,
            },
        )
        self._told = {channel: asyncio.Event() for channel in _HEARD}
        self._attending: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; then finish what is under way and give the rest back."""
        forever = (
            self._take_inbox,
            self._work_lanes,
            self._sweep_clocks,
            self._keep_tickets,
            self._hand_out,
            self._send_back,
            self._fetch_files,
            self._notify,
            self._forget,
            self._announce,
            self._list_templates,
            self.jobs.run,
        )
        loops = [
            asyncio.create_task(self._listen()),
            *(asyncio.create_task(self._forever(once)) for once in forever),
        ]
        await stop.wait()
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        if self._attending:
            await asyncio.wait(self._attending, timeout=self._settings.bot.timeout.total_seconds())

    async def step(self) -> int:
        """Do everything that is due now, once, and wait for it; returns how much there was."""
        done = await self.intake.drain()
        claims, _ = await self._claim(self._settings.lanes.at_once)
        for claim in claims:
            await self.attendant.attend(claim)
        done += len(claims) + (await self.sweep.once()).tickets + await self.upkeep.once()
        handed = await self.assigner.once()
        done += handed.given + handed.ended + await self.returning.once()
        done += await self.fetcher.once() + await self.announcer.once()
        async with self._database.connection() as connection:
            if await queue.is_empty(connection):
                return done
        await self.jobs.drain()
        return done + 1

    async def _listen(self) -> None:
        async for channel, by in listen(self._database.url, *_HEARD):
            # What we took in ourselves we know already.
            if channel is not Channel.LANES or by != self._name:
                self._told[channel].set()

    async def _forever(self, once: Callable[[], Awaitable[None]]) -> None:
        """A loop that outlives its failures: PostgreSQL restarts, and work goes on."""
        while True:
            try:
                await once()
            except Exception as error:  # noqa: BLE001 - the edge: nothing may end the loop
                _log.error("worker_step_failed", step=once.__name__, error=type(error).__name__)
                await asyncio.sleep(_LOOK_AGAIN)

    async def _take_inbox(self) -> None:
        await _told(self._told[Channel.INBOX], _LOOK_AGAIN)
        if await self.intake.drain():
            self._told[Channel.LANES].set()

    async def _sweep_clocks(self) -> None:
        swept = await self.sweep.once()
        pause = _SWEEP_AGAIN if swept.next_in is None else min(swept.next_in, _SWEEP_AGAIN)
        await _told(self._told[Channel.CLOCKS], max(pause, _SWEEP_AT_MOST))

    async def _keep_tickets(self) -> None:
        if not await self.upkeep.once():
            await asyncio.sleep(_LOOK_AGAIN)

    async def _hand_out(self) -> None:
        handed = await self.assigner.once()
        await _told(self._told[Channel.QUEUE], _at_most(handed.expires_in))

    async def _send_back(self) -> None:
        if not await self.returning.once():
            await asyncio.sleep(_LOOK_AGAIN)

    async def _fetch_files(self) -> None:
        if not await self.fetcher.once():
            await asyncio.sleep(_LOOK_AGAIN)

    async def _forget(self) -> None:
        if not await self.retention.once():
            await asyncio.sleep(_FORGET_AGAIN)

    async def _notify(self) -> None:
        if not await sending.send_due(self._database, self._settings):
            await asyncio.sleep(_LOOK_AGAIN)

    async def _announce(self) -> None:
        if not await self.announcer.once():
            await _told(self._told[Channel.ORDERS], _LOOK_AGAIN)

    async def _list_templates(self) -> None:
        await self.templates.refresh_if_due()
        await asyncio.sleep(_LOOK_AGAIN)

    async def _work_lanes(self) -> None:
        free = self._settings.lanes.at_once - len(self._attending)
        claims, due_in = await self._claim(free) if free > 0 else ([], None)
        for claim in claims:
            task = asyncio.create_task(self._attend(claim))
            self._attending.add(task)
            task.add_done_callback(self._left)
        if not claims or len(claims) < free:
            await _told(self._told[Channel.LANES], _at_most(due_in))

    async def _claim(self, limit: int) -> tuple[list[Claim], float | None]:
        async with self._database.connection() as connection:
            return await lanes.claim(connection, limit=limit, lease=self._settings.lanes.lease)

    async def _attend(self, claim: Claim) -> None:
        try:
            due_at = await self.attendant.attend(claim)
            if due_at is not None:
                self._told[Channel.LANES].set()  # sooner, perhaps, than the loop expects
        except Exception as error:  # noqa: BLE001 - the edge: one conversation can't stop others
            _log.exception(
                "attending_failed", conversation=claim.conversation_id, error=type(error).__name__
            )
            await self._hand_back(claim)

    async def _hand_back(self, claim: Claim) -> None:
        """A connection was lost, most likely: the contact need not wait for the lease to end."""
        try:
            await self._database.renew()
            async with self._database.connection() as connection:
                await lanes.hand_back(connection, claim)
        except Exception as error:  # noqa: BLE001 - the edge: then the lease ends by itself
            _log.warning("not_handed_back", error=type(error).__name__)

    def _left(self, task: asyncio.Task[None]) -> None:
        if len(self._attending) >= self._settings.lanes.at_once:
            self._told[Channel.LANES].set()  # there is room again for what had to wait
        self._attending.discard(task)


def _receiver(
    settings: Settings, patience: Patience, reception: Reception, prints: Fingerprints
) -> Receiver:
    """What takes a message in, with all that hears it before the bot does."""
    words = reception.wording
    return Receiver(
        patience,
        settings.tickets,
        RatingDesk(settings.ratings, words),
        reception,
        OptingDesk(words, keywords.load(settings.data_dir)),
        Forgotten(prints),
        PurchaseScores(words),
    )


def _at_most(seconds: float | None) -> float:
    """How long to wait for what is due next, at most until the next look."""
    return _LOOK_AGAIN if seconds is None else min(max(seconds, 0.001), _LOOK_AGAIN)


async def _told(event: asyncio.Event, seconds: float) -> None:
    """Wait until told, or until `seconds` have passed."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
    finally:
        event.clear()


async def main() -> None:
    """Run until SIGTERM or SIGINT."""
    settings = Settings.read()
    log.configure(level=settings.log_level, as_json=settings.log_json)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = Database(settings.server_url(), pool_size=settings.database.pool_size)
    figures = counted.WorkerFigures(settings)
    bot = counted.CountedBot(settings, figures)
    graph = counted.CountedGraph(settings, figures)
    await rulebooks.at_first_start(database)
    gc.collect()
    gc.freeze()  # what lives for ever needs no looking through
    print("worker_ready", flush=True)  # noqa: T201 - whoever started us waits for it, at any log level
    worker = Worker(settings, database, bot, graph)
    worker.sweep = counted.CountedSweep(database, figures)
    worker.intake = counted.CountedIntake.of(worker.intake, figures)
    with worker_page.served(settings, figures.registry):
        await worker.run(stop)
    await asyncio.gather(bot.close(), graph.close(), worker.announcer.close())
    await database.close()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())

"""What each stage of a turn costs of a processor, with a bot that answers at once.

One shopper after the other, so that nothing is shared: the webhook's storing, the message's way
into its thread, the turn with its reply, and the news of that. By the processor's own account,
this process (web and worker in one, and what stands for Meta and the bot: a tenth of a millisecond
or two) and PostgreSQL's apart. Rasa's part is in bench.turn. Prints one JSON line.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil

from bench import webhooks
from bench.outside import Outside
from bench.servers import free_port
from sla_service.database import embedded, migrations
from sla_service.database.sessions import Database
from sla_service.dialogue.rasa import BotClient
from sla_service.sla import rulebooks
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.inbox import Inbox
from sla_service.worker import Worker

_WARM_UP = 50
_SHOPPERS = 50


def main() -> None:
    """Measure, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=int, default=1000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "postgres"
        url = embedded.ensure(root)
        try:
            migrations.upgrade(url)
            postmaster = int((root / "postmaster.pid").read_text().split()[0])
            found = asyncio.run(measure(url, psutil.Process(postmaster), chosen.turns))
            print(json.dumps(found))
        finally:
            embedded.stop(root)


async def measure(url: str, postmaster: psutil.Process, turns: int) -> dict[str, dict[str, float]]:
    """So many turns, stage by stage."""
    outside = Outside(free_port())
    await outside.start()
    settings = outside.settings(url)
    database = Database(url)
    await rulebooks.at_first_start(database)
    graph, bot = GraphClient(settings.whatsapp), BotClient(settings.bot)
    worker, inbox = Worker(settings, database, bot, graph), Inbox(url)
    inbox.start()
    stages = _Stages(worker, inbox, outside, postmaster)
    for number in range(turns + _WARM_UP):
        if number == _WARM_UP:
            stages.spent.clear()
        await stages.turn(number)
    await inbox.stop()
    await asyncio.gather(bot.close(), graph.close(), worker.announcer.close())
    await database.close()
    await outside.stop()
    return {
        name: {
            "cpu_ms": round((own + server) / turns * 1000, 3),
            "own_ms": round(own / turns * 1000, 3),
            "postgres_ms": round(server / turns * 1000, 3),
        }
        for name, (own, server) in stages.spent.items()
    }


class _Stages:
    def __init__(
        self, worker: Worker, inbox: Inbox, outside: Outside, postmaster: psutil.Process
    ) -> None:
        self._worker, self._inbox, self._outside = worker, inbox, outside
        self._postmaster = postmaster
        self.spent: dict[str, tuple[float, float]] = {}

    async def turn(self, number: int) -> None:
        """A shopper's message, from the webhook to the news of the reply."""
        wa_id = f"5511{920_000_000 + number % _SHOPPERS}"
        body = webhooks.message(wa_id, f"wamid.IN{number}", "cadê meu pedido?")
        sent = self._outside.sent
        await self._measured("stored", lambda: self._inbox.store(body))
        await self._measured("taken_in", self._worker.intake.drain)
        await self._measured("turn", self._attend)
        assert self._outside.sent == sent + 1, "no reply was sent"
        told = webhooks.statuses(wa_id, self._outside.last_wamid, "sent", "delivered", "read")
        await self._inbox.store(told)
        await self._measured("statuses", self._worker.intake.drain)

    async def _attend(self) -> None:
        claims, _ = await self._worker._claim(1)  # noqa: SLF001 - what its loop does
        for claim in claims:
            await self._worker.attendant.attend(claim)
        await asyncio.gather(*self._worker.attendant.courtesies)

    async def _measured(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        server, own = self._server(), time.process_time()
        await work()
        own = time.process_time() - own
        server = self._server() - server
        before = self.spent.get(name, (0.0, 0.0))
        self.spent[name] = before[0] + own, before[1] + server

    def _server(self) -> float:
        """Seconds of the processor that PostgreSQL has used."""
        return sum(map(_seconds, self._postmaster.children()))


def _seconds(process: psutil.Process) -> float:
    """By the scheduler's own account where there is one: psutil tells hundredths of a second."""
    try:
        told = Path(f"/proc/{process.pid}/schedstat").read_text("utf-8")
    except FileNotFoundError:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return float(times.user + times.system)
    return int(told.split()[0]) / 1e9


if __name__ == "__main__":
    main()

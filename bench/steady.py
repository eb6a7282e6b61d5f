"""A hundred messages a second past the bot, for as long as you like: does anything queue up?

Real processes on real PostgreSQL: web, worker, and a Graph API that takes everything. Contacts
write to conversations that people hold, react to what they were told, and their phones tell what
was delivered and read; agents answer through the API. The load comes at its own pace, whether the
desk keeps up or not. Lag is by the database's clock, from the webhook's storing to the commit that
puts the message into its thread. Prints one JSON line: the rate, lag near the start and at the
end, what waits, each process's memory and share of a processor.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop

from bench import held
from bench.desk import SECRET, DeskAlone, private_mb
from bench.held import Load
from bench.load import percentile
from bench.outside import Outside
from bench.servers import free_port
from bench.workers import seconds

_SAMPLE = 1.0
_WARM_UP = 5.0


def main() -> None:
    """Measure, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=120)
    options.add_argument("--rate", type=float, default=100, help="messages a second")
    options.add_argument("--workers", type=int, default=1)
    chosen = options.parse_args()
    print(json.dumps(uvloop.run(measure(chosen.seconds, chosen.rate, chosen.workers))))


async def measure(length: int, rate: float, workers: int) -> dict[str, Any]:
    """Start the desk, load it, watch it, and look at what it kept."""
    outside = Outside(free_port())
    await outside.start()
    with (
        tempfile.TemporaryDirectory() as folder,
        DeskAlone(Path(folder), outside.port, workers=workers) as desk,
    ):
        people = await held.prepare(desk.url)
        warm = Load(desk.web)
        await warm.run(
            time.perf_counter() + _WARM_UP, people.streams(desk.web, SECRET, rate, "warm")
        )
        await _settled(desk)
        load, began = Load(desk.web), time.perf_counter()
        since, used = desk.one("SELECT clock_timestamp()")[0], _used(desk)
        watched = asyncio.create_task(_watch(desk, began + length))
        await load.run(began + length, people.streams(desk.web, SECRET, rate, "wave"))
        spent = {name: after - used[name] for name, after in _used(desk).items()}
        samples = await watched
        end = await _settled(desk)
        found = _figures(desk, since, length, rate)
    await outside.stop()
    return {
        **found,
        "webhook_p50_ms": _told(load.lates, 0.5),
        "webhook_p99_ms": _told(load.lates, 0.99),
        "refused": load.refused,
        "waiting_p50": _told([one[0] for one in samples], 0.5),
        "waiting_most": max(one[0] for one in samples),
        "waiting_end": samples[-1][0],
        "seconds_until_empty": end,
        "cpu_percent": {name: round(of / length * 100, 1) for name, of in spent.items()},
        "mb_start": samples[0][1],
        "mb_end": samples[-1][1],
        "seconds": length,
        "workers": workers,
    }


def _told(times: list[float], share: float) -> float:
    return round(percentile(times, share), 2)


async def _watch(desk: DeskAlone, until: float) -> list[tuple[int, dict[str, float]]]:
    """What waits, and what each process holds, once a second."""
    samples = []
    while time.perf_counter() < until:
        samples.append(await asyncio.to_thread(_sample, desk))
        await asyncio.sleep(_SAMPLE)
    return samples


def _sample(desk: DeskAlone) -> tuple[int, dict[str, float]]:
    waiting = desk.one(_WAITING)[0]
    held_mb = {name: round(private_mb(one), 1) for name, one in desk.processes.items()}
    servers = sum(private_mb(one) for one in desk.postmaster.children())
    return waiting, held_mb | {"postgres": round(servers, 1)}


async def _settled(desk: DeskAlone) -> float:
    """Seconds until nothing waits any more."""
    began = time.perf_counter()
    for _ in range(600):
        if not desk.one(_WAITING)[0]:
            break
        await asyncio.sleep(0.05)
    return round(time.perf_counter() - began, 2)


def _used(desk: DeskAlone) -> dict[str, float]:
    used = {name: seconds(one) for name, one in desk.processes.items()}
    return used | {"postgres": sum(seconds(one) for one in desk.postmaster.children())}


def _figures(desk: DeskAlone, since: Any, length: int, rate: float) -> dict[str, Any]:
    """The rate and the lag of what is in the threads by now."""
    found = desk.database.execute(_LAGS, [since, since]).fetchall()
    early = [lag for lag, at in found if at < length * 0.2]
    late = [lag for lag, at in found if at >= length * 0.8]
    offered = round(length * rate)
    return {
        "messages_per_s": round(len(found) / length, 1),
        "offered_per_s": rate,
        "kept_up": round(len(found) / offered, 3),
        **{
            f"lag_p{round(share * 100)}_ms_{name}": _told(lags, share)
            for name, lags in (("start", early), ("end", late))
            for share in (0.5, 0.99)
        },
    }


_WAITING = """
SELECT (SELECT count(*) FROM whatsapp_updates WHERE state = 'waiting')
     + (SELECT count(*) FROM conversations WHERE due_at <= now())
"""

# A message's row is written by the transaction that takes it in, and by none after it.
_LAGS = """
SELECT extract(epoch FROM pg_xact_commit_timestamp(m.xmin) - d.received_at)::float8 * 1000,
       extract(epoch FROM d.received_at - %s)::float8
FROM whatsapp_deliveries d JOIN whatsapp_updates u ON u.delivery_id = d.id
JOIN messages m ON 'm:' || m.wamid = u.key
WHERE d.received_at >= %s AND u.kind = 'message' AND m.wamid LIKE 'wamid.wave%%'
"""


if __name__ == "__main__":
    main()

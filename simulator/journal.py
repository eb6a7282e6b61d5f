"""Keeps the world in a file: a restart shows the chats again and sends the webhooks owed."""

import asyncio
import logging
import time
from dataclasses import asdict
from pathlib import Path

import orjson

from simulator.media import MediaShelf, Medium
from simulator.shoppers import Shopper
from simulator.world import Delivery, Message, World

log = logging.getLogger("simulator.journal")

_PAUSE_SECONDS = 0.2
_QUICK_SECONDS = 0.02


class Journal:
    """Writes the whole world to one JSON file shortly after it changed, atomically."""

    def __init__(self, path: Path, world: World, shelf: MediaShelf) -> None:
        self._path = path
        self._world = world
        self._shelf = shelf
        self._dirty = asyncio.Event()
        self._took = 0.0
        world.touch = self._dirty.set
        world.keep = self._keep

    def load(self) -> bool:
        """Bring back what the last run left; False when there is nothing to bring back."""
        try:
            kept = orjson.loads(self._path.read_bytes())
        except FileNotFoundError:
            return False
        except ValueError:
            aside = self._path.with_suffix(".unreadable")
            self._path.rename(aside)
            log.warning("the state file is not JSON; it is kept as %s", aside.name)
            return False
        world = self._world
        for entry in kept["shoppers"]:
            world.adopt(Shopper(**entry))
        for entry in kept["messages"]:
            world.add(Message(**entry))
        for entry in kept["deliveries"]:
            world.deliveries[entry["id"]] = Delivery(**entry)
        world.record.extend(kept["record"])
        world.counters.update(kept["counters"])
        world.templates[:] = kept["templates"]
        for entry in kept["media"]:
            self._shelf.restore(Medium(**entry))
        log.info(
            "state restored: %d messages, %d webhooks still owed",
            len(kept["messages"]),
            len(kept["deliveries"]),
        )
        return True

    async def run(self) -> None:
        """Write after changes, never more often than the pause."""
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            self.save()
            # A large world is written less often, so that writing stays a small share.
            await asyncio.sleep(max(_PAUSE_SECONDS, 10 * self._took))

    def save(self) -> None:
        """Write now; a few milliseconds, in one piece with the state it writes."""
        begun = time.monotonic()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_bytes(self._snapshot())
        fresh.replace(self._path)
        self._took = time.monotonic() - begun

    def _keep(self) -> None:
        """Write what must outlive a kill at once, as long as that is quick."""
        if self._took < _QUICK_SECONDS:
            self.save()
        else:
            self._dirty.set()

    def _snapshot(self) -> bytes:
        world = self._world
        return orjson.dumps(
            {
                "shoppers": list(world.shoppers.values()),
                "messages": list(world.messages()),
                "deliveries": list(world.deliveries.values()),
                "record": list(world.record),
                "counters": world.counters,
                "templates": world.templates,
                "media": [asdict(medium) for medium in self._shelf.all()],
            }
        )

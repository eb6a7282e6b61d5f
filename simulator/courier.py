"""Posts webhooks to the desk, signed, again and again until it answers 200."""

import asyncio
import hashlib
import hmac
import logging
import random
import time
from collections.abc import Callable

import httpx2

from simulator import envelope
from simulator.faults import Faults
from simulator.settings import Settings
from simulator.world import Delivery, Json, World

log = logging.getLogger("simulator.webhooks")

_LOOK_AHEAD = 2000
# A desk that keeps answering 5xx to one update holds its shopper's later ones back this often.
_PATIENT_ATTEMPTS = 5


class Courier:
    """Keeps each lane in order, waits while the desk is down, and forgets nothing."""

    def __init__(
        self,
        settings: Settings,
        world: World,
        faults: Faults,
        client: httpx2.AsyncClient,
    ) -> None:
        self._settings = settings
        self._world = world
        self._faults = faults
        self._client = client
        self._wake = asyncio.Event()
        self._in_flight: set[int] = set()
        self._is_down = False
        self._pause = 0.0
        self._paused_until = 0.0
        self.on_delivered: Callable[[list[str]], None] = lambda _: None

    def owe(
        self,
        update: Json,
        *,
        lane: str,
        message: str | None = None,
        not_before: float | None = None,
    ) -> None:
        """Promise an update; it leaves as soon as its lane is free and its time has come."""
        now = self._world.now()
        self._enqueue(
            Delivery(
                id=self._world.next("delivery"),
                updates=[update],
                lanes=[lane],
                created_at=now,
                not_before=now if not_before is None else not_before,
                messages=[] if message is None else [message],
            )
        )

    async def post_raw(self, body: bytes, signature: str | None) -> tuple[int, str]:
        """Post bytes as they are, once, and return the status and text of the answer."""
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
        if signature is not None:
            headers["X-Hub-Signature-256"] = signature
        response = await self._client.post(
            self._settings.webhook_url, content=body, headers=headers
        )
        return response.status_code, response.text

    def signature(self, body: bytes) -> str:
        """Sign bytes as Meta does."""
        secret = self._settings.app_secret.get_secret_value().encode()
        return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()

    def wake(self) -> None:
        """Look again at what can leave, after something outside the queue changed."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as posts:
            while True:
                self._wake.clear()
                now = self._world.now()
                for delivery in self._ready(now):
                    self._in_flight.add(delivery.id)
                    posts.create_task(self._deliver(delivery))
                pause = self._until_next(now)
                try:
                    await asyncio.wait_for(self._wake.wait(), pause)
                except TimeoutError:
                    continue

    def _enqueue(self, delivery: Delivery) -> None:
        self._world.deliveries[delivery.id] = delivery
        self._world.touch()
        self._wake.set()

    def _ready(self, now: float) -> list[Delivery]:
        """Choose what can leave now, merged when webhooks are batched."""
        if self._faults.habits.is_paused or time.monotonic() < self._paused_until:
            return []
        free = self._settings.concurrent_deliveries - len(self._in_flight)
        # While the desk is down, one try at a time is enough to notice that it is back.
        free = min(free, 1 - len(self._in_flight)) if self._is_down else free
        if free <= 0:
            return []
        batch = self._faults.habits.batch
        chosen = self._unblocked(free * batch, now)
        if batch == 1:
            return chosen
        oldest = min((one.created_at for one in chosen), default=now)
        waits_for_more = now - oldest < self._settings.batch_linger_seconds
        if sum(len(one.updates) for one in chosen) < batch and waits_for_more:
            return []
        return self._merged(chosen, batch)[:free]

    def _unblocked(self, wanted: int, now: float) -> list[Delivery]:
        may_share = self._faults.habits.batch > 1
        blocked: set[str] = set()
        chosen: list[Delivery] = []
        for seen, delivery in enumerate(self._world.deliveries.values()):
            if len(chosen) >= wanted or seen > _LOOK_AHEAD:
                break
            if delivery.id in self._in_flight or not blocked.isdisjoint(delivery.lanes):
                blocked.update(delivery.lanes)
            elif delivery.not_before > now:
                if 0 < delivery.attempts <= _PATIENT_ATTEMPTS:
                    blocked.update(delivery.lanes)
            else:
                chosen.append(delivery)
                if not may_share:
                    blocked.update(delivery.lanes)
        return chosen

    def _merged(self, chosen: list[Delivery], batch: int) -> list[Delivery]:
        """Let several travel as one, the first of them."""
        groups: list[Delivery] = []
        for one in chosen:
            first = groups[-1] if groups else None
            if first is None or len(first.updates) + len(one.updates) > batch:
                groups.append(one)
                continue
            first.updates = first.updates + one.updates
            first.lanes = sorted({*first.lanes, *one.lanes})
            first.messages = first.messages + one.messages
            del self._world.deliveries[one.id]
        return groups

    def _until_next(self, now: float) -> float | None:
        """Seconds until something waiting may leave; None when only a call can change that."""
        if self._faults.habits.is_paused:
            return None
        rest = self._paused_until - time.monotonic()
        if rest > 0:
            return rest
        idle = [d for d in self._world.deliveries.values() if d.id not in self._in_flight]
        if not idle:
            return None
        waits = [d.not_before - now for d in idle if d.not_before > now]
        if self._faults.habits.batch > 1:
            waits.append(self._settings.batch_linger_seconds)
        # The clock on the wall may be set: look again after a second at most.
        return min([*waits, 1.0])

    async def _deliver(self, delivery: Delivery) -> None:
        habits = self._faults.habits
        escape = (
            self._settings.escape_unicode
            if habits.escape_unicode is None
            else habits.escape_unicode
        )
        body = envelope.encoded(envelope.payload(delivery.updates), escape=escape)
        try:
            status, _ = await self.post_raw(body, self.signature(body))
        except httpx2.RequestError as error:
            self._unanswered(delivery, error)
        else:
            self._answered(delivery, status)
        finally:
            self._in_flight.discard(delivery.id)
            self._world.touch()
            self._wake.set()

    def _unanswered(self, delivery: Delivery, error: httpx2.RequestError) -> None:
        delivery.attempts += 1
        first, longest = self._settings.retry_first_seconds, self._settings.retry_longest_seconds
        self._pause = min(longest, self._pause * 2 or first)
        self._paused_until = time.monotonic() + self._pause
        if not self._is_down:
            log.warning(
                "the desk does not answer (%s); webhooks wait and are tried again",
                type(error).__name__,
            )
        self._is_down = True

    def _answered(self, delivery: Delivery, status: int) -> None:
        if self._is_down:
            log.info("the desk answers again; %d webhooks to go", len(self._world.deliveries))
        self._is_down = False
        self._pause = self._paused_until = 0.0
        delivery.attempts += 1
        if status != 200:
            pause = self._settings.retry_first_seconds * 2.0 ** min(delivery.attempts - 1, 20)
            pause = min(self._settings.retry_longest_seconds, pause)
            delivery.not_before = self._world.now() + pause
            log.warning(
                "webhook %d was answered %d (attempt %d); next try in %.1f s",
                delivery.id,
                status,
                delivery.attempts,
                pause,
            )
            return
        if self._world.deliveries.pop(delivery.id, None) is None:
            return
        self.on_delivered(delivery.messages)
        if not delivery.is_copy:
            self._copy(delivery)

    def _copy(self, delivery: Delivery) -> None:
        for number in range(self._faults.habits.duplicate):
            now = self._world.now()
            wait = random.uniform(0, 0.2) * number  # noqa: S311
            self._enqueue(
                Delivery(
                    id=self._world.next("delivery"),
                    updates=delivery.updates,
                    lanes=[f"copy {delivery.id} {number}"],
                    created_at=now,
                    not_before=now + wait,
                    is_copy=True,
                )
            )

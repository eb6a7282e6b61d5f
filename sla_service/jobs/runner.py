"""Runs what was deferred, and takes up again what a dead worker left."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.jobs import DeleteJobCondition, Job
from procrastinate.manager import JobManager

from sla_service import clock

_log = structlog.get_logger()
Handler = Callable[..., Awaitable[None]]
"""Does one job; gets its payload as keyword arguments, and may be called again for the same."""
_RETRY = RetryStrategy(max_attempts=12, exponential_wait=3)
_RESCUE_EVERY = 15.0  # seconds
_SIGN_OF_LIFE = 5.0
_DEAD_AFTER = 20.0


class Runner:
    """Runs handlers by the name of their task. Any number of workers may run one each."""

    def __init__(self, url: str, handlers: Mapping[str, Handler], *, at_once: int = 4) -> None:
        self._url = url
        self._handlers = handlers
        self._at_once = at_once

    async def run(self) -> None:
        """Until cancelled. Raises what the database raises."""
        async with self._app().open_async() as app:
            rescue = asyncio.create_task(self._rescue(app), name="job_rescue")
            try:
                await self._work(app, wait=True)
            finally:
                rescue.cancel()

    async def drain(self) -> None:
        """Run what is due now, and come back."""
        async with self._app().open_async() as app:
            await self._work(app, wait=False)

    def _app(self) -> App:
        connector = PsycopgConnector(conninfo=self._url, min_size=1, max_size=self._at_once + 2)
        app = App(connector=connector)
        app.job_manager = _Jobs(connector)
        for name, handler in self._handlers.items():
            app.task(name=name, retry=_RETRY)(_named(name, handler))
        return app

    async def _work(self, app: App, *, wait: bool) -> None:
        await app.run_worker_async(
            wait=wait,
            concurrency=self._at_once,
            install_signal_handlers=False,
            listen_notify=wait,
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=_SIGN_OF_LIFE,
            stalled_worker_timeout=_DEAD_AFTER,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
        )

    async def _rescue(self, app: App) -> None:
        """A job whose worker gives no sign of life is put back into the queue."""
        while True:
            await asyncio.sleep(_RESCUE_EVERY)
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER):
                _log.warning("job_taken_up_again", job=job.id, task=job.task_name)
                await app.job_manager.retry_job(job)


class _Jobs(JobManager):
    """Reckons by the database's clock when a job is tried again: that of a worker may be wrong."""

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Put it back, for as long from now as `retry_at` is by the clock of this process."""
        await self.connector.execute_query_async(
            query=_PUT_BACK,
            job=job.id,
            seconds=(retry_at - clock.now()).total_seconds() if retry_at else 0.0,
            priority=priority,
            queue=queue,
            lock=lock,
        )


def _named(name: str, handler: Handler) -> Handler:
    async def run(**payload: Any) -> None:
        try:
            await handler(**payload)
        except Exception as error:
            _log.warning("job_failed", task=name, error=type(error).__name__)
            raise

    return run


_PUT_BACK = """
SELECT procrastinate_retry_job_v2(
  %(job)s, now() + make_interval(secs => %(seconds)s), %(priority)s, %(queue)s, %(lock)s
)
"""

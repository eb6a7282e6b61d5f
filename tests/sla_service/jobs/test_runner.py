"""A job that failed is tried again in time, whatever clock the worker has."""

from datetime import timedelta

import pytest
import time_machine

from sla_service import clock
from sla_service.database.sessions import Database, rows
from sla_service.jobs import queue
from sla_service.jobs.runner import Runner


@pytest.mark.parametrize("hours_ahead", [2, -2])
async def test_a_failed_job_waits_by_the_clock_of_the_database(
    database: Database, hours_ahead: int
) -> None:
    tried = []

    async def fail(number: int) -> None:
        tried.append(number)
        raise RuntimeError

    async with database.step() as connection:
        await queue.defer(connection, "fail", [{"number": 7}])
    with time_machine.travel(clock.now() + timedelta(hours=hours_ahead), tick=True):
        await Runner(database.url, {"fail": fail}).drain()
    async with database.step() as connection:
        (job,) = await rows(connection, _WAITS)
    assert (tried, job.status, job.attempts) == ([7], "todo", 1)
    assert timedelta(0) < job.wait < timedelta(minutes=1)


_WAITS = "SELECT status, attempts, scheduled_at - now() AS wait FROM procrastinate_jobs"

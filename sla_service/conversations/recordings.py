"""Recordings that people are to read, where somebody can write down what was said."""

from collections.abc import Sequence

from sla_service.database.sessions import Connection
from sla_service.jobs import queue

WRITE_DOWN = "write_down_recording"
"""The job for one of them: `message`."""


async def owe_words(connection: Connection, messages: Sequence[int]) -> None:
    """Have these written down after the caller's commit; the bot is not woken by it."""
    await queue.defer(connection, WRITE_DOWN, [{"message": one} for one in messages])

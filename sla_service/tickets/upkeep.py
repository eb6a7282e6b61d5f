"""What becomes of tickets by itself: the bot's are settled, people reminded, contacts asked."""

from dataclasses import dataclass

from sla_service.conversations.wording import Wording
from sla_service.database.sessions import Database
from sla_service.settings import Settings
from sla_service.tickets import action_items, lifecycle, ratings


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Any number of workers may do it at once."""

    database: Database
    settings: Settings
    wording: Wording

    async def once(self) -> int:
        """Do what is due, each kind in a transaction of its own; returns how much there was."""
        async with self.database.step() as connection:
            done = await lifecycle.settle(connection)
        async with self.database.step() as connection:
            done += await action_items.remind_due(connection)
        async with self.database.step() as connection:
            done += await ratings.ask_due(
                connection,
                self.settings.ratings,
                window=self.settings.whatsapp.window,
                wording=self.wording,
            )
        return done

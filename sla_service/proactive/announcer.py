"""What a worker does about the shop's orders: takes what was told, and tells what is due."""

from dataclasses import dataclass

from order_system.rest import RestOrderSystem
from sla_service.conversations.wording import Wording
from sla_service.database.sessions import Database
from sla_service.proactive import plan
from sla_service.proactive.checking import Checking
from sla_service.proactive.taking import Taking
from sla_service.proactive.telling import Telling
from sla_service.settings import Settings


@dataclass(frozen=True, slots=True)
class Announcer:
    """Any number of workers may have one."""

    taking: Taking
    checking: Checking
    telling: Telling

    @classmethod
    def of(cls, database: Database, settings: Settings, wording: Wording) -> "Announcer":
        """One that follows the shop's plan. Raises PlanUnreadable."""
        planned = plan.load(settings.order_events.plan)
        shop = settings.order_system
        orders = RestOrderSystem(shop.url, shop.token.get_secret_value()) if shop.url else None
        return cls(
            Taking(database, settings.order_events, planned),
            Checking(database, orders),
            Telling(database, settings, planned, wording),
        )

    async def once(self) -> int:
        """Do what is due; returns how much there was."""
        done = await self.taking.once() + await self.checking.once()
        return done + await self.telling.once()

    async def close(self) -> None:
        """Give the connections to the shop back."""
        if self.checking.orders is not None:
            await self.checking.orders.aclose()

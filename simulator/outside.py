"""Everything a route of the simulator may ask for, in one place."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from simulator.courier import Courier
from simulator.faults import Faults
from simulator.media import MediaShelf
from simulator.settings import Settings
from simulator.shoppers import Shopper
from simulator.world import Json, World


@dataclass(frozen=True)
class Outside:
    """The world, the ways to change it and the ways to tell of it."""

    settings: Settings
    world: World
    faults: Faults
    shelf: MediaShelf
    courier: Courier
    client: httpx2.AsyncClient
    now: Callable[[], float]

    def value(self) -> Json:
        """Begin the value of a change on the `messages` field."""
        return {
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": self.settings.display_phone_number,
                "phone_number_id": self.settings.phone_number_id,
            },
        }

    def contact(self, shopper: Shopper, *, with_username: bool = True) -> Json:
        """Introduce a shopper; those known only by BSUID have no `wa_id`."""
        profile = {"name": shopper.name}
        if shopper.username is not None and with_username:
            profile["username"] = shopper.username
        contact: Json = {"profile": profile}
        if shopper.wa_id is not None:
            contact["wa_id"] = shopper.wa_id
        contact["user_id"] = shopper.user_id
        return contact

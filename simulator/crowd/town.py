"""Where a crowd lives: the phones and the shop of the simulator, and the desk's own API."""

import asyncio
import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2

from simulator import pictures
from simulator.crowd.acting import Act, Photo, Press
from simulator.crowd.fitting import Plan
from simulator.crowd.truth import Truth
from simulator.shop_policies import rules
from simulator.world import Json

_LOOK = 0.2  # seconds between two looks at a phone
_QUIET = 0.9  # seconds after a message in which another of the same turn would have come


class TownTrouble(Exception):
    """The simulator or the desk doesn't answer as it should."""


@dataclass
class Address:
    """Where the desk under test is: the simulator, its shop's token, and a way into the console."""

    simulator: str
    order_token: str
    way_in: str


class Town:
    """The clients that a crowd needs."""

    def __init__(self, address: Address) -> None:
        self._phone = httpx2.AsyncClient(
            base_url=address.simulator, timeout=60, trust_env=False, limits=_LIMITS
        )
        self._token = {"Authorization": f"Bearer {address.order_token}"}
        page = "://".join(urlsplit(address.way_in)[:2])
        self._desk = httpx2.AsyncClient(
            base_url=page,
            headers={"Origin": page},
            timeout=60,
            trust_env=False,
            follow_redirects=True,
        )
        self._way_in = address.way_in

    async def enter(self) -> None:
        """Sign in at the desk."""
        (await self._desk.get(self._way_in)).raise_for_status()

    async def close(self) -> None:
        """Give the connections back."""
        await self._phone.aclose()
        await self._desk.aclose()

    async def taken(self) -> set[str]:
        """The numbers that somebody has already."""
        state = await self._json("/phone/api/state")
        return {str(one["number"]) for one in state["shoppers"]}

    async def welcome(self, plan: Plan) -> str:
        """Give the shopper a phone; returns its key."""
        who = {"name": plan.name, "number": plan.number, "language": plan.language}
        answer = await self._phone.post("/phone/api/shoppers", json=who)
        if answer.status_code >= 400:
            raise TownTrouble(f"{plan.number}: {answer.text}")
        return str(answer.json()["key"])

    async def sell(self, plan: Plan) -> Json | None:
        """Make the order that fits; returns its page."""
        wanted = plan.order()
        if wanted is None:
            return None
        answer = await self._phone.post("/shop/control/orders", json=wanted)
        if answer.status_code >= 400:
            raise TownTrouble(f"no order for {plan.wish.goal}: {answer.text}")
        page: Json = answer.json()
        return page

    async def page(self, number: str) -> Json:
        """Everything the shop knows of an order."""
        return await self._json(f"/shop/control/orders/{number}")

    async def do(self, key: str, act: Act) -> None:
        """Write, press or send."""
        body: Json = {"shopper": key}
        if isinstance(act, Press):
            body |= {"message": act.of.press(act.choice), "reply_to": act.of.id}
        elif isinstance(act, Photo):
            data = base64.b64encode(pictures.photo("shoe")).decode()
            body["media"] = {"mime_type": "image/png", "data": data, "filename": "photo.png"}
        else:
            body["text"] = act.text
        answer = await self._phone.post("/control/inbound", json=body)
        if answer.status_code >= 400:
            raise TownTrouble(answer.text)

    async def told(self, key: str, known: int, patience: float) -> list[Json]:
        """What the desk has said beyond the `known` messages, once it has come to an end."""
        clock = asyncio.get_running_loop().time
        end = clock() + patience
        news: list[Json] = []
        since = clock()
        while clock() < end:
            chat = (await self._json(f"/phone/api/chats/{key}"))["messages"]
            latest = [one for one in chat if one["author"] == "business"][known:]
            if len(latest) != len(news):
                news, since = latest, clock()
            elif news and clock() - since >= _QUIET:
                return news
            await asyncio.sleep(_LOOK)
        return news

    async def conversation(self, plan: Plan) -> tuple[Json | None, Json | None]:
        """The desk's conversation with the shopper, and how it was handed to people."""
        found = await self._desk.get("/api/conversations", params={"q": plan.number, "limit": 5})
        items = found.raise_for_status().json()["items"]
        ours = next((one for one in items if one["contact"]["phone"] == plan.number), None)
        if ours is None or ours["owner"] == "bot":
            return ours, None
        path = f"/api/conversations/{ours['id']}"
        answer = await self._desk.get(f"{path}/handoff")
        if answer.status_code != 200:
            return ours, None
        beside = await self._desk.get(f"{path}/orders")
        shown = beside.json()["items"] if beside.status_code == 200 else []
        return ours | {"orders": shown}, answer.json()

    async def truth(self) -> Truth:
        """What the shop knows, whoever asks."""
        truth = Truth()
        truth.learn_catalogue()
        codes = [rule.code for rule in rules().promos]
        truth.learn_promos([await self._shop(f"/promos/{code}") for code in codes])
        truth.learn_stores(await self._shop("/stores"))
        truth.learn(await self._shop("/policies"))
        return truth

    async def learn(self, truth: Truth, page: Json | None) -> None:
        """Add what the shop knows of an order now."""
        if page is None:
            return
        truth.learn_order(page)
        number = quote(str(page["number"]))
        for path in ("return-options", "payments", "returns"):
            truth.learn(await self._shop(f"/orders/{number}/{path}"))

    async def learn_stock(self, truth: Truth, skus: set[str]) -> None:
        """Add what there is of these products."""
        for sku in sorted(skus):
            truth.learn_stock(await self._shop(f"/products/{quote(sku)}/availability"))

    async def _shop(self, path: str) -> Any:
        answer = await self._phone.get(f"/shop/api{path}", headers=self._token)
        if answer.status_code >= 400:
            raise TownTrouble(f"{path}: {answer.text}")
        return answer.json()

    async def _json(self, path: str) -> Json:
        answer = await self._phone.get(path)
        if answer.status_code >= 400:
            raise TownTrouble(f"{path}: {answer.text}")
        found: Json = answer.json()
        return found


_LIMITS = httpx2.Limits(max_connections=40)
